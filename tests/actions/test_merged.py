"""Two callers' tickets are merged: each goes on hearing of her own report alone."""

from collections.abc import Callable
from typing import Any

import pytest

from hotline.staff import Role, Scope, Staff
from hotline.tickets import State, Ticket
from store import db, staff, ticket_links, tickets

SITI_TELLS = "mau lapor paspor saya ditahan majikan di Johor dan gaji dipotong terus"
BUDI_TELLS = "mau lapor adik saya disekap di Riyadh sama agen PT Banu Nusa Kelana"


@pytest.fixture
def ani(desk: Any) -> Staff:
    """Give somebody who may merge."""
    with db.write(desk.vault.engine) as connection:
        staff.invite(
            connection, login="ani", name="Ani", role=Role.SUPERVISOR, scope=Scope(), unit="",
            now=desk.now(),
        )  # fmt: skip
        [(person, _, _)] = staff.everybody(connection)
    return person


def tells(caller: Any, story: str) -> Any:
    """Let somebody report and stop the questions."""
    caller.writes(story, intent="report_trafficking")
    told = caller.values("utter_report_start")
    caller.code, caller.key = told["code"], told["key"]
    caller.own_id = caller.ticket().id
    caller.writes("batal", intent="start_over")
    return caller


@pytest.fixture
def pair(siti: Any, phone: Callable[..., Any], clock: Any) -> tuple[Any, Any]:
    """Give Siti, and Budi who reported a little later."""
    tells(siti, SITI_TELLS)
    clock.pass_seconds(60)
    return siti, tells(phone("budi", "whatsapp"), BUDI_TELLS)


def merge(desk: Any, source: Any, target: Any, by: Staff) -> int:
    """Let the target speak for the source; gives the tie's number."""
    with db.write(desk.vault.engine) as connection:
        ticket_links.merge(connection, source.own_id, target.own_id, by=by, now=desk.now())
        return ticket_links.links_of(connection, source.own_id, by)[0].id


def stored(desk: Any, id_: int) -> Ticket:
    """Read a ticket as responders do."""
    with db.read(desk.vault.engine) as connection:
        found = tickets.all_tickets(connection, desk.vault.keyring)
    return next(one for one in found if one.id == id_)


def test_who_was_merged_hears_of_her_own_report_only(
    pair: tuple[Any, Any], desk: Any, ani: Staff
) -> None:
    """Her code, her fields, and one sentence; the other's code, state and place stay unknown."""
    siti, budi = pair
    with db.write(desk.vault.engine) as connection:
        tickets.add_fact(
            connection, desk.vault.keyring, siti.own_id, "last_contact", "kemarin",
            said_by="caller", message_id=siti.message_id, now=desk.now(),
        )  # fmt: skip
    before = stored(desk, budi.own_id)
    merge(desk, budi, siti, ani)
    assert budi.writes("laporan saya gimana", intent="ticket_status") == ["utter_status"]
    told = budi.values("utter_status")
    assert told["code"] == budi.code
    assert told["state"] == "sudah digabung, sedang dikerjakan petugas."
    assert "kabar terakhir" not in told["known"], "only the other caller has told this"
    [shown] = budi.shown()
    assert siti.code not in shown
    assert budi.ticket().facts == before.facts
    siti.writes("laporan saya gimana", intent="ticket_status")
    assert siti.values("utter_status")["code"] == siti.code
    assert siti.values("utter_status")["state"] != told["state"]
    assert budi.code not in siti.shown()[0]


def test_what_she_adds_is_read_where_somebody_works_on_it(
    pair: tuple[Any, Any], desk: Any, ani: Staff
) -> None:
    """It stands on the ticket that speaks for hers, and she is told her own code."""
    siti, budi = pair
    merge(desk, budi, siti, ani)
    said = budi.writes("mau nambah, dia tadi malam dipindah ke rumah lain", intent="add_to_report")
    assert said == ["utter_added"]
    assert budi.values("utter_added")["code"] == budi.code
    assert "dipindah ke rumah lain" in stored(desk, siti.own_id).known()["addition"]
    budi.writes("laporan saya gimana", intent="ticket_status")
    assert "dipindah ke rumah lain" in budi.ticket().known()["addition"]
    assert "Johor" not in str(budi.ticket().facts)


def test_another_report_of_hers_gives_no_key_to_the_other_ticket(
    pair: tuple[Any, Any], desk: Any, ani: Staff
) -> None:
    """Whoever reports again in a merged conversation hears her own code once more, or none."""
    siti, budi = pair
    merge(desk, budi, siti, ani)
    budi.writes(
        "mau lapor lagi agennya ancam keluarga saya di kampung", intent="report_trafficking"
    )
    for reply in budi.said:
        assert reply.get("code", budi.code) == budi.code
        assert reply.get("key", budi.key) == budi.key
        assert siti.code not in str(reply)


