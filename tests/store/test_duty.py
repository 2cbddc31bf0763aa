"""The roster, hand-over notes and reminders, as the database keeps them."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from hotline.errors import Refused
from hotline.roster import LONGEST
from hotline.staff import Role, Staff
from hotline.tickets import Urgency
from store import db, handover, reminders, roster, ticket_work
from store.console_tables import follow_ups, referrals
from store.deadline_rules import in_force
from store.duty_tables import duty_handovers
from store.escalation import crew
from store.roster import Wanted
from store.vault import Vault
from tests.duty import JATIM, KUPANG, NTT, Station
from tests.fakes import Clock

HOUR, DAY = 3600.0, 86400.0


@pytest.fixture
def station(vault: Vault, clock: Clock) -> Station:
    """Give an empty task force."""
    return Station(vault, clock)


def wanted(station: Station, login: str, begins: float, ends: float, region: str = "") -> Wanted:
    now = station.clock()
    return Wanted(
        login=login, unit="", region=region, begins_at=now + begins * HOUR,
        ends_at=now + ends * HOUR, zone="Asia/Jakarta",
    )  # fmt: skip


def enter(station: Station, by: Staff, shift: Wanted) -> int:
    with db.write(station.vault.engine) as connection:
        return roster.add(connection, shift, by=by, now=station.clock())


def test_a_shift_begins_and_ends(station: Station) -> None:
    """On duty from its first second to before its last."""
    eka, ani = station.hire("eka", Role.SUPERVISOR), station.hire("ani")
    enter(station, eka, wanted(station, "ani", 1, 9))
    seen = []
    for moment in (0, 1, 9 - 1 / HOUR, 9):
        with db.read(station.vault.engine) as connection:
            now = station.clock() + moment * HOUR
            seen.append(roster.on_duty(connection, ani.id, now=now))
    assert seen == [False, True, True, False]


def test_nobody_is_entered_outside_of_the_supervisor_s_scope(station: Station) -> None:
    """Nor for a region that is not his, nor by somebody who is no supervisor."""
    ntt, ani = station.hire("ntt", Role.SUPERVISOR, NTT), station.hire("ani", region=KUPANG)
    station.hire("surabaya", region=JATIM)
    enter(station, ntt, wanted(station, "ani", 1, 2, KUPANG))
    for by, login, region in ((ntt, "surabaya", NTT), (ntt, "ani", JATIM), (ntt, "ani", ""),
                              (ani, "ani", KUPANG), (ntt, "nobody", NTT)):  # fmt: skip
        with pytest.raises(Refused, match=r"your (own )?scope"):
            enter(station, by, wanted(station, login, 4, 5, region))


def test_two_supervisors_who_enter_at_once_do_not_both_win(station: Station) -> None:
    """One person cannot be on two shifts."""
    eka = station.hire("eka", Role.SUPERVISOR)
    station.hire("ani")
    refused: list[str] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            enter(station, eka, wanted(station, "ani", 1, 9))
        except Refused as error:
            refused.append(str(error))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["this person has another shift at that time"] * 3


def test_a_shift_is_taken_back_once_and_not_when_it_is_over(station: Station) -> None:
    """Then the place is free for another."""
    eka, ani = station.hire("eka", Role.SUPERVISOR), station.hire("ani")
    made = enter(station, eka, wanted(station, "ani", 1, 9))
    with pytest.raises(Refused, match="nobody of your scope"), db.write(
        station.vault.engine
    ) as connection:  # fmt: skip
        roster.cancel(connection, made, by=ani, now=station.clock())
    with db.write(station.vault.engine) as connection:
        roster.cancel(connection, made, by=eka, now=station.clock())
    again = enter(station, eka, wanted(station, "ani", 2, 3))
    station.clock.advance(LONGEST)
    for shift in (made, again):
        with pytest.raises(Refused, match="is over"), db.write(station.vault.engine) as connection:
            roster.cancel(connection, shift, by=eka, now=station.clock())


def test_a_note_names_what_was_burning_and_shows_each_reader_only_his_own(
    station: Station,
) -> None:
    """Critical and late, as of that moment; sealed; another province's ticket is left out."""
    ani, ntt = station.hire("ani"), station.hire("ntt", region=NTT)
    late, calm = station.ticket(KUPANG), station.ticket(KUPANG, Urgency.NORMAL)
    critical = station.ticket(JATIM, Urgency.CRITICAL)
    station.clock.advance(5 * HOUR)
    station.shift(ani)
    keyring, now = station.vault.keyring, station.clock()
    with db.write(station.vault.engine) as connection:
        shift = roster.own(connection, ani.id, now=now)
        handover.write(connection, keyring, shift, " Siti menunggu KBRI. ", by=ani, now=now)
        kept = connection.execute(sa.select(duty_handovers)).one()
        [seen] = handover.latest(connection, keyring, ani, now=now)
        [here] = handover.latest(connection, keyring, ntt, now=now)
    assert b"KBRI" not in kept.text_sealed
    assert seen.text == "Siti menunggu KBRI."
    assert dict(seen.tickets) == {station.code(critical): "critical", station.code(late): "late"}
    assert here.tickets == ((station.code(late), "late"),)
    assert station.code(calm) not in str(seen.tickets)


