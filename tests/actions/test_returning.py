"""Coming back to a ticket: its status, more to tell, and a wish to take it back."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from hotline.tickets import State, Ticket
from store import db, tables, tickets

STORY = "mau lapor paspor saya ditahan majikan dan gaji dipotong terus"


@pytest.fixture
def reported(siti: Any, clock: Any) -> Any:
    """Give Siti with a ticket, her questions stopped, some time later."""
    siti.writes(STORY, intent="report_trafficking")
    siti.key = siti.values("utter_report_start")["key"]
    siti.code = siti.ticket().code
    siti.writes("batal", intent="start_over")
    clock.pass_seconds(3600)
    return siti


@pytest.fixture
def other_phone(phone: Callable[..., Any], reported: Any) -> Any:
    """Give a conversation on a borrowed telephone, opened after the report."""
    return phone("pinjaman", "sms")


def stored(desk: Any, code: str) -> Ticket:
    """Read a ticket whatever its state."""
    with db.read(desk.vault.engine) as connection:
        [found] = tickets.all_tickets(connection, desk.vault.keyring, code=code)
    return found


def test_the_status_is_told_without_a_code_in_the_same_conversation(reported: Any) -> None:
    """Siti need not remember anything on her own telephone."""
    assert reported.writes("laporan saya gimana", intent="ticket_status") == ["utter_status"]
    told = reported.values("utter_status")
    assert told["code"] == reported.code
    assert "cerita" in told["known"]


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_words_for_the_caller(
    reported: Any, other_phone: Any, desk: Any, state: State
) -> None:
    """Whatever became of the ticket, code and key tell it, in words and not in a name."""
    with db.write(desk.vault.engine) as connection:
        connection.execute(sa.update(tables.tickets).values(state=state.value))
    text = f"status {reported.code} {reported.key}"
    assert other_phone.writes(text, intent="ticket_status") == ["utter_status"]
    [shown] = other_phone.shown()
    assert "utter_" not in shown
    assert len(other_phone.values("utter_status")["state"].split()) > 2


def test_the_status_promises_no_date(reported: Any) -> None:
    """The caller is told that nobody can say when."""
    reported.writes("kapan selesai laporan saya", intent="ticket_status")
    assert "tidak bisa memastikan" in reported.shown()[0]


def test_without_a_ticket_the_caller_is_asked_for_a_code(siti: Any) -> None:
    """A conversation that never reported hears so, and may give a code."""
    assert siti.writes("cek laporan", intent="ticket_status") == ["utter_ticket_none"]
    assert siti.state.asked == "code"


def test_code_and_key_from_another_telephone_join_the_ticket(
    reported: Any, other_phone: Any
) -> None:
    """Step by step: code, then key; from then on the ticket is known there too."""
    said = other_phone.writes(f"mau tanya laporan {reported.code}", intent="ticket_status")
    assert said == ["utter_ask_key"]
    assert other_phone.writes(reported.key.replace(" ", "")) == ["utter_status"]
    assert other_phone.ticket().code == reported.code


def test_a_sloppy_code_is_understood(reported: Any, other_phone: Any) -> None:
    """Lower case and no hyphens, as one types on an old telephone."""
    sloppy = reported.code.replace("-", "").lower()
    said = other_phone.writes(f"{sloppy} {reported.key}", intent="ticket_status")
    assert said == ["utter_status"]


def test_a_wrong_key_opens_nothing(reported: Any, other_phone: Any) -> None:
    """The code alone is on many screens; without its key it tells nothing."""
    said = other_phone.writes(f"{reported.code} 0000 0000", intent="ticket_status")
    assert said == ["utter_code_wrong"]
    assert other_phone.ticket() is None
    assert reported.code not in other_phone.shown()[0]


def test_an_unknown_code_sounds_like_a_wrong_key(other_phone: Any) -> None:
    """Nobody learns by trying which codes exist."""
    from hotline.codes import new_code

    said = other_phone.writes(f"{new_code()} 1234 5678", intent="ticket_status")
    assert said == ["utter_code_wrong"]


def test_wrong_keys_are_limited_and_the_right_one_waits_too(
    reported: Any, other_phone: Any, clock: Any
) -> None:
    """After five wrong keys the door stays shut for an hour, then opens."""
    for number in range(5):
        other_phone.state = None
        said = other_phone.writes(f"{reported.code} 0000 000{number}", intent="ticket_status")
        assert said == ["utter_code_wrong"]
    other_phone.state = None
    right = f"{reported.code} {reported.key}"
    assert other_phone.writes(right, intent="ticket_status") == ["utter_code_too_often"]
    assert other_phone.state is None
    clock.pass_seconds(3700)
    assert other_phone.writes(right, intent="ticket_status") == ["utter_status"]


def test_not_having_the_code_ends_the_question(other_phone: Any) -> None:
    """The caller is not held at a question she cannot answer."""
    other_phone.writes("cek laporan", intent="ticket_status")
    assert other_phone.writes("tidak ingat") == ["utter_cancelled"]
    assert other_phone.state is None


def test_more_to_tell_is_added_at_once(reported: Any) -> None:
    """A whole sentence is the addition; nothing is asked."""
    text = "tambahan pak sekarang dia pindah ke kajang kemarin malam"
    assert reported.writes(text, intent="add_to_report") == ["utter_added"]
    assert reported.known()["addition"] == text


def test_a_bare_wish_to_add_is_asked_for_its_words(reported: Any) -> None:
    """Then the next message is the addition, whatever it holds."""
    assert reported.writes("mau nambah laporan", intent="add_to_report") == ["utter_ask_addition"]
    assert reported.writes("gaji saya dua bulan belum dibayar") == ["utter_added"]
    assert reported.known()["addition"] == "gaji saya dua bulan belum dibayar"


def test_several_additions_are_all_kept(reported: Any) -> None:
    """A later addition does not overwrite an earlier one in the record."""
    for text in (
        "dia sekarang di kajang sejak kemarin malam",
        "nomor sponsornya sudah tidak aktif lagi",
    ):
        reported.writes(text, intent="add_to_report")
    kept = [fact.value for fact in reported.ticket().facts if fact.field == "addition"]
    assert len(kept) == 2


def test_an_addition_about_the_village_head_flags_the_ticket(reported: Any) -> None:
    """It is never too late to keep a report from the person it is about."""
    reported.writes("yang ngirim saya dulu itu pak kades, dia dapat bagian", intent="add_to_report")
    assert reported.ticket().conflict_of_interest is True


def test_a_withdrawal_is_recorded_and_never_obeyed(reported: Any) -> None:
    """After a plain yes the ticket is marked for a responder and stays open."""
    said = reported.writes("mau cabut laporan", intent="withdraw_report")
    assert said == ["utter_withdraw_confirm"]
    assert reported.picks("Ya, cabut") == ["utter_withdraw_recorded"]
    ticket = reported.ticket()
    assert ticket.state is State.NEW
    assert "withdrawal_requested" in ticket.reasons
    assert ticket.known()["withdrawal"] == "mau cabut laporan"
    assert "withdrawal_language_changed" not in ticket.reasons
    assert "withdrawal_from_other_conversation" not in ticket.reasons


@pytest.mark.parametrize("answers", [["TIDAK"], ["🙏", "..."], ["nanti dulu deh", "gimana ya"]])
def test_only_a_plain_yes_withdraws(reported: Any, answers: list[str]) -> None:
    """Somebody who is forced writes TIDAK, or cannot write at all: the report goes on."""
    reported.writes("mau cabut laporan", intent="withdraw_report")
    for answer in answers:
        said = reported.writes(answer)
    assert said == ["utter_withdraw_kept"]
    assert "withdrawal_requested" not in reported.ticket().reasons


def test_a_withdrawal_in_another_language_is_marked_as_odd(reported: Any) -> None:
    """It may be another person's hand."""
    reported.slots["language"] = reported.language = "jv"
    reported.writes("arep mbatalke laporan", intent="withdraw_report")
    reported.picks("Ya, cabut")
    assert "withdrawal_language_changed" in reported.ticket().reasons


