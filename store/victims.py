"""The people whom a ticket concerns: written down one by one, every version is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from hotline.errors import KeyringError, Refused
from hotline.staff import Staff
from hotline.victims import (
    MOST,
    Details,
    Minor,
    as_facts,
    checked,
    counted_only,
    read_details,
)
from store.console_tables import staff
from store.crypto import Keyring
from store.ticket_events import add_event, lock
from store.victim_tables import ticket_victims, victim_versions

_DETAILS, _REASON = "victim_versions.details", "victim_versions.reason"
_SHORTEST = 5
OVERTAKEN = "somebody else has changed this meanwhile"


@dataclass(frozen=True, kw_only=True)
class Version:
    """What was written of somebody, by whom and when."""

    number: int
    details: Details
    mistaken: bool
    reason: str  # why it is a mistake, or is none after all
    by: str
    at: float
    damaged: bool = False  # what was written cannot be opened


@dataclass(frozen=True, kw_only=True)
class Victim:
    """Somebody concerned by a ticket; `place` is how the page counts them, from 1 on."""

    id: int
    place: int
    versions: tuple[Version, ...]

    @property
    def now(self) -> Version:
        """Give what stands."""
        return self.versions[-1]


def of_ticket(connection: sa.Connection, keyring: Keyring, ticket_id: int) -> list[Victim]:
    """Read everybody whom a ticket concerns, also those entered by mistake, first come first."""
    return _read(connection, keyring, [ticket_id]).get(ticket_id, [])


def of_tickets(
    connection: sa.Connection, keyring: Keyring, ids: Iterable[int]
) -> dict[int, list[Victim]]:
    """Read the people of several tickets, without those entered by mistake."""
    found = _read(connection, keyring, ids)
    return {id_: [one for one in people if not one.now.mistaken] for id_, people in found.items()}


def _read(
    connection: sa.Connection, keyring: Keyring, ids: Iterable[int]
) -> dict[int, list[Victim]]:
    rows = connection.execute(
        sa.select(ticket_victims.c.ticket_id, victim_versions, staff.c.name)
        .select_from(ticket_victims.join(victim_versions).join(staff))
        .where(ticket_victims.c.ticket_id.in_(list(ids)))
        .order_by(ticket_victims.c.id, victim_versions.c.number)
    )
    whose: dict[int, int] = {}
    versions: dict[int, list[Version]] = {}
    for row in rows:
        whose[row.victim_id] = row.ticket_id
        versions.setdefault(row.victim_id, []).append(_version(keyring, row))
    found: dict[int, list[Victim]] = {}
    for id_, ticket_id in whose.items():
        people = found.setdefault(ticket_id, [])
        people.append(Victim(id=id_, place=len(people) + 1, versions=tuple(versions[id_])))
    return found


def _version(keyring: Keyring, row: sa.Row[tuple[object, ...]]) -> Version:
    details, reason, damaged = Details(), "", False
    try:
        details = read_details(json.loads(keyring.open(row.details_sealed, _DETAILS)))
        reason = keyring.open(row.reason_sealed, _REASON) if row.reason_sealed else ""
    except KeyringError:
        damaged = True  # one person must not hide all others
    return Version(
        number=row.number,
        details=details,
        mistaken=row.mistaken,
        reason=reason,
        by=row.name,
        at=row.at,
        damaged=damaged,
    )


def add(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    details: Details,
    *,
    by: Staff,
    now: float,
) -> int:
    """Write somebody down; returns the id. Raises Refused for what cannot be so."""
    fit = checked(details)
    lock(connection, ticket_id)
    mine = sa.select(sa.func.count()).where(ticket_victims.c.ticket_id == ticket_id)
    if connection.execute(mine).scalar_one() >= MOST:
        raise Refused(f"a ticket holds at most {MOST} people")
    query = sa.insert(ticket_victims).returning(ticket_victims.c.id)
    made = int(connection.execute(query, {"ticket_id": ticket_id}).scalar_one())
    _write(connection, keyring, made, 1, fit, by=by, now=now)
    _log(connection, ticket_id, "victim_added", {"victim": made}, by, now)
    return made


def change(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    victim_id: int,
    details: Details,
    *,
    had: int,
    by: Staff,
    now: float,
) -> None:
    """Write a new version; `had` is the number of the one that the writer has read.

    Raises Refused when somebody else was faster, when nothing is changed, or cannot be so.
    """
    fit = checked(details)
    standing = _standing(connection, keyring, ticket_id, victim_id, had)
    if standing.mistaken:
        raise Refused("who was entered by mistake is not changed")
    before = asdict(standing.details)
    fields = [name for name, value in asdict(fit).items() if value != before[name]]
    if not fields:
        raise Refused("nothing was changed")
    _write(connection, keyring, victim_id, had + 1, fit, by=by, now=now)
    told = {"victim": victim_id, "fields": fields}
    _log(connection, ticket_id, "victim_changed", told, by, now)


def mark(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    victim_id: int,
    reason: str,
    *,
    mistaken: bool,
    had: int,
    by: Staff,
    now: float,
) -> None:
    """Say that somebody was entered by mistake, or was none after all; nothing is deleted.

    Raises Refused without a reason, or when somebody else was faster.
    """
    if len(reason.strip()) < _SHORTEST:
        raise Refused("reason")
    standing = _standing(connection, keyring, ticket_id, victim_id, had)
    if standing.mistaken is mistaken:
        raise Refused("nothing was changed")
    _write(
        connection, keyring, victim_id, had + 1, standing.details, by=by, now=now,
        mistaken=mistaken, reason=reason.strip(),
    )  # fmt: skip
    kind = "victim_mistaken" if mistaken else "victim_restored"
    _log(connection, ticket_id, kind, {"victim": victim_id}, by, now)


def _standing(
    connection: sa.Connection, keyring: Keyring, ticket_id: int, victim_id: int, had: int
) -> Version:
    """Read behind the ticket's lock what stands; raises Refused unless it is version `had`."""
    lock(connection, ticket_id)
    people = of_ticket(connection, keyring, ticket_id)
    found = next((one for one in people if one.id == victim_id), None)
    if found is None:
        raise Refused("not_found")
    if found.now.number != had:
        raise Refused(OVERTAKEN)
    return found.now