def test_a_note_is_taken_over_once_by_the_next(station: Station) -> None:
    """Not by its author, not twice, and not by another province."""
    ani = station.hire("ani", region=NTT)
    budi, west = station.hire("budi"), station.hire("surabaya", region=JATIM)
    station.shift(ani, region=NTT)
    engine, now = station.vault.engine, station.clock()
    with db.write(engine) as connection:
        shift = roster.own(connection, ani.id, now=now)
        made = handover.write(connection, station.vault.keyring, shift, "x", by=ani, now=now)
        counted = [handover.unread(connection, one, now=now) for one in (ani, budi, west)]
    assert counted == [0, 1, 0]
    for by, why in ((ani, "not by its author"), (west, "not_found")):
        with pytest.raises(Refused, match=why), db.write(engine) as connection:
            handover.acknowledge(connection, made, by=by, now=now)
    with db.write(engine) as connection:
        handover.acknowledge(connection, made, by=budi, now=now)
        assert handover.unread(connection, budi, now=now) == 0
    with pytest.raises(Refused, match="already"), db.write(engine) as connection:
        handover.acknowledge(connection, made, by=budi, now=now)


def test_the_note_is_written_during_the_shift_or_just_after_it(station: Station) -> None:
    """Two hours later it is history; and nobody hands over who was not there."""
    ani, budi = station.hire("ani"), station.hire("budi")
    station.shift(ani)
    found = []
    for moment in (0, 2, 3.1):
        with db.read(station.vault.engine) as connection:
            now = station.clock() + moment * HOUR
            found.append(roster.own(connection, ani.id, now=now) is not None)
    assert found == [True, True, False]
    now, keyring = station.clock(), station.vault.keyring
    for whose, text, why in ((budi, "x", "on duty"), (ani, "  ", "between 1 and")):
        with db.read(station.vault.engine) as connection:
            shift = roster.own(connection, whose.id, now=now)
        with pytest.raises(Refused, match=why), db.write(station.vault.engine) as connection:
            handover.write(connection, keyring, shift, text, by=whose, now=now)


def overdue_referral(station: Station, ticket_id: int, by: Staff, unit: str) -> None:
    row = {
        "ticket_id": ticket_id, "staff_id": by.id, "unit": unit, "service": "shelter",
        "request_sealed": b"", "fields": [], "consent": "given", "state": "waiting",
        "due_at": station.clock() - HOUR, "at": station.clock() - DAY,
    }  # fmt: skip
    with db.write(station.vault.engine) as connection:
        connection.execute(sa.insert(referrals), row)


