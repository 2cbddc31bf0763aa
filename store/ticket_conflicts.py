"""Conflicts of interest set and lifted by hand: against whom, who set them, who may lift them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.staff import Level, Place, Staff, is_near, may_lift, sees
from store import contact_rules, ticket_bars, ticket_list, ticket_release, ticket_work
from store import staff as accounts
from store.console_tables import ticket_work as work_table
from store.crypto import Keyring
from store.tables import ticket_facts, tickets
from store.ticket_events import add_event, lock
from store.ticket_facts import open_value

KINDS = frozenset({"conflict_flagged", "conflict_set", "conflict_lifted"})
_REASON = "conflict"  # a fact of this name holds a reason; it is in no list of what is known
SHORTEST = 5


class Of(StrEnum):
    """Who is involved."""

    PLACE = "place"  # somebody at the ticket's own regions, whichever they are
    LEVEL = "level"  # somebody at the level of one region
    PERSON = "person"  # a colleague


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """One conflict that holds, or one that is to be set."""

    of: Of
    region: str = ""  # of a level
    staff_id: int = 0  # of a person
    by: str = ""
    at: float = 0.0
    regions: frozenset[str] = frozenset()  # whose levels do not see the ticket because of it

    @property
    def name(self) -> str:
        """Name it as forms and the log do."""
        return ":".join([self.of.value, self.region or str(self.staff_id or "")]).rstrip(":")

    @property
    def marks(self) -> frozenset[str]:
        """Give the marks it puts on a ticket; one of the ticket's own regions is a flag there."""
        if self.of is Of.PLACE:
            return frozenset()
        levels = {ticket_bars.level(region) for region in self.regions}
        return frozenset(levels | ({ticket_bars.person(self.staff_id)} if self.staff_id else set()))


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a conflict would do, told before it is done."""

    losing: tuple[str, ...]  # names of colleagues who would no longer see the ticket
    self_too: bool


def levels(place: Place) -> list[str]:
    """List the regions whose levels can be named: the ticket's own and their provinces."""
    return sorted({code for region in place.regions for code in (region, region[:2])})


def read(connection: sa.Connection, ticket_id: int, name: str) -> Conflict:
    """Make a conflict from its name; raises Refused for a level or colleague that cannot be."""
    kind, _, which = name.partition(":")
    place = ticket_work.place_of(connection, ticket_id)
    if kind == Of.PLACE and not which:
        return Conflict(of=Of.PLACE, regions=place.regions)
    if kind == Of.LEVEL and which in levels(place):
        return Conflict(of=Of.LEVEL, region=which, regions=frozenset({which}))
    if kind == Of.PERSON and which.isdigit():
        for person, active, _ in accounts.everybody(connection):
            if active and person.id == int(which) and sees(person, place):
                return _against(person)
    raise Refused("not_found")


def _against(person: Staff) -> Conflict:
    """Keep a colleague away, and the level where they work: who shares an office hears of it."""
    own = frozenset({person.scope.region} - {""})
    return Conflict(of=Of.PERSON, staff_id=person.id, regions=own)


def effect(connection: sa.Connection, ticket_id: int, wanted: Conflict, *, by: Staff) -> Effect:
    """Say who would no longer see the ticket."""
    before = ticket_work.place_of(connection, ticket_id)
    after = _with(before, wanted)
    losing = [
        person
        for person, active, _ in accounts.everybody(connection)
        if active and sees(person, before) and not sees(person, after)
    ]
    return Effect(
        losing=tuple(person.name for person in losing),
        self_too=by.id in {person.id for person in losing},
    )


def _with(place: Place, wanted: Conflict) -> Place:
    if wanted.of is Of.PLACE:
        return replace(place, conflict=True)
    return replace(
        place,
        barred_regions=place.barred_regions | ticket_bars.regions(wanted.marks),
        barred_staff=place.barred_staff | ticket_bars.people(wanted.marks),
    )


def put(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    wanted: Conflict,
    reason: str,
    *,
    by: Staff,
    now: float,
) -> None:
    """Hide a ticket at once; raises Refused without a reason, or when nobody above is left."""
    if len(reason.strip()) < SHORTEST:
        raise Refused("reason")
    contact_rules.lock_callers(connection, ticket_id)
    lock(connection, ticket_id)
    if wanted.name in {one.name for one in holding(connection, ticket_id)}:
        raise Refused("this conflict is noted already")
    after = _with(ticket_work.place_of(connection, ticket_id), wanted)
    if not any(
        active and joined and may_lift(person, after, wanted.regions)
        for person, active, joined in accounts.everybody(connection)
    ):
        raise Refused("nobody above would see this ticket")
    if wanted.of is Of.PLACE:
        _flag(connection, ticket_id, conflict=True)
    marks = ticket_bars.of(connection, ticket_id)
    ticket_bars.write(connection, ticket_id, marks | wanted.marks)
    _log(connection, keyring, ticket_id, "conflict_set", wanted, reason, by=by, now=now)
    ticket_release.from_who_cannot_see(connection, ticket_id, actor=by.login, now=now)


