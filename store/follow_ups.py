"""Follow-ups after a return: listed when due, answered once each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.follow_ups import Standing, Topic, check_answers, needs_work
from hotline.staff import Staff
from hotline.tickets import State
from store import ticket_changes
from store.console_tables import follow_ups, staff, ticket_work
from store.crypto import Keyring
from store.tables import tickets
from store.ticket_events import add_event, lock
from store.ticket_list import known

_ANSWERS = "follow_ups.answers"
_MOST = 300
# Where a ticket stands that is worked on again.
_AGAIN = {
    State.CLOSED: State.IN_PROGRESS,
    State.RESOLVED: State.IN_PROGRESS,
    State.WITHDRAWN: State.TRIAGED,
    State.UNFOUNDED: State.TRIAGED,
}
_AHEAD = 30 * 86400.0  # what comes due within a month is listed


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """One asking-after, with its answers when it is done."""

    id: int
    ticket_id: int
    code: str
    months: int
    due_at: float
    done_at: float | None
    done_by: str
    overdue: bool
    answers: dict[Topic, Standing] = field(default_factory=dict)
    note: str = ""


def record(
    connection: sa.Connection,
    keyring: Keyring,
    follow_up_id: int,
    answers: Mapping[str, str],
    note: str,
    *,
    by: Staff,
    now: float,
) -> None:
    """Write down what came of asking; a threat opens a ticket again that is over.

    Raises Refused when a topic is left out or somebody else has answered meanwhile.
    """
    said = check_answers(answers)
    row = connection.execute(sa.select(follow_ups).where(follow_ups.c.id == follow_up_id)).one()
    lock(connection, row.ticket_id)
    text = json.dumps({"answers": said, "note": note.strip()})
    done = connection.execute(
        sa.update(follow_ups)
        .where(follow_ups.c.id == follow_up_id, follow_ups.c.done_at.is_(None))
        .values(answers_sealed=keyring.seal(text, _ANSWERS), done_at=now, done_by=by.id)
    )
    if not done.rowcount:
        raise Refused("this follow-up has been answered already")
    details = {"months": row.months}
    add_event(connection, row.ticket_id, "followed_up", by.login, details, message_id=None, now=now)
    if needs_work(said):
        _open_again(connection, row.ticket_id, by=by, now=now)


def _open_again(connection: sa.Connection, ticket_id: int, *, by: Staff, now: float) -> None:
    """Work again on a ticket, or on the one that speaks for it, whatever ended it."""
    row = connection.execute(
        sa.select(tickets.c.state, ticket_work.c.merged_into, ticket_work.c.staff_id)
        .select_from(tickets.outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id))
        .where(tickets.c.id == ticket_id)
    ).one()
    state = State(row.state)
    if state is State.MERGED and row.merged_into is not None:
        _open_again(connection, row.merged_into, by=by, now=now)
        return
    to = _AGAIN.get(state)
    if to is None:
        return
    ticket_changes.move(connection, ticket_id, to, actor=by.login, now=now)
    if to is State.TRIAGED and row.staff_id is not None:
        ticket_changes.move(connection, ticket_id, State.ASSIGNED, actor=by.login, now=now)


def _query() -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(follow_ups, tickets.c.code, staff.c.name)
        .select_from(follow_ups.join(tickets, tickets.c.id == follow_ups.c.ticket_id)
                     .outerjoin(staff, staff.c.id == follow_ups.c.done_by))
    )  # fmt: skip


def _read(row: sa.Row[tuple[object, ...]], keyring: Keyring | None, now: float) -> FollowUp:
    said: dict[str, object] = {"answers": {}, "note": ""}
    if keyring is not None and row.answers_sealed:
        said = json.loads(keyring.open(row.answers_sealed, _ANSWERS))
    answers = said["answers"]
    assert isinstance(answers, dict)
    return FollowUp(
        id=row.id,
        ticket_id=row.ticket_id,
        code=row.code,
        months=row.months,
        due_at=row.due_at,
        done_at=row.done_at,
        done_by=row.name or "",
        overdue=row.done_at is None and row.due_at < now,
        answers={Topic(topic): Standing(word) for topic, word in answers.items()},
        note=str(said["note"]),
    )


def waiting(connection: sa.Connection, person: Staff, *, now: float) -> list[FollowUp]:
    """List what is overdue or comes due within a month, of tickets somebody may see."""
    query = _query().where(
        follow_ups.c.done_at.is_(None),
        follow_ups.c.due_at < now + _AHEAD,
        known(person, follow_ups.c.ticket_id),
    )
    rows = connection.execute(query.order_by(follow_ups.c.due_at).limit(_MOST))
    return [_read(row, None, now) for row in rows]


def of_ticket(
    connection: sa.Connection, keyring: Keyring, ticket_id: int, *, now: float
) -> list[FollowUp]:
    """Read a ticket's follow-ups in order, with what came of them."""
    query = _query().where(follow_ups.c.ticket_id == ticket_id).order_by(follow_ups.c.months)
    return [_read(row, keyring, now) for row in connection.execute(query)]