def overdue_follow_up(station: Station, ticket_id: int) -> None:
    row = {"ticket_id": ticket_id, "months": 1, "due_at": station.clock() - DAY}
    with db.write(station.vault.engine) as connection:
        connection.execute(sa.insert(follow_ups), row)


def mine(station: Station, person: Staff) -> list[tuple[str, str]]:
    with db.read(station.vault.engine) as connection:
        items = reminders.mine(connection, person, now=station.clock())
    return [(one.what, one.code) for one in items]


def remind(station: Station) -> int:
    with db.write(station.vault.engine) as connection:
        everybody = crew(connection, now=station.clock())
        rules = in_force(connection)
        return reminders.remind(connection, everybody, rules, now=station.clock())


def test_an_overdue_referral_reminds_the_unit_and_whoever_asked(station: Station) -> None:
    """Once a week, in working hours (it is Friday noon), until it is answered."""
    ani, budi = station.hire("ani"), station.hire("budi", region=KUPANG, unit="uptd-ppa")
    eka = station.hire("eka", Role.SUPERVISOR)
    id_ = station.ticket()
    overdue_referral(station, id_, ani, "uptd-ppa")
    told = [("referral", station.code(id_))]
    assert (mine(station, ani), mine(station, budi), mine(station, eka)) == (told, told, [])
    assert (remind(station), remind(station)) == (2, 0)
    assert sorted(station.told("reminder")) == ["ani", "budi"]
    station.clock.advance(12 * HOUR)
    assert remind(station) == 0
    station.clock.advance(7 * DAY - 12 * HOUR)
    assert remind(station) == 2
    with db.write(station.vault.engine) as connection:
        connection.execute(sa.update(referrals).values(state="accepted"))
    assert mine(station, budi) == told, "accepted is not done"
    with db.write(station.vault.engine) as connection:
        connection.execute(sa.update(referrals).values(state="completed"))
    assert mine(station, budi) == []


def test_at_night_only_who_is_on_duty_is_reminded(station: Station) -> None:
    """A reminder is no emergency."""
    ani = station.hire("ani")
    overdue_referral(station, station.ticket(), ani, "uptd-ppa")
    station.clock.advance(12 * HOUR)
    assert remind(station) == 0
    station.shift(ani)
    assert remind(station) == 1


def test_an_overdue_follow_up_is_its_holder_s_else_the_unit_s_else_a_supervisor_s(
    station: Station,
) -> None:
    """Nobody who came home is forgotten because somebody left."""
    ani, budi = station.hire("ani"), station.hire("budi", unit="uptd-ppa")
    eka, west = station.hire("eka", Role.SUPERVISOR), station.hire("sby", Role.SUPERVISOR, JATIM)
    id_ = station.ticket()
    overdue_follow_up(station, id_)
    found = []
    for staff_id, unit in ((None, ""), (None, "uptd-ppa"), (ani.id, "uptd-ppa")):
        with db.write(station.vault.engine) as connection:
            ticket_work.assign(
                connection, id_, staff_id=staff_id, unit=unit, actor="eka", now=station.clock()
            )
        found.append([one.login for one in (ani, budi, eka, west) if mine(station, one)])
    assert found == [["eka"], ["budi"], ["ani"]]
    with db.write(station.vault.engine) as connection:
        connection.execute(sa.text("update staff set active = false where login = 'ani'"))
    assert [one.login for one in (budi, eka) if mine(station, one)] == ["budi"]


def test_a_unit_too_near_to_who_is_involved_is_not_reminded(station: Station) -> None:
    """The referral was asked before somebody noticed the conflict."""
    ani, budi = station.hire("ani"), station.hire("budi", region=KUPANG, unit="uptd-ppa")
    overdue_referral(station, station.ticket(conflict=True), ani, "uptd-ppa")
    assert (len(mine(station, ani)), mine(station, budi)) == (1, [])
    remind(station)
    assert station.told("reminder") == ["ani"]
