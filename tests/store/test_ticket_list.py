"""Who sees which ticket: the rule in words and the rule in SQL say the same, always."""

from __future__ import annotations

import itertools

import pytest
import sqlalchemy as sa

from hotline.staff import Level, Place, Role, Scope, Staff, sees
from hotline.tickets import Category, Urgency
from store import db, news, ticket_bars, ticket_counts, ticket_list, tickets
from store.console_tables import referrals, staff, ticket_regions, ticket_work
from store.tables import ticket_conversations
from store.tables import tickets as ticket_table
from store.ticket_list import View
from store.ticket_work import place_of
from store.vault import Vault
from tests.fakes import Clock, message, receive

_REGIONS = [(), ("53",), ("5371",), ("5301",), ("35",), ("5371", "35"), ("MY",), ("MY", "5371")]


# Who is kept away by name: a level, a colleague, a colleague with the level of the office.
_BARS = (("level:53",), ("level:5371",), ("person:1",), ("level:5301", "person:2"))


def person(role: Role = Role.RESPONDER, region: str = "", unit: str = "", id_: int = 1) -> Staff:
    level = {0: Level.NATIONAL, 2: Level.PROVINCE, 4: Level.REGENCY}[len(region)]
    return Staff(
        id=id_, login=f"s{id_}", name="S", role=role, scope=Scope(level, region), unit=unit
    )


def _account(connection: sa.Connection, id_: int) -> None:
    connection.execute(
        sa.insert(staff),
        {"id": id_, "login": f"s{id_}", "name": "S", "role": "responder", "level": "national",
         "invited_at": 0.0},
    )  # fmt: skip


def _ticket(vault: Vault, clock: Clock, n: int, urgency: Urgency = Urgency.NORMAL) -> int:
    row = receive(vault, message("tolong", provider_id=f"t{n}", address=f"+62811{n:06d}"))
    with db.write(vault.engine) as connection:
        conversation = connection.execute(
            sa.text("select conversation_id from inbox where id=:id"), {"id": row}
        ).scalar_one()
        return tickets.open_or_raise(
            connection, vault.keyring, conversation=conversation, category=Category.REPORT,
            urgency=urgency, reasons=(), message_id=row, language="id", now=clock(),
        ).id  # fmt: skip


def test_the_rule_in_sql_is_the_rule_in_words(vault: Vault, clock: Clock) -> None:
    """Every role and scope against every kind of ticket."""
    places: dict[int, Place] = {}
    with db.write(vault.engine) as connection:
        for id_ in (1, 2):
            _account(connection, id_)
    kinds = itertools.chain(
        itertools.product(_REGIONS, (False, True), ("", "uptd"), (None, 1), ("", "uptd"), ((),)),
        itertools.product(_REGIONS[:4], (False, True), ("uptd",), (None, 1), ("",), _BARS),
    )
    for n, (regions, conflict, unit, whose, referred, bars) in enumerate(kinds):
        id_ = _ticket(vault, clock, n)
        with db.write(vault.engine) as connection:
            connection.execute(
                sa.update(ticket_table)
                .where(ticket_table.c.id == id_)
                .values(conflict_of_interest=conflict)
            )
            for region in regions:
                connection.execute(
                    sa.insert(ticket_regions),
                    {"ticket_id": id_, "part": "origin", "region": region},
                )
            ticket_bars.write(connection, id_, bars)
            if unit or whose:
                connection.execute(
                    sa.insert(ticket_work), {"ticket_id": id_, "unit": unit, "staff_id": whose}
                )
            if referred:
                connection.execute(
                    sa.insert(referrals),
                    {"ticket_id": id_, "staff_id": 1, "unit": referred, "service": "s",
                     "request_sealed": b"", "fields": [], "consent": "given", "state": "accepted",
                     "at": 0.0},
                )  # fmt: skip
        inside = frozenset(region for region in regions if region.isdigit())
        places[id_] = Place(
            regions=inside, conflict=conflict, unit=unit, staff_id=whose,
            referred_units=frozenset({referred} - {""}),
            barred_regions=ticket_bars.regions(bars), barred_staff=ticket_bars.people(bars),
        )  # fmt: skip
        with db.read(vault.engine) as connection:
            assert place_of(connection, id_) == places[id_]
            assert [one.place for one in news.tell(connection, [id_])] == [places[id_]]
    _told_alike(vault, places)


def _told_alike(vault: Vault, places: dict[int, Place]) -> None:
    """Ask both rules about every reader, and two who read the same thing for one or many."""
    readers = [
        person(role, region, unit, id_)
        for role in Role
        for region in ("", "53", "5371", "5301", "35")
        for unit in ("", "uptd")
        for id_ in (1, 2)
    ]
    seen_by_somebody_below = 0
    with db.read(vault.engine) as connection:
        for reader in readers:
            joined = ticket_table.outerjoin(
                ticket_work, ticket_work.c.ticket_id == ticket_table.c.id
            )
            query = sa.select(ticket_table.c.id).select_from(joined)
            expected = {id_ for id_, place in places.items() if sees(reader, place)}
            for wide in (False, True):
                visible = ticket_list.visible(reader, wide=wide)
                told = set(connection.execute(query.where(visible)).scalars())
                assert told == expected, reader
            listed = sa.select(ticket_table.c.id).where(
                ticket_list.known(reader, ticket_table.c.id)
            )
            assert set(connection.execute(listed).scalars()) == expected, reader
            seen_by_somebody_below += bool(expected) and bool(reader.scope.region)
    assert seen_by_somebody_below


