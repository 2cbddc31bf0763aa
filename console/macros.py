"""Macros as written down: a few steps on a ticket with one button."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from console.canned import Canned, load_canned
from hotline.errors import ContentError
from hotline.settings import ROOT
from hotline.tickets import LABEL, REACHES, UNSETTLED, State

_KEYS = frozenset({"id", "title", "take", "state", "labels", "note", "reply"})
_LONGEST_NOTE = 1000
_OWN_FORMS = {State.CLOSED, State.MERGED, *UNSETTLED}  # they ask for more than a button can


@dataclass(frozen=True)
class Macro:
    """What one button does, in this order; what is empty is left out."""

    id: str
    title: str
    take: bool = False
    state: State | None = None
    labels: tuple[str, ...] = ()
    note: str = ""
    reply: Canned | None = None  # goes into the reply box and is sent by a person


@cache
def load_macros(knowledge: Path = ROOT / "knowledge") -> tuple[Macro, ...]:
    """Read knowledge/macros.yml; raises ContentError saying which macro is wrong and how."""
    rows = yaml.load((knowledge / "macros.yml").read_text("utf-8"), yaml.CSafeLoader) or []
    if not isinstance(rows, list):
        raise ContentError("knowledge/macros.yml: not a list of macros")
    canned = {one.id: one for one in load_canned(knowledge)}
    found = tuple(_read(row, canned) for row in rows)
    twice = {one.id for one in found if sum(one.id == other.id for other in found) > 1}
    if twice:
        raise ContentError(f"knowledge/macros.yml: {', '.join(sorted(twice))} stands there twice")
    return found


def _read(row: Any, canned: dict[str, Canned]) -> Macro:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise ContentError("knowledge/macros.yml: a macro without an id")
    wrong = _wrong(row, canned)
    if wrong:
        raise ContentError(f"knowledge/macros.yml: {row['id']}: {wrong}")
    return Macro(
        row["id"],
        row["title"],
        take=row.get("take", False),
        state=State(row["state"]) if "state" in row else None,
        labels=tuple(row.get("labels", ())),
        note=row.get("note", "").strip(),
        reply=canned[row["reply"]] if "reply" in row else None,
    )


def _wrong(row: dict[str, Any], canned: dict[str, Canned]) -> str:
    """Say what is wrong with a macro; nothing when all is well."""
    labels, note = row.get("labels", []), row.get("note", "")
    states = {state.value for state in State if state not in _OWN_FORMS}
    # Each line answers a slip somebody makes with a text editor.
    checks = (
        (not _KEYS.issuperset(row), f"unknown: {', '.join(sorted(map(str, set(row) - _KEYS)))}"),
        (not row.keys() - {"id", "title"}, "it does nothing"),
        (not isinstance(row.get("title"), str) or not row["title"].strip(), "it has no title"),
        (not isinstance(row.get("take", False), bool), "take is true or false"),
        ("state" in row and row["state"] not in states, f"state is one of {sorted(states)}"),
        (
            not isinstance(labels, list)
            or not all(isinstance(one, str) and LABEL.fullmatch(one) for one in labels)
            or any(REACHES.search(one) for one in labels),
            "labels is a list; a label has 1 to 40 letters, digits, blanks or hyphens, no number",
        ),
        (
            not isinstance(note, str) or len(note) > _LONGEST_NOTE,
            f"note is a text of at most {_LONGEST_NOTE} signs",
        ),
        ("reply" in row and row["reply"] not in canned, f"reply is one of {sorted(canned)}"),
    )
    return next((said for is_wrong, said in checks if is_wrong), "")
