"""Entries of the register that somebody disputes: noted with reason and source, never deleted."""

from __future__ import annotations

import json
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.register import Recruiter
from store.console_tables import staff
from store.content_tables import register_disputes as table
from store.crypto import Keyring
from store.register.names import normal_licence, normal_name
from store.register.tables import recruiters, register_imports

_PLACE = "register_disputes.text"
_LONGEST = 1000


@dataclass(frozen=True)
class Dispute:
    """One note that an entry is disputed."""

    id: int
    name: str
    reason: str
    source: str
    by: str
    at: float
    withdrawn_at: float | None
    withdrawn_by: str | None
    licence_normal: str
    normal_name: str

    def is_about(self, recruiter: Recruiter) -> bool:
        """Say whether it is about this entry; see `_about` for what decides."""
        licence = normal_licence(recruiter.licence_no)
        if licence and self.licence_normal:
            return licence == self.licence_normal
        return normal_name(recruiter.name) == self.normal_name


def note(
    connection: sa.Connection,
    keyring: Keyring,
    recruiter: Recruiter,
    *,
    reason: str,
    source: str,
    by: int,
    now: float,
) -> int:
    """Note that an entry is disputed; callers are told from the next answer on."""
    reason, source = reason.strip(), source.strip()
    if not reason or not source or len(reason) > _LONGEST or len(source) > _LONGEST:
        raise Refused("a dispute needs a reason and a source")
    if is_disputed(connection, recruiter):
        raise Refused("this entry is disputed already")
    told = {"name": recruiter.name, "reason": reason, "source": source}
    row = {
        "licence_normal": normal_licence(recruiter.licence_no),
        "normal_name": normal_name(recruiter.name),
        "text_sealed": keyring.seal(json.dumps(told), _PLACE),
        "staff_id": by,
        "at": now,
    }
    return int(connection.execute(sa.insert(table).returning(table.c.id), row).scalar_one())


def withdraw(connection: sa.Connection, dispute_id: int, *, by: int, now: float) -> None:
    """End a dispute; who and when stay beside it."""
    mine = (table.c.id == dispute_id) & table.c.withdrawn_at.is_(None)
    values = {"withdrawn_at": now, "withdrawn_by": by}
    if connection.execute(sa.update(table).where(mine).values(values)).rowcount != 1:
        raise Refused("this dispute is not open any more")


def is_disputed(connection: sa.Connection, recruiter: Recruiter) -> bool:
    """Say whether an entry is disputed now."""
    query = sa.select(table.c.id).where(_about(recruiter), table.c.withdrawn_at.is_(None))
    return connection.execute(query.limit(1)).first() is not None


def _about(recruiter: Recruiter) -> sa.ColumnElement[bool]:
    """Find an entry by its licence number, and by its name only where one side has no number.

    Two firms may share a name: the other one must not be told to be disputed.
    """
    licence = normal_licence(recruiter.licence_no)
    by_name = table.c.normal_name == normal_name(recruiter.name)
    if not licence:
        return by_name
    return sa.or_(table.c.licence_normal == licence, sa.and_(table.c.licence_normal == "", by_name))


def unlisted(connection: sa.Connection) -> set[int]:
    """Name the open disputes that no entry in force answers to: the firm's number may be new."""
    both = (recruiters.c.licence_normal != "") & (table.c.licence_normal != "")
    same = sa.case(
        (both, recruiters.c.licence_normal == table.c.licence_normal),
        else_=recruiters.c.normal_name == table.c.normal_name,
    )
    listed = (
        sa.select(recruiters.c.id)
        .join(register_imports, register_imports.c.id == recruiters.c.import_id)
        .where(register_imports.c.in_force, same)
    )
    query = sa.select(table.c.id).where(table.c.withdrawn_at.is_(None), ~listed.exists())
    return set(connection.execute(query).scalars())


def everything(connection: sa.Connection, keyring: Keyring) -> list[Dispute]:
    """List all disputes, open ones first, then the newest."""
    noted, ended = staff.alias("noted"), staff.alias("ended")
    query = (
        sa.select(table, noted.c.name.label("by"), ended.c.name.label("ended_by"))
        .join(noted, noted.c.id == table.c.staff_id)
        .outerjoin(ended, ended.c.id == table.c.withdrawn_by)
        .order_by(table.c.withdrawn_at.is_not(None), table.c.id.desc())
    )
    return [_dispute(row, keyring) for row in connection.execute(query)]


def _dispute(row: sa.Row[tuple[object, ...]], keyring: Keyring) -> Dispute:
    told = json.loads(keyring.open(row.text_sealed, _PLACE))
    return Dispute(
        id=row.id,
        name=told["name"],
        reason=told["reason"],
        source=told["source"],
        by=row.by,
        at=row.at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.ended_by,
        licence_normal=row.licence_normal,
        normal_name=row.normal_name,
    )