def _join(connection: sa.Connection, how: str, one: int, other: int) -> None:
    """Let two tickets be the same caller's."""
    if how == "talk":
        mine = ticket_conversations.c.ticket_id == one
        query = sa.select(ticket_conversations.c.conversation_id).where(mine)
        talk = connection.execute(query).scalar_one()
        tickets.join(connection, other, talk, now=1.0)
        return
    source, target = (one, other) if how == "into" else (other, one)
    row = {"ticket_id": source, "merged_into": target}
    connection.execute(sa.insert(ticket_work), row)


def test_a_bar_follows_the_caller_in_both(vault: Vault, clock: Clock) -> None:
    """Her other ticket by a conversation, or by a merge: hidden from the same people."""
    places: dict[int, Place] = {}
    with db.write(vault.engine) as connection:
        for id_ in (1, 2):
            _account(connection, id_)
    kinds = itertools.product(
        ((), ("53",), ("5371",), ("5301", "35"), ("MY",)),
        ((False, ()), (True, ()), *((False, bars) for bars in _BARS), (True, _BARS[2])),
        ("talk", "into", "from"),
    )
    for n, (regions, (conflict, bars), how) in enumerate(kinds):
        one, other = _ticket(vault, clock, 2 * n), _ticket(vault, clock, 2 * n + 1)
        with db.write(vault.engine) as connection:
            rows = [(one, "5371"), *((other, region) for region in regions)]
            for id_, region in rows:
                row = {"ticket_id": id_, "part": "origin", "region": region}
                connection.execute(sa.insert(ticket_regions), row)
            mine = ticket_table.c.id == other
            flagged = sa.update(ticket_table).where(mine)
            connection.execute(flagged.values(conflict_of_interest=conflict))
            ticket_bars.write(connection, other, bars)
            _join(connection, how, one, other)
        inside = frozenset(region for region in regions if region.isdigit())
        barred = {
            "barred_regions": ticket_bars.regions(bars), "barred_staff": ticket_bars.people(bars),
        }  # fmt: skip
        places[one] = Place(
            regions=frozenset({"5371"}), conflict=False, unit="", staff_id=None,
            conflicts_of_caller=frozenset({inside} if conflict else ()), **barred,
        )  # fmt: skip
        places[other] = Place(regions=inside, conflict=conflict, unit="", staff_id=None, **barred)
        with db.read(vault.engine) as connection:
            for id_ in (one, other):
                assert place_of(connection, id_) == places[id_]
                assert [each.place for each in news.tell(connection, [id_])] == [places[id_]]
    _told_alike(vault, places)


@pytest.mark.parametrize(
    ("region", "regions", "visible"),
    [
        ("5371", {"5371"}, False),  # the regency itself
        ("53", {"5371"}, True),  # one level up
        ("53", {"53"}, False),  # it sits at the province
        ("", {"53"}, True),
        ("53", set(), False),  # nobody knows where: only the nation is far enough
        ("", set(), True),
    ],
)
def test_a_conflict_of_interest_goes_one_level_up(
    region: str, regions: set[str], *, visible: bool
) -> None:
    """Whoever might share an office with the person involved does not learn of the ticket."""
    place = Place(regions=frozenset(regions), conflict=True, unit="uptd", staff_id=1)
    assert sees(person(region=region, unit="uptd"), place) is visible


def test_the_gravest_and_soonest_stand_first(vault: Vault, clock: Clock) -> None:
    """Forty open tickets at two in the morning: the next one to take is the first line."""
    with db.write(vault.engine) as connection:
        _account(connection, 1)
    late = _ticket(vault, clock, 1, Urgency.HIGH)
    clock.advance(60)
    normal = _ticket(vault, clock, 2)
    high = _ticket(vault, clock, 3, Urgency.HIGH)
    critical = _ticket(vault, clock, 4, Urgency.CRITICAL)
    with db.read(vault.engine) as connection:
        lines = ticket_list.page(connection, person(), View.OPEN, now=clock())
        assert [line.id for line in lines] == [critical, late, high, normal]
        assert lines[0].channels == ("whatsapp",)
        counts = ticket_counts.counts(connection, person(), now=clock())
        assert (counts[View.OPEN], counts[View.UNASSIGNED], counts[View.MINE]) == (4, 4, 0)
        later = ticket_counts.counts(connection, person(), now=clock() + 3600)
        assert (counts[View.ESCALATED], later[View.ESCALATED]) == (0, 1)


def test_a_code_outside_ones_scope_is_not_found(vault: Vault, clock: Clock) -> None:
    """The same answer as for a code that does not exist."""
    id_ = _ticket(vault, clock, 1)
    with db.read(vault.engine) as connection:
        code = connection.execute(
            sa.select(ticket_table.c.code).where(ticket_table.c.id == id_)
        ).scalar_one()
        assert ticket_list.find(connection, person(), code) == id_
        assert ticket_list.find(connection, person(region="35"), code) is None
        assert ticket_list.find(connection, person(Role.OPERATOR), code) is None