def test_the_others_code_opens_nothing_without_its_key(
    pair: tuple[Any, Any], desk: Any, ani: Staff
) -> None:
    """Also in a conversation that belongs to the target now; with the key it is hers to know."""
    siti, budi = pair
    merge(desk, budi, siti, ani)
    assert budi.writes(f"status {siti.code}", intent="ticket_status") == ["utter_ask_key"]
    assert budi.writes(f"{siti.code} {budi.key}") == ["utter_code_wrong"]
    budi.writes("batal", intent="deny")
    assert budi.writes(f"status {budi.code}", intent="ticket_status") == ["utter_status"]


def test_from_another_phone_her_code_and_key_tell_the_same(
    pair: tuple[Any, Any], desk: Any, ani: Staff, phone: Callable[..., Any]
) -> None:
    """What is added there reaches the target too; afterwards that phone knows no more."""
    siti, budi = pair
    tie = merge(desk, budi, siti, ani)
    borrowed = phone("pinjaman", "sms")
    text = f"status {budi.code} {budi.key}"
    assert borrowed.writes(text, intent="ticket_status") == ["utter_status"]
    assert borrowed.values("utter_status")["code"] == budi.code
    assert borrowed.values("utter_status")["state"].startswith("sudah digabung")
    text = f"mau nambah {budi.code} {budi.key}"
    assert borrowed.writes(text, intent="add_to_report") == ["utter_ask_addition"]
    assert borrowed.writes("dia sakit dan tidak diberi obat") == ["utter_added"]
    assert "tidak diberi obat" in stored(desk, siti.own_id).known()["addition"]
    with db.write(desk.vault.engine) as connection:
        ticket_links.unmerge(connection, siti.own_id, tie, by=ani, now=desk.now())
    borrowed.writes("laporan gimana", intent="ticket_status")
    assert siti.code not in str(borrowed.said)


def test_when_the_target_is_over_she_hears_that_and_no_more(
    pair: tuple[Any, Any], desk: Any, ani: Staff
) -> None:
    """That somebody still works on it would be untrue."""
    siti, budi = pair
    merge(desk, budi, siti, ani)
    with db.write(desk.vault.engine) as connection:
        tickets.move(connection, siti.own_id, State.UNFOUNDED, actor="ani", now=desk.now())
    text = f"status {budi.code} {budi.key}"
    assert budi.writes(text, intent="ticket_status") == ["utter_status"]
    assert budi.values("utter_status")["state"] == "sudah ditutup dengan catatan hasil."


def test_after_the_parting_each_has_her_own_ticket_again(
    pair: tuple[Any, Any], desk: Any, ani: Staff
) -> None:
    """Her report is told with its own state."""
    siti, budi = pair
    tie = merge(desk, budi, siti, ani)
    with db.write(desk.vault.engine) as connection:
        ticket_links.unmerge(connection, budi.own_id, tie, by=ani, now=desk.now())
    budi.writes("laporan saya gimana", intent="ticket_status")
    assert budi.values("utter_status")["state"] == "sudah dibaca petugas."
    assert budi.ticket().id == budi.own_id


def test_a_caller_with_both_tickets_hears_of_the_one_that_speaks_for_both(
    siti: Any, desk: Any, ani: Staff, clock: Any
) -> None:
    """Nothing is hidden from her: both are hers."""
    tells(siti, SITI_TELLS)
    first = siti.own_id, siti.code
    with db.write(desk.vault.engine) as connection:
        tickets.move(connection, siti.own_id, State.TRIAGED, actor="ani", now=desk.now())
        tickets.move(connection, siti.own_id, State.WITHDRAWN, actor="ani", now=desk.now())
    clock.pass_seconds(3600)
    tells(siti, "mau lapor gaji saya ditahan lagi tiga bulan sama majikan")
    assert siti.own_id != first[0]
    with db.write(desk.vault.engine) as connection:
        tickets.move(connection, first[0], State.TRIAGED, actor="ani", now=desk.now())
        ticket_links.merge(connection, first[0], siti.own_id, by=ani, now=desk.now())
    siti.writes("laporan saya gimana", intent="ticket_status")
    assert siti.values("utter_status")["code"] == siti.code
    assert siti.values("utter_status")["state"] == "sudah diterima, belum dibaca petugas."
