"""The dark figure: signs of danger that never became a report, set against the reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hotline.figures import months
from hotline.tickets import Category
from store import figures, offer_checks
from store.figures import UNKNOWN, Asked, count_of, query
from store.tables import STOPPED, WORRIED, conversations, ticket_conversations, ticket_events

PARTS = ("month", "region", "destination")
_REPORTS = [Category.EMERGENCY.value, Category.REPORT.value, Category.MISSING.value]


def _is_report(asked: Asked) -> sa.ColumnElement[bool]:
    return asked["category"].in_(_REPORTS)


def _is_signed(asked: Asked) -> sa.ColumnElement[bool]:
    return sa.and_(~_is_report(asked), asked["noted"])


@dataclass(frozen=True)
class Dark:
    """Signs of danger that are no report, as far as the database holds them."""

    reports: int
    signs: int  # other tickets on which a sign of danger is noted
    stopped: int  # tickets of which the caller broke off the questions
    silent: int | None  # talks with a sign of danger and no ticket; None outside the national level


@dataclass(frozen=True)
class Compared:
    """Counts by month, province of origin or destination; each column by itself."""

    reports: dict[str, int]
    signs: dict[str, int]  # other tickets on which a sign of danger is noted
    offers: dict[str, int]  # offers weighed, with a strong sign or many


def dark(connection: sa.Connection, asked: Asked) -> Dark:
    """Set signs of danger that never became a report against reports."""
    row = connection.execute(
        query(
            asked,
            count_of(_is_report(asked)),
            count_of(_is_signed(asked)),
            count_of(asked["id"].in_(_stopped())),
        )
    ).one()
    told, signs, stopped = (int(number or 0) for number in row)
    return Dark(told, signs, stopped, _silent(connection, asked))


def _stopped() -> sa.Select[Any]:
    return sa.select(ticket_events.c.ticket_id).where(STOPPED)


def _silent(connection: sa.Connection, asked: Asked) -> int | None:
    """Count talks in which danger was heard but no ticket came of it: nobody knows their region."""
    if asked.staff.scope.region:
        return None
    without = ~sa.exists().where(ticket_conversations.c.conversation_id == conversations.c.id)
    within = conversations.c.opened_at.between(asked.since, asked.until)
    found = sa.select(sa.func.count()).select_from(conversations).where(WORRIED, without, within)
    return int(connection.execute(found).scalar_one())


def compare(connection: sa.Connection, asked: Asked, part: str) -> Compared:
    """Count reports, questions with signs and offers with warnings by one of PARTS."""
    offers = offer_checks.warned_by(connection, asked, part)
    by = _by_month if part == "month" else _by_place
    reports, signs = by(connection, asked, part)
    names = sorted({*reports, *signs, *offers})
    return Compared(
        *({name: column.get(name, 0) for name in names} for column in (reports, signs, offers))
    )


def _by_month(
    connection: sa.Connection, asked: Asked, _part: str
) -> tuple[dict[str, int], dict[str, int]]:
    day = figures.day_of(asked["opened_at"]).label("day")
    counted = query(asked, day, count_of(_is_report(asked)), count_of(_is_signed(asked)))
    rows = connection.execute(counted.group_by(day)).all()
    reports, signs = (
        months({int(row[0]): int(row[place]) for row in rows if row[place]}) for place in (1, 2)
    )
    return reports, signs


def _by_place(
    connection: sa.Connection, asked: Asked, part: str
) -> tuple[dict[str, int], dict[str, int]]:
    abroad = part == "destination"
    where = "destination" if abroad else "origin"
    marks = (_is_report(asked), _is_signed(asked))
    _, *found = figures.by_place(connection, asked, where, *marks, abroad=abroad)
    totals = connection.execute(query(asked, *(count_of(mark) for mark in marks))).one()
    for column, total in zip(found, totals, strict=True):
        if unknown := int(total or 0) - sum(column.values()):
            column[UNKNOWN] = unknown
    return found[0], found[1]
