"""What the desk changed in the facts: versions over the files of knowledge/, none overwritten."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Any

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.knowledge import Knowledge, KnowledgeError
from store import db
from store import knowledge_rules as rules
from store.console_tables import staff
from store.content_tables import knowledge_edits as table
from store.knowledge_rules import Fact, Fields, Kind

LOOK_SECONDS = 10.0  # how long a running process may tell what was changed meanwhile
OVERTAKEN = "somebody else has changed this meanwhile"
_PART = {Kind.CONTACT: "contacts", Kind.DESTINATION: "destinations", Kind.UNIT: "units"}
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Edit:
    """One version that somebody wrote."""

    id: int
    kind: Kind
    item_id: str
    fields: Fields
    by: str
    at: float
    replaced_at: float | None  # empty: it holds


def in_force(connection: sa.Connection) -> list[Edit]:
    """List the versions that hold, the oldest first."""
    return _read(connection, table.c.replaced_at.is_(None))


def history(connection: sa.Connection, kind: Kind, item_id: str) -> list[Edit]:
    """List every version of one item, the newest first."""
    mine = (table.c.kind == kind.value) & (table.c.item_id == item_id)
    return _read(connection, mine)[::-1]


def _read(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[Edit]:
    query = sa.select(table, staff.c.name.label("by")).join(staff, staff.c.id == table.c.staff_id)
    return [
        Edit(
            row.id, Kind(row.kind), row.item_id,
            {**row.content, "source": row.source, "as_of": row.as_of},
            row.by, row.at, row.replaced_at,
        )
        for row in connection.execute(query.where(which).order_by(table.c.id))
    ]  # fmt: skip


def version(connection: sa.Connection) -> tuple[int, int]:
    """Give what differs after every change, as cheaply as the database can."""
    query = sa.select(
        sa.func.coalesce(sa.func.max(table.c.id), 0), sa.func.count(table.c.replaced_at)
    )
    newest, ended = connection.execute(query).one()
    return int(newest), int(ended)


def overlay(files: Knowledge, edits: Iterable[Edit]) -> Knowledge:
    """Lay versions over the files' facts; one that breaks a rule leaves the file's in its place.

    Rules and countries come with an installation's version, so an old edit may not fit a new one.
    """
    parts: dict[Kind, dict[str, Fact]] = {
        kind: {rules.key_of(one): one for one in rules.of_kind(files, kind)} for kind in Kind
    }
    for edit in edits:
        try:
            made = rules.build(files, edit.kind, edit.item_id, edit.fields)
        except KnowledgeError as error:
            _logger.warning("edit %d does not hold: %s", edit.id, error)
            continue
        parts[edit.kind][edit.item_id] = made
    changed: dict[str, Any] = {_PART[kind]: tuple(found.values()) for kind, found in parts.items()}
    return replace(files, **changed)


def save(
    connection: sa.Connection,
    files: Knowledge,
    kind: Kind,
    item_id: str,
    fields: Mapping[str, Any],
    *,
    imprint: str,
    by: int,
    now: float,
    today: date,
) -> int:
    """Bring a version into force and give its id.

    Raises KnowledgeError when it breaks a rule, Refused when nothing differs, or when what its
    editor read (`imprint`) is no longer what stands there.
    """
    made = rules.check(files, kind, item_id, fields, today)
    standing, holding = _standing(connection, files, kind, item_id, imprint)
    if standing == made:
        raise Refused("nothing was changed")
    return _replace(connection, holding, kind, item_id, rules.fields_of(made), by=by, now=now)


def take_back(
    connection: sa.Connection,
    files: Knowledge,
    kind: Kind,
    item_id: str,
    *,
    to: int | None,
    imprint: str,
    by: int,
    now: float,
) -> int | None:
    """Let an earlier version hold again, or the file where `to` is None; gives the new id.

    Going back adds a version as well, so that the trace stays. Raises as `save` does.
    """
    _, holding = _standing(connection, files, kind, item_id, imprint)
    if holding is None and to is None:
        raise Refused("nothing was changed")
    if to is None:
        _replace(connection, holding, kind, item_id, None, by=by, now=now)
        return None
    wanted = next((one for one in history(connection, kind, item_id) if one.id == to), None)
    if wanted is None or wanted.replaced_at is None:
        raise Refused("nothing was changed")
    rules.build(files, kind, item_id, wanted.fields)
    return _replace(connection, holding, kind, item_id, wanted.fields, by=by, now=now)


def _standing(
    connection: sa.Connection, files: Knowledge, kind: Kind, item_id: str, imprint: str
) -> tuple[Fact | None, Edit | None]:
    """Give what holds now, and the edit it comes from; refuse who has read something else."""
    edits = [one for one in in_force(connection) if (one.kind, one.item_id) == (kind, item_id)]
    standing = rules.find(overlay(files, edits), kind, item_id)
    if rules.imprint_of(standing) != imprint:
        raise Refused(OVERTAKEN)
    return standing, next(iter(edits), None)


def _replace(
    connection: sa.Connection,
    holding: Edit | None,
    kind: Kind,
    item_id: str,
    fields: Fields | None,
    *,
    by: int,
    now: float,
) -> int:
    """End the version that was read and write the next; whoever was faster wins."""
    if holding is not None:
        same = (table.c.id == holding.id) & table.c.replaced_at.is_(None)
        ended = connection.execute(sa.update(table).where(same).values(replaced_at=now))
        if ended.rowcount != 1:
            raise Refused(OVERTAKEN)
    if fields is None:
        return 0
    content = {name: v for name, v in fields.items() if name not in ("source", "as_of")}
    row = {
        "kind": kind.value, "item_id": item_id, "content": content, "source": fields["source"],
        "as_of": fields["as_of"], "staff_id": by, "at": now,
    }  # fmt: skip
    try:
        return int(connection.execute(sa.insert(table).returning(table.c.id), row).scalar_one())
    except sa.exc.IntegrityError as error:
        raise Refused(OVERTAKEN) from error


class KnowledgeCache:
    """The facts as they hold now: files read once, edits read again when there is a new one."""

    def __init__(
        self, engine: sa.Engine, files: Knowledge, *, now: Callable[[], float] = time.time
    ) -> None:
        """Remember where to look; the database is not asked yet."""
        self.files = files
        self._engine, self._now = engine, now
        self._lock = Lock()
        self._looked: float | None = None
        self._version = (0, 0)
        self._known = files

    def current(self) -> Knowledge:
        """Give the facts, at most LOOK_SECONDS old."""
        with self._lock:
            now = self._now()
            # A clock that was set back must not silence the look-up.
            if self._looked is None or not 0 <= now - self._looked < LOOK_SECONDS:
                self._look()
                self._looked = now
            return self._known

    def _look(self) -> None:
        try:
            with db.read(self._engine) as connection:
                found = version(connection)
                if found != self._version:
                    self._known = overlay(self.files, in_force(connection))
                    self._version = found
        except sa.exc.OperationalError as error:
            # Somebody who asks for a number gets the last known one, not silence.
            _logger.warning("edits of facts cannot be read: %s", type(error.orig).__name__)
