"""Notices to staff: each written once, sent in bundles, with pauses while a provider is down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.notices import EXPIRES, Kind, NoticeState, Way, pause
from store.arrivals import insert_ignoring
from store.console_tables import staff
from store.crypto import Keyring
from store.duty_tables import notice_state, notice_ways, notices

_SENDING_SECONDS = 120.0  # a sender that has died gives its notices back
_KEPT = 30 * 86400.0
_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """What goes to one person at once: many notices of a kind are one message."""

    staff_id: int
    kind: Kind
    language: str
    address: str
    ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a way works, for the operator."""

    way: Way
    open: bool
    waiting: int
    failures: int
    error: str
    failing_since: float | None
    again_at: float | None
    sent_at: float | None
    refused: int  # addresses that a provider does not take


def _columns(way: Way) -> tuple[sa.Column[bytes], sa.Column[str]]:
    return notice_ways.c[f"{way.value}_sealed"], notice_ways.c[f"{way.value}_trouble"]


def usable(way: Way) -> tuple[sa.ColumnElement[bool], ...]:
    """Give the conditions on `notice_ways` under which somebody is reached in a way."""
    sealed, trouble = _columns(way)
    return sealed.is_not(None), trouble == ""


def set_open(connection: sa.Connection, ways: Iterable[Way]) -> None:
    """Write down which ways this installation has settings for."""
    chosen = set(ways)
    for way in Way:
        connection.execute(insert_ignoring(connection, notice_state), {"way": way.value})
        mine = notice_state.c.way == way.value
        connection.execute(sa.update(notice_state).where(mine).values(open=way in chosen))


def open_ways(connection: sa.Connection) -> list[Way]:
    """List the ways that have settings."""
    query = sa.select(notice_state.c.way).where(notice_state.c.open)
    return [Way(word) for word in connection.execute(query.order_by(notice_state.c.way)).scalars()]


def add(
    connection: sa.Connection,
    people: Iterable[int],
    kind: Kind,
    subject: str,
    *,
    now: float,
    ticket_id: int | None = None,
    only: Way | None = None,
) -> int:
    """Write a notice for everybody by every way of theirs; a repeat of a subject adds none."""
    wanted, added = list(people), 0
    for way in [only] if only else open_ways(connection):
        reached = (notice_ways.c.staff_id.in_(wanted), *usable(way))
        query = sa.select(notice_ways.c.staff_id).where(*reached).order_by(notice_ways.c.staff_id)
        for staff_id in connection.execute(query).scalars().all():
            row = {
                "staff_id": staff_id, "way": way.value, "kind": kind.value, "subject": subject,
                "ticket_id": ticket_id, "state": NoticeState.WAITING.value, "at": now,
            }  # fmt: skip
            made = insert_ignoring(connection, notices).returning(notices.c.id)
            added += connection.execute(made, row).first() is not None
    return added


def ring_again(connection: sa.Connection, ticket_id: int, *, now: float) -> None:
    """Let a critical ticket be told anew: those who heard of it may not be those who see it now."""
    mine = (notices.c.ticket_id == ticket_id) & (notices.c.kind == Kind.CRITICAL.value)
    unsent = mine & (notices.c.state == NoticeState.WAITING.value)
    expired = {"state": NoticeState.EXPIRED.value, "ended_at": now}
    connection.execute(sa.update(notices).where(unsent).values(expired))
    # One line a person and way: by its number the old one stays apart from the new.
    before = sa.literal(f"critical:{ticket_id}:") + sa.cast(notices.c.id, sa.String)
    connection.execute(sa.update(notices).where(mine).values(ticket_id=None, subject=before))


def take(connection: sa.Connection, keyring: Keyring, way: Way, *, now: float) -> list[Bundle]:
    """Take what waits for a way, unless its provider is left alone for now."""
    _tidy(connection, now)
    paused = sa.select(notice_state.c.way).where(
        notice_state.c.way == way.value, notice_state.c.again_at > now
    )
    if connection.execute(paused).first():
        return []
    sealed, _ = _columns(way)
    query = (
        sa.select(notices, staff.c.language, sealed.label("sealed"))
        .join(staff, staff.c.id == notices.c.staff_id)
        .join(notice_ways, notice_ways.c.staff_id == notices.c.staff_id)
        .where(
            notices.c.way == way.value, notices.c.state == NoticeState.WAITING.value,
            staff.c.active, *usable(way),
        )
        .order_by(notices.c.id)
        .limit(_MOST)
    )  # fmt: skip
    bundles: dict[tuple[int, str], Bundle] = {}
    for row in connection.execute(query).all():
        key = (row.staff_id, row.kind)
        before = bundles[key].ids if key in bundles else ()
        bundles[key] = Bundle(
            staff_id=row.staff_id,
            kind=Kind(row.kind),
            language=row.language,
            address=keyring.open(row.sealed, f"notice_ways.{way.value}"),
            ids=(*before, row.id),
        )
    taken = [id_ for bundle in bundles.values() for id_ in bundle.ids]
    _set(connection, taken, NoticeState.SENDING, until=now + _SENDING_SECONDS)
    return list(bundles.values())


