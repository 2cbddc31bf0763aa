"""Referrals: a unit is asked for help, sees what goes along, and accepts, refuses or completes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.referrals import (
    OPEN,
    Consent,
    ReferralState,
    Service,
    check_consent,
    check_move,
    going_along,
)
from hotline.staff import May, Staff, sees
from hotline.tickets import State
from store import findings, ticket_changes, ticket_work
from store import staff as accounts
from store.console_tables import referrals, staff
from store.crypto import Keyring
from store.findings import Lists
from store.referral_lines import Line
from store.tables import tickets
from store.ticket_events import add_event, lock
from store.ticket_reading import all_tickets

_REQUEST, _REASON = "referrals.request", "referrals.reason"
_TAKEN_OVER_FROM = frozenset({State.NEW, State.TRIAGED, State.ASSIGNED, State.IN_PROGRESS})


@dataclass(frozen=True, kw_only=True)
class Referral:
    """A referral opened, with the facts that go along as they are known now."""

    line: Line
    asked_by: str
    request: str
    consent: Consent
    reasons: dict[str, str]  # "without" consent, and by the state that needed one
    facts: tuple[tuple[str, str], ...]
    lists: Lists  # empty unless they go along
    answered_at: float | None
    answered_by: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of a unit."""

    unit: str
    service: Service
    request: str
    fields: tuple[str, ...]
    consent: Consent
    reason: str
    due_at: float | None


def units_to_ask(connection: sa.Connection, ticket_id: int, asking: Staff) -> list[str]:
    """List the units whose people could answer and may know of this ticket."""
    return [
        unit
        for unit in accounts.units_of(connection)
        if unit != asking.unit and not _barred(connection, ticket_id, unit)
    ]


def _barred(connection: sa.Connection, ticket_id: int, unit: str) -> bool:
    """Say whether a unit has nobody who could answer, or somebody too near to who is involved.

    One is enough: who shares an office hears of what lies on the next desk.
    """
    place = replace(ticket_work.place_of(connection, ticket_id), referred_units=frozenset({unit}))
    people = [
        person
        for person, active, _ in accounts.everybody(connection)
        if active and person.unit == unit and person.may(May.REFER)
    ]
    return not people or not all(sees(person, place) for person in people)


def ask(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    asked: Asked,
    *,
    by: Staff,
    now: float,
) -> int:
    """Ask a unit for help; raises Refused when consent, unit or ticket do not allow it."""
    lock(connection, ticket_id)
    code = _code(connection, ticket_id)
    [ticket] = all_tickets(connection, keyring, code=code)
    if State(ticket.state) not in {*_TAKEN_OVER_FROM, State.REFERRED}:
        raise Refused("a ticket that is over cannot be referred")
    if not asked.request.strip():
        raise Refused("a referral says what is asked")
    if asked.unit not in units_to_ask(connection, ticket_id, by):
        raise Refused("this unit cannot be asked about this ticket")
    if _open_with(connection, ticket_id, asked.unit, asked.service):
        raise Refused("this unit has been asked for this already")
    known = ticket.known()
    lists = findings.lists_of(connection, keyring, ticket)
    told = {**known, "is_minor": "yes"} if lists.child else known
    check_consent(asked.consent, asked.reason, urgency=ticket.urgency, known=told)
    reasons = {"without": asked.reason.strip()} if asked.consent is not Consent.GIVEN else {}
    row = {
        "ticket_id": ticket_id,
        "staff_id": by.id,
        "unit": asked.unit,
        "service": asked.service.value,
        "request_sealed": keyring.seal(asked.request.strip(), _REQUEST),
        "fields": list(
            going_along(asked.fields, {*known, *lists.names()}, anonymous=ticket.anonymous)
        ),
        "consent": asked.consent.value,
        "reason_sealed": keyring.seal(json.dumps(reasons), _REASON) if reasons else None,
        "state": ReferralState.WAITING.value,
        "due_at": asked.due_at,
        "at": now,
    }
    made = connection.execute(sa.insert(referrals).returning(referrals.c.id), row).scalar_one()
    details = {
        "referral": made, "unit": asked.unit, "service": asked.service.value,
        "consent": asked.consent.value, "fields": row["fields"],
    }  # fmt: skip
    add_event(connection, ticket_id, "referral_asked", by.login, details, message_id=None, now=now)
    return int(made)