def lift(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    name: str,
    reason: str,
    *,
    by: Staff,
    now: float,
) -> Conflict:
    """Let those see the ticket again; raises Refused for who does not stand above them."""
    if len(reason.strip()) < SHORTEST:
        raise Refused("reason")
    lock(connection, ticket_id)
    held = holding(connection, ticket_id)
    lifted = next((one for one in held if one.name == name), None)
    if lifted is None:
        raise Refused("not_found")
    if not liftable(connection, ticket_id, lifted, by=by):
        raise Refused("a conflict is lifted by who stands above it")
    # What was merged into it is the same caller's: kept there, it would go on hiding this one.
    merged = sa.select(work_table.c.ticket_id).where(work_table.c.merged_into == ticket_id)
    for id_ in [ticket_id, *connection.execute(merged).scalars().all()]:
        _lift_here(connection, keyring, id_, name, reason, by=by, now=now)
    return lifted


def _lift_here(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    name: str,
    reason: str,
    *,
    by: Staff,
    now: float,
) -> None:
    held = holding(connection, ticket_id)
    left = [one for one in held if one.name != name]
    for lifted in [one for one in held if one.name == name]:
        if lifted.of is Of.PLACE:
            _flag(connection, ticket_id, conflict=False)
        ticket_bars.write(connection, ticket_id, {mark for one in left for mark in one.marks})
        _log(connection, keyring, ticket_id, "conflict_lifted", lifted, reason, by=by, now=now)


def liftable(connection: sa.Connection, ticket_id: int, one: Conflict, *, by: Staff) -> bool:
    """Say whether somebody may lift a conflict."""
    return may_lift(by, ticket_work.place_of(connection, ticket_id), one.regions)


def holding(connection: sa.Connection, ticket_id: int) -> list[Conflict]:
    """Read the conflicts that hold: from the log who set them, else from the marks alone.

    What a merge brought along has its marks here and its story in the other ticket's log.
    """
    place = ticket_work.place_of(connection, ticket_id)
    marks = ticket_bars.of(connection, ticket_id)
    found: dict[str, Conflict] = {}
    for event in reversed(ticket_list.events(connection, ticket_id)):
        if event["kind"] in KINDS:
            one = _of_event(event, place)
            found.pop(one.name, None)
            if event["kind"] != "conflict_lifted":
                found[one.name] = one
    held = [one for one in found.values() if one.of is not Of.PLACE and one.marks <= marks]
    if place.conflict:
        bare = Conflict(of=Of.PLACE, regions=place.regions)
        held.insert(0, replace(found.get("place", bare), regions=place.regions))
    left = marks - {mark for one in held for mark in one.marks}
    held += [Conflict(of=Of.PERSON, staff_id=id_) for id_ in sorted(ticket_bars.people(left))]
    held += [
        Conflict(of=Of.LEVEL, region=code, regions=frozenset({code}))
        for code in sorted(ticket_bars.regions(left))
    ]
    return held


def _of_event(event: dict[str, Any], place: Place) -> Conflict:
    details = event["details"]
    return Conflict(
        of=Of(details.get("of", Of.PLACE.value)),
        region=details.get("region", ""),
        staff_id=details.get("staff", 0),
        by=event["actor"],
        at=event["at"],
        regions=frozenset(details.get("regions", place.regions)),
    )


def told_to(
    connection: sa.Connection, ticket_id: int, person: Staff, events: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Leave out of a ticket's log the conflicts from which somebody was kept, also lifted ones."""
    place = ticket_work.place_of(connection, ticket_id)
    return [event for event in events if _may_know(person, event, place)]


def _may_know(person: Staff, event: dict[str, Any], place: Place) -> bool:
    if event["kind"] not in KINDS:
        return True
    one = _of_event(event, place)
    if one.of is Of.PLACE and not one.regions:
        return person.scope.level is Level.NATIONAL
    return person.id != one.staff_id and not is_near(person.scope, one.regions)


def reasons(
    connection: sa.Connection, keyring: Keyring, events: Iterable[dict[str, Any]]
) -> list[tuple[dict[str, Any], str]]:
    """Give the log's lines about conflicts with the reasons that were written down."""
    lines = [event for event in events if event["kind"] in KINDS]
    wanted = [event["details"]["fact"] for event in lines if "fact" in event["details"]]
    found = sa.select(ticket_facts.c.id, ticket_facts.c.value_sealed).where(
        ticket_facts.c.id.in_(wanted), ticket_facts.c.field == _REASON
    )
    rows = connection.execute(found)
    told = {row.id: open_value(keyring, row.value_sealed) or "" for row in rows}
    return [(event, told.get(event["details"].get("fact"), "")) for event in lines]


def _flag(connection: sa.Connection, ticket_id: int, *, conflict: bool) -> None:
    mine = tickets.c.id == ticket_id
    connection.execute(sa.update(tickets).where(mine).values(conflict_of_interest=conflict))


def _log(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    kind: str,
    one: Conflict,
    reason: str,
    *,
    by: Staff,
    now: float,
) -> None:
    """Write a line of the ticket's log; the reason is sealed beside it, and goes when facts go."""
    row = {
        "ticket_id": ticket_id, "field": _REASON, "said_by": by.login, "at": now,
        "value_sealed": keyring.seal(reason.strip(), "ticket_facts.value"),
    }  # fmt: skip
    made = sa.insert(ticket_facts).returning(ticket_facts.c.id)
    fact = connection.execute(made, row).scalar_one()
    details: dict[str, Any] = {"of": one.of.value, "regions": sorted(one.regions), "fact": fact}
    details |= {"region": one.region} if one.region else {}
    details |= {"staff": one.staff_id} if one.staff_id else {}
    add_event(connection, ticket_id, kind, by.login, details, message_id=None, now=now)