def _tidy(connection: sa.Connection, now: float) -> None:
    """Give back what a dead sender took, drop what is of no use any more, forget the old."""
    waiting, sending = NoticeState.WAITING.value, NoticeState.SENDING.value
    dead = (notices.c.state == sending) & (notices.c.until < now)
    connection.execute(sa.update(notices).where(dead).values(state=waiting))
    old = (notices.c.state == waiting) & (notices.c.at < now - EXPIRES)
    expired = {"state": NoticeState.EXPIRED.value, "ended_at": now}
    connection.execute(sa.update(notices).where(old).values(expired))
    connection.execute(sa.delete(notices).where(notices.c.ended_at < now - _KEPT))


def _set(
    connection: sa.Connection, ids: Sequence[int], state: NoticeState, **values: object
) -> None:
    if ids:
        connection.execute(
            sa.update(notices).where(notices.c.id.in_(ids)).values(state=state.value, **values)
        )


def sent(connection: sa.Connection, way: Way, bundle: Bundle, *, now: float) -> None:
    """Note that a bundle went out, and that its provider works."""
    _set(connection, bundle.ids, NoticeState.SENT, ended_at=now, error="")
    mine = notice_state.c.way == way.value
    works = {"failures": 0, "error": "", "failing_since": None, "again_at": None, "sent_at": now}
    connection.execute(sa.update(notice_state).where(mine).values(works))


def refused(connection: sa.Connection, bundle: Bundle, error: str, *, now: float) -> None:
    """Note that a provider does not take this address; trying again would not help."""
    _set(connection, bundle.ids, NoticeState.REFUSED, ended_at=now, error=error[:48])


def failed(
    connection: sa.Connection,
    way: Way,
    bundles: Sequence[Bundle],
    error: str,
    *,
    now: float,
    told: float | None = None,
) -> float:
    """Put bundles back and leave the provider alone for a while; returns until when.

    `told` is how long the provider itself asked us to wait.
    """
    ids = [id_ for bundle in bundles for id_ in bundle.ids]
    _set(connection, ids, NoticeState.WAITING, error=error[:48])
    mine = notice_state.c.way == way.value
    row = connection.execute(sa.select(notice_state).where(mine)).one()
    again_at = now + max(told or 0.0, pause(row.failures + 1))
    values = {
        "failures": row.failures + 1, "error": error[:48], "again_at": again_at,
        "failing_since": row.failing_since or now,
    }  # fmt: skip
    connection.execute(sa.update(notice_state).where(mine).values(values))
    return again_at


def standings(connection: sa.Connection) -> list[Standing]:
    """Read how every way works."""
    rows = {row.way: row for row in connection.execute(sa.select(notice_state))}
    busy = (NoticeState.WAITING.value, NoticeState.SENDING.value)
    counted = sa.select(notices.c.way, sa.func.count().label("number")).where(
        notices.c.state.in_(busy)
    )
    waiting = {row.way: row.number for row in connection.execute(counted.group_by(notices.c.way))}
    return [
        Standing(
            way=way,
            open=row.open if (row := rows.get(way.value)) else False,
            waiting=waiting.get(way.value, 0),
            failures=row.failures if row else 0,
            error=row.error if row else "",
            failing_since=row.failing_since if row else None,
            again_at=row.again_at if row else None,
            sent_at=row.sent_at if row else None,
            refused=_refused(connection, way),
        )
        for way in Way
    ]


def _refused(connection: sa.Connection, way: Way) -> int:
    sealed, trouble = _columns(way)
    query = sa.select(sa.func.count()).where(sealed.is_not(None), trouble != "")
    return int(connection.execute(query.select_from(notice_ways)).scalar_one())


def last_of(connection: sa.Connection, staff_id: int, limit: int = 10) -> list[dict[str, object]]:
    """Read somebody's latest notices, newest first."""
    query = sa.select(
        notices.c.way, notices.c.kind, notices.c.state, notices.c.at, notices.c.ended_at
    ).where(notices.c.staff_id == staff_id)
    rows = connection.execute(query.order_by(notices.c.id.desc()).limit(limit))
    return [dict(row) for row in rows.mappings()]