def _open_with(connection: sa.Connection, ticket_id: int, unit: str, service: Service) -> bool:
    query = sa.select(referrals.c.id).where(
        referrals.c.ticket_id == ticket_id,
        referrals.c.unit == unit,
        referrals.c.service == service.value,
        referrals.c.state.in_([state.value for state in OPEN]),
    )
    return connection.execute(query).first() is not None


def _code(connection: sa.Connection, ticket_id: int) -> str:
    query = sa.select(tickets.c.code).where(tickets.c.id == ticket_id)
    return str(connection.execute(query).scalar_one())


def answer(
    connection: sa.Connection,
    keyring: Keyring,
    referral_id: int,
    wanted: ReferralState,
    reason: str,
    *,
    by: Staff,
    now: float,
) -> None:
    """Bring a referral on; acceptance hands the ticket over, the end hands it back.

    Raises WrongMove or Refused; who may answer is for `sides` to say.
    """
    row = connection.execute(sa.select(referrals).where(referrals.c.id == referral_id)).one()
    lock(connection, row.ticket_id)
    # Read again behind the lock: of two who answer at once, the second meets the first's state.
    row = connection.execute(sa.select(referrals).where(referrals.c.id == referral_id)).one()
    check_move(ReferralState(row.state), wanted, reason)
    reasons = _reasons(keyring, row.reason_sealed)
    if reason.strip():
        reasons[wanted.value] = reason.strip()
    connection.execute(
        sa.update(referrals)
        .where(referrals.c.id == referral_id)
        .values(
            state=wanted.value,
            reason_sealed=keyring.seal(json.dumps(reasons), _REASON) if reasons else None,
            answered_at=now,
            answered_by=by.id,
        )
    )
    details = {"referral": referral_id, "unit": row.unit}
    kind = f"referral_{wanted.value}"
    add_event(connection, row.ticket_id, kind, by.login, details, message_id=None, now=now)
    _move_ticket(connection, row.ticket_id, wanted, actor=by.login, now=now)


def _move_ticket(
    connection: sa.Connection, ticket_id: int, wanted: ReferralState, *, actor: str, now: float
) -> None:
    current = State(
        connection.execute(sa.select(tickets.c.state).where(tickets.c.id == ticket_id)).scalar_one()
    )
    if wanted is ReferralState.ACCEPTED:
        if current not in {*_TAKEN_OVER_FROM, State.REFERRED}:
            raise Refused("a ticket that is over cannot be referred")
        if current is State.NEW:
            ticket_changes.move(connection, ticket_id, State.TRIAGED, actor=actor, now=now)
        if current is not State.REFERRED:
            ticket_changes.move(connection, ticket_id, State.REFERRED, actor=actor, now=now)
        return
    # When no unit works on it any more, it is again the work of whoever asked.
    if current is State.REFERRED and not ticket_work.place_of(connection, ticket_id).referred_units:
        ticket_changes.move(connection, ticket_id, State.IN_PROGRESS, actor=actor, now=now)


def read(connection: sa.Connection, keyring: Keyring, line: Line) -> Referral:
    """Open a referral with those facts only that go along."""
    row = connection.execute(sa.select(referrals).where(referrals.c.id == line.id)).one()
    [ticket] = all_tickets(connection, keyring, code=line.code)
    known = ticket.known()
    # What protects her may have been said after the unit was asked.
    lists = findings.lists_of(connection, keyring, ticket)
    names = going_along(row.fields, {*known, *lists.names()}, anonymous=ticket.anonymous)
    who = _names(connection, {row.staff_id, row.answered_by})
    return Referral(
        line=line,
        asked_by=who.get(row.staff_id, ""),
        request=keyring.open(row.request_sealed, _REQUEST),
        consent=Consent(row.consent),
        reasons=_reasons(keyring, row.reason_sealed),
        facts=tuple((name, known[name]) for name in names if name in known),
        lists=lists.only(names),
        answered_at=row.answered_at,
        answered_by=who.get(row.answered_by, ""),
    )


def _names(connection: sa.Connection, ids: Iterable[int | None]) -> dict[int | None, str]:
    wanted = [id_ for id_ in ids if id_ is not None]
    rows = connection.execute(sa.select(staff.c.id, staff.c.name).where(staff.c.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def _reasons(keyring: Keyring, sealed: bytes | None) -> dict[str, str]:
    found: dict[str, str] = json.loads(keyring.open(sealed, _REASON)) if sealed else {}
    return found
