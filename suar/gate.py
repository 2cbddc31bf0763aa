"""Lets a new model take the place of the one in use only when it reads no worse.

The first model of an installation has nothing to be measured against and is taken as it is.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hotline.danger import Guard
from hotline.settings import ROOT
from store.danger import load_guard
from suar import figures
from suar.figures import Figures, Verdict
from suar.parse import DANGER_FOLDER, Command, ParseError, bot_command
from suar.unseen import Sets, read_pairs, read_sets

_IN_USE = "in-use.json"
Tell = Callable[[str], None]


class CannotCompare(Exception):  # noqa: N818 - what it is, not an error
    """Two models cannot be laid side by side; the text says why."""


@dataclass(frozen=True)
class Judge:
    """What judging a model needs; tests bring small sets and a model of their own."""

    sets: Sets
    guard: Guard
    code: str
    command: Command = bot_command

    def figures(self, model: Path, tell: Tell) -> Figures:
        """Give a model's figures, measuring them where they are not known yet."""
        known = figures.load(beside(model))
        if known is not None and known.code == self.code and known.covers(self.sets):
            return known
        count = sum(len(examples) for examples in self.sets.values())
        tell(f"reading {count} unseen messages with {model.name} ...")
        try:
            pairs = read_pairs(self.sets, model=model, guard=self.guard, command=self.command)
        except (ParseError, OSError, ValueError) as problem:
            raise CannotCompare(f"{model.name} cannot be read: {problem}") from None
        found = figures.figures_of(pairs, self.code)
        figures.save(found, pairs, beside(model))
        return found

    def compare(self, old: Path, new: Path, tell: Tell) -> Verdict:
        """Say what is worse with the new model; raises CannotCompare."""
        if not self.sets:
            raise CannotCompare("there are no unseen messages here")
        return figures.compare(self.figures(old, tell), self.figures(new, tell), self.sets)


def judge(code: str) -> Judge:
    """Read the unseen messages and the danger guard; `code` names all that reads but the model."""
    return Judge(read_sets(), load_guard(DANGER_FOLDER), code)


def beside(model: Path) -> Path:
    """Say where a model's figures are kept."""
    return model.with_name(model.name.removesuffix(".tar.gz") + ".json")


def in_use(folder: Path, besides: Path | None = None) -> Path | None:
    """Give the model in use; where nobody has noted it, the newest one `besides` another."""
    noted = folder / Path(str(_notes(folder).get("model", ""))).name
    if noted.is_file():
        return noted
    others = [file for file in folder.glob("suar-*.tar.gz") if "-part." not in file.name]
    left = [file for file in others if file != besides]
    return max(left, key=lambda file: file.stat().st_mtime, default=None)


def admit(
    new: Path, *, make_judge: Callable[[], Judge], allow: bool, tell: Tell, root: Path = ROOT
) -> Path:
    """Give the model to use: the new one, or the one in use when the new one reads worse.

    `allow` is the operator's own decision for the new one.
    """
    old = in_use(new.parent, new)
    if old is None or old == new or allow:
        return _take(new)
    refused = _notes(new.parent).get("refused") or {}
    if refused.get(new.name) == old.name:
        tell(f"{new.name} was refused: it reads worse than {old.name}, which goes on")
        tell("  `suar evaluate` shows how; `suar train --allow` takes the new one all the same")
        return old
    try:
        verdict = make_judge().compare(old, new, tell)
    except CannotCompare as reason:
        tell(f"{new.name} is taken without a comparison: {reason}")
        return _take(new)
    if verdict.good:
        return _take(new)
    return _refuse(new, old, verdict, tell, root)


def _refuse(new: Path, old: Path, verdict: Verdict, tell: Tell, root: Path) -> Path:
    tell(f"{new.name} reads worse than {old.name}, the model in use:")
    for line in verdict.lines():
        tell(line)
    if strange := misfits(old, root):
        # A talk that breaks off in the middle harms every caller.
        tell(f"but {old.name} does not fit this version ({', '.join(strange)}):")
        tell("  the new one is taken; go back to the earlier version to keep the old one")
        return _take(new)
    notes = _notes(new.parent)
    refused = {**(notes.get("refused") or {}), new.name: old.name}
    _note(new.parent, {"model": old.name, "refused": refused})
    tell(f"it is refused, and {old.name} goes on; `suar train --allow` takes it all the same")
    return old


def misfits(old: Path, root: Path = ROOT) -> list[str]:
    """Name what keeps an old model from working with the actions and texts of now."""
    try:
        with tarfile.open(old) as archive:
            names = [name for name in archive.getnames() if name.endswith("domain.yml")]
            stream = archive.extractfile(names[0]) if names else None
            then = yaml.load(stream, yaml.CSafeLoader) if stream else {}
    except (tarfile.TarError, OSError, yaml.YAMLError, KeyError):
        return ["it cannot be opened"]
    now = _domain(root / "bot" / "domain")
    gone = _names(then, "responses") - _names(now, "responses")
    gone |= {name for name in _names(then, "actions") if not name.startswith("utter_")} - _names(
        now, "actions"
    )
    return sorted(gone) + sorted(_names(now, "slots") - _names(then, "slots"))


def _domain(folder: Path) -> dict[str, Any]:
    whole: dict[str, Any] = {"responses": {}, "slots": {}, "actions": []}
    for file in sorted(folder.glob("*.yml")):
        part = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}
        whole["responses"] |= part.get("responses") or {}
        whole["slots"] |= part.get("slots") or {}
        whole["actions"] += [*(part.get("actions") or []), *(part.get("forms") or {})]
    return whole


def _names(domain: Mapping[str, Any], part: str) -> set[str]:
    return {str(name) for name in domain.get(part) or ()}


def _take(model: Path) -> Path:
    _note(model.parent, {"model": model.name})
    return model


def _notes(folder: Path) -> dict[str, Any]:
    try:
        plain = json.loads((folder / _IN_USE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return plain if isinstance(plain, dict) else {}


def _note(folder: Path, notes: dict[str, Any]) -> None:
    if _notes(folder) != notes:
        fresh = folder / f".{_IN_USE}.part"
        fresh.write_text(json.dumps(notes, indent=1) + "\n", encoding="utf-8")
        fresh.replace(folder / _IN_USE)