def _write(
    connection: sa.Connection,
    keyring: Keyring,
    victim_id: int,
    number: int,
    details: Details,
    *,
    by: Staff,
    now: float,
    mistaken: bool = False,
    reason: str = "",
) -> None:
    row = {
        "victim_id": victim_id,
        "number": number,
        **_sealed(keyring, details),
        "mistaken": mistaken,
        "reason_sealed": keyring.seal(reason, _REASON) if reason else None,
        "staff_id": by.id,
        "at": now,
    }
    connection.execute(sa.insert(victim_versions), row)


def _sealed(keyring: Keyring, details: Details) -> dict[str, object]:
    kept = keyring.seal(json.dumps(asdict(details)), _DETAILS)
    return {"details_sealed": kept, "filled": list(details.filled())}


def _log(
    connection: sa.Connection,
    ticket_id: int,
    kind: str,
    details: dict[str, object],
    by: Staff,
    now: float,
) -> None:
    add_event(connection, ticket_id, kind, by.login, details, message_id=None, now=now)


def known_facts(connection: sa.Connection, ids: Iterable[int]) -> dict[int, set[str]]:
    """Say which facts of tickets are known through their people; nothing is unsealed."""
    rows = connection.execute(
        sa.select(
            ticket_victims.c.ticket_id,
            victim_versions.c.victim_id,
            victim_versions.c.filled,
            victim_versions.c.mistaken,
        )
        .select_from(ticket_victims.join(victim_versions))
        .where(ticket_victims.c.ticket_id.in_(list(ids)))
        .order_by(victim_versions.c.number)
    )
    newest: dict[int, dict[int, list[str] | None]] = {}
    for row in rows:
        people = newest.setdefault(row.ticket_id, {})
        people[row.victim_id] = None if row.mistaken else row.filled
    return {
        id_: as_facts([filled for filled in people.values() if filled is not None])
        for id_, people in newest.items()
    }


def with_a_child(people: Mapping[int, list[Victim]]) -> set[int]:
    """Name the tickets with somebody under eighteen among those who are no mistake."""
    return {
        id_
        for id_, found in people.items()
        if any(one.now.details.minor is Minor.YES and not one.now.mistaken for one in found)
    }


def erase(connection: sa.Connection, keyring: Keyring, ticket_id: int) -> None:
    """Keep of everybody what is counted, once; versions and reasons go."""
    rows = connection.execute(
        sa.select(victim_versions)
        .join(ticket_victims)
        .where(ticket_victims.c.ticket_id == ticket_id)
        .order_by(victim_versions.c.number)
    ).all()
    newest = {row.victim_id: row for row in rows}
    for victim_id, row in newest.items():
        mine = victim_versions.c.victim_id == victim_id
        connection.execute(sa.delete(victim_versions).where(mine, victim_versions.c.id != row.id))
        kept = {**_sealed(keyring, _counted(keyring, row)), "reason_sealed": None}
        connection.execute(sa.update(victim_versions).where(mine).values(**kept))


def _counted(keyring: Keyring, row: sa.Row[tuple[object, ...]]) -> Details:
    try:
        told = json.loads(keyring.open(row.details_sealed, _DETAILS))
    except KeyringError:
        return Details()  # damaged: nobody could count it either
    return Details() if row.mistaken else counted_only(read_details(told))
