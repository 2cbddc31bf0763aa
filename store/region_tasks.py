"""What origin, transit and destination have to do for somebody, and what of it is done."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlalchemy as sa
import yaml

from hotline.errors import ContentError, Refused
from hotline.settings import ROOT
from store.knowledge import load_knowledge
from store.tables import ticket_events
from store.ticket_events import add_event
from store.ticket_work import PARTS

_FILE = "region_tasks.yml"
_KIND = "task_marked"


@dataclass(frozen=True)
class Task:
    """One thing a region does, and the types of unit that do it."""

    id: str
    part: str
    task: str
    units: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Done:
    """Who said last that a task is done."""

    by: str
    at: float


@cache
def load_tasks(knowledge: Path = ROOT / "knowledge") -> tuple[Task, ...]:
    """Read the tasks once; raises ContentError when the file is broken."""
    rows = yaml.safe_load((knowledge / _FILE).read_text("utf-8"))
    units = {unit.id for unit in load_knowledge(knowledge).units}
    tasks = tuple(_task(row, units) for row in rows)
    if len({task.id for task in tasks}) != len(tasks):
        raise ContentError(f"{_FILE}: an id is used twice")
    return tasks


def _task(row: dict[str, object], units: set[str]) -> Task:
    names = ("id", "part", "task", "source")
    texts = [row.get(name) for name in names]
    named = row.get("units")
    if not all(isinstance(text, str) and text for text in texts) or not isinstance(named, list):
        raise ContentError(f"{_FILE}: {row.get('id')}: needs {', '.join(names)} and units")
    if row["part"] not in PARTS or not units.issuperset(named):
        raise ContentError(f"{_FILE}: {row['id']}: unknown part or unit")
    return Task(str(texts[0]), str(texts[1]), str(texts[2]), tuple(named), str(texts[3]))


def mark(
    connection: sa.Connection, ticket_id: int, task: str, *, done: bool, actor: str, now: float
) -> None:
    """Note that a task is done, or not done after all; both stay in the ticket's log."""
    if task not in {one.id for one in load_tasks()}:
        raise Refused("no such task")
    details = {"task": task, "done": done}
    add_event(connection, ticket_id, _KIND, actor, details, message_id=None, now=now)


def done_of(connection: sa.Connection, ticket_id: int) -> dict[str, Done]:
    """Read which tasks of a ticket are done; the last word about each counts."""
    rows = connection.execute(
        sa.select(ticket_events.c.details, ticket_events.c.actor, ticket_events.c.at)
        .where(ticket_events.c.ticket_id == ticket_id, ticket_events.c.kind == _KIND)
        .order_by(ticket_events.c.id)
    )
    found: dict[str, Done] = {}
    for row in rows:
        found.pop(row.details["task"], None)
        if row.details["done"]:
            found[row.details["task"]] = Done(row.actor, row.at)
    return found