def test_a_withdrawal_from_another_telephone_is_marked_as_odd(
    reported: Any, other_phone: Any
) -> None:
    """Code and key can be read off a stolen telephone."""
    other_phone.writes(f"cabut laporan {reported.code} {reported.key}", intent="withdraw_report")
    assert other_phone.writes("ya") == ["utter_withdraw_recorded"]
    ticket = reported.ticket()
    assert "withdrawal_from_other_conversation" in ticket.reasons
    assert ticket.state is State.NEW


def test_a_closed_ticket_takes_no_withdrawal_of_another(reported: Any, desk: Any) -> None:
    """Without an open ticket a withdrawal asks for a code instead of guessing."""
    with db.write(desk.vault.engine) as connection:
        connection.execute(sa.update(tables.tickets).values(state="closed"))
    said = reported.writes("cabut laporan", intent="withdraw_report")
    assert said == ["utter_ticket_none"]
    assert "withdrawal_requested" not in stored(desk, reported.code).reasons


@pytest.fixture
def watched(reported: Any, desk: Any, clock: Any) -> Any:
    """Give Siti after she has used the word for recipes: somebody may hold her phone."""
    from hotline.tickets import Category

    with db.write(desk.vault.engine) as connection:
        tickets.open_or_raise(
            connection, desk.vault.keyring, conversation=reported.conversation,
            category=Category.OTHER, reasons=("may_be_watched",), message_id=None,
            language="id", now=clock(),
        )  # fmt: skip
    return reported


@pytest.mark.parametrize(
    ("text", "intent"), [("status", "ticket_status"), ("cabut laporan saya", "withdraw_report")]
)
def test_where_somebody_may_watch_even_her_own_phone_needs_the_key(
    watched: Any, text: str, intent: str
) -> None:
    """Before the key neither code nor state nor what was told is shown."""
    assert watched.writes(text, intent=intent) == ["utter_ask_own_key"]
    shown = " ".join(watched.shown())
    assert watched.code not in shown
    assert "cerita" not in shown
    assert watched.writes("12345678") == ["utter_code_wrong"]
    assert watched.code not in " ".join(watched.shown())


def test_with_the_key_her_own_phone_tells_the_status(watched: Any) -> None:
    """Siti knows it; who took the phone does not."""
    watched.writes("status", intent="ticket_status")
    assert watched.writes(watched.key) == ["utter_status"]
    # The next look needs it again.
    assert watched.writes("status", intent="ticket_status") == ["utter_ask_own_key"]


def test_where_somebody_may_watch_adding_stays_open(watched: Any) -> None:
    """A report must not be lost for want of a key."""
    watched.writes("majikan saya sekarang pindah ke rumah lain di johor", intent="add_to_report")
    assert "pindah" in watched.known()["addition"]


@pytest.mark.parametrize(
    "text", ["mas paketnya sudah sampai belum", "pesanan saya gimana statusnya"]
)
def test_a_parcel_is_no_report(siti: Any, text: str) -> None:
    """Who has the wrong number hears so."""
    assert siti.writes(text, intent="ticket_status") == ["utter_out_of_scope"]


def test_a_report_about_parcels_is_still_a_report(siti: Any) -> None:
    """What is ours is asked as ever."""
    said = siti.writes("status laporan saya soal paket", intent="ticket_status")
    assert said == ["utter_ticket_none"]
