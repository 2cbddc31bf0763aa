"""Offers that callers had weighed: grade, signs and places by their codes, never a word of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.figures import months
from hotline.offers import OfferGrade
from store.arrivals import insert_ignoring
from store.content_tables import offer_checks as table
from store.figures import UNKNOWN, Asked, count_of, day_of
from store.tables import ticket_conversations

WARNED = (OfferGrade.STRONG_DANGER.value, OfferGrade.MANY_SIGNS.value)


@dataclass(frozen=True)
class Weighed:
    """How many offers were weighed."""

    all: int
    warned: int  # with a strong sign, or many
    alone: int  # of these, in conversations that never had a ticket


def note(
    connection: sa.Connection,
    *,
    conversation: str,
    message_id: int,
    grade: str,
    signs: Sequence[str],
    region: str,
    destination: str,
    now: float,
) -> int:
    """Write one offer down and give its id; a turn that runs again finds its own row."""
    row = {
        "conversation_id": conversation, "message_id": message_id, "grade": grade,
        "signs": sorted(signs), "region": region, "destination": destination, "at": now,
    }  # fmt: skip
    connection.execute(insert_ignoring(connection, table), row)
    query = sa.select(table.c.id).where(table.c.message_id == message_id)
    return int(connection.execute(query).scalar_one())


def add(
    connection: sa.Connection,
    check_id: int,
    *,
    grade: str,
    signs: Sequence[str],
    region: str,
    destination: str,
) -> None:
    """Add what was told of the same offer after the verdict; a place once named stays."""
    values: dict[str, object] = {"grade": grade, "signs": sorted(signs)}
    values |= {n: v for n, v in (("region", region), ("destination", destination)) if v}
    connection.execute(sa.update(table).where(table.c.id == check_id).values(values))


def _asked(asked: Asked) -> list[sa.ColumnElement[bool]]:
    """Narrow to a period and scope: an offer that names no region is the nation's alone."""
    region = asked.staff.scope.region
    inside = table.c.region.startswith(region) if region else sa.true()
    return [table.c.at.between(asked.since, asked.until), inside]


def weighed(connection: sa.Connection, asked: Asked) -> Weighed:
    """Count offers, those with warnings, and those of them of which nothing else is known."""
    warned = table.c.grade.in_(WARNED)
    without = ~sa.exists().where(ticket_conversations.c.conversation_id == table.c.conversation_id)
    query = sa.select(sa.func.count(), count_of(warned), count_of(sa.and_(warned, without)))
    row = connection.execute(query.where(*_asked(asked))).one()
    return Weighed(*(int(number or 0) for number in row))


def warned_by(connection: sa.Connection, asked: Asked, part: str) -> dict[str, int]:
    """Count the offers with warnings by province, destination or month."""
    column = {
        "region": sa.func.substr(table.c.region, 1, 2),
        "destination": table.c.destination,
        "month": day_of(table.c.at),
    }[part].label("value")
    query = sa.select(column, sa.func.count()).where(*_asked(asked), table.c.grade.in_(WARNED))
    rows = connection.execute(query.group_by(column)).all()
    if part == "month":
        return months({int(day): int(count) for day, count in rows})
    return {str(place) or UNKNOWN: int(count) for place, count in rows}


def signs_of(connection: sa.Connection, asked: Asked) -> list[tuple[str, int]]:
    """Count the warning signs, the most frequent first; an offer counts for each of its signs."""
    text = sa.cast(table.c.signs, sa.String).label("text")
    query = sa.select(text, sa.func.count()).where(*_asked(asked)).group_by(text)
    found: Counter[str] = Counter()
    for signs, count in connection.execute(query):
        for sign in json.loads(signs):
            found[sign] += int(count)
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
