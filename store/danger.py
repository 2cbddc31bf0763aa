"""Reads the danger rules of every language and puts them together into one guard."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from hotline.contexts import SIDES, Context
from hotline.danger import Guard, Lexicon, Rule
from hotline.errors import ContentError
from hotline.folding import plain, squeezed
from hotline.frames import FRAME_SIDES, Frame
from hotline.signs import Scale, Sign

_KEYS = frozenset(
    {
        "language",
        "groups",
        "skip",
        "spellings",
        "as_typed",
        "keywords",
        "contexts",
        "rules",
        "scale",
        "signs",
        "frames",
    }
)
_SCALE_KEYS = frozenset({"ring", "rule", "sure", "faint", "denied_by"})


def load_guard(folder: Path) -> Guard:
    """Read every rule file of a folder; callers mix languages, so all apply to every message.

    Raises ContentError for a file that cannot be used.
    """
    files = {path.name: _read(path) for path in sorted(folder.glob("*.yml"))}
    if not files:
        raise ContentError(f"{folder}: there are no danger rules")
    groups: dict[str, frozenset[str]] = {}
    contexts: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, content in files.items():
        _gather_groups(groups, name, content)
        _gather_contexts(contexts, name, content)
    rules = [
        _rule(name, row) for name, content in files.items() for row in content.get("rules", [])
    ]
    lexicon = Lexicon(
        groups=groups,
        spellings=_spellings(files),
        as_typed=_as_typed(files),
        keywords=frozenset(_words_of(files, "keywords")),
        skip=frozenset(_words_of(files, "skip")),
    )
    try:
        around = {name: Context(**sides) for name, sides in contexts.items()}
        return Guard(rules, around, lexicon, _scale(files, groups), _frames(files, rules))
    except ValueError as error:
        raise ContentError(f"{folder}: {error}") from error


def _read(path: Path) -> Mapping[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(f"{path.name}: cannot be read: {error}") from error
    if not isinstance(content, dict) or not content.keys() <= _KEYS:
        raise ContentError(f"{path.name}: only {', '.join(sorted(_KEYS))} may stand here")
    return content


def _texts(file: str, place: str, values: Any) -> tuple[str, ...]:
    # YAML reads a bare no, yes, on or off as true or false.
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise ContentError(f"{file}: {place}: must be a list of texts (quote no, yes, on, off)")
    return tuple(plain(one) for one in values)


def _phrases(file: str, place: str, block: Any) -> tuple[str, ...]:
    if not isinstance(block, str):
        raise ContentError(f"{file}: {place}: must be a block of lines, one phrase a line")
    return tuple(line for line in map(str.strip, plain(block).splitlines()) if line)


def _gather_groups(
    groups: dict[str, frozenset[str]], file: str, content: Mapping[str, Any]
) -> None:
    for name, values in content.get("groups", {}).items():
        members = {squeezed(word) for word in _texts(file, f"group {name}", values)}
        groups[name] = groups.get(name, frozenset()) | members


def _gather_contexts(
    contexts: dict[str, dict[str, tuple[str, ...]]], file: str, content: Mapping[str, Any]
) -> None:
    for name, sides in content.get("contexts", {}).items():
        together = contexts.setdefault(name, {})
        for side, values in sides.items():
            if side not in SIDES:
                raise ContentError(f"{file}: context {name}: {side} is not {', '.join(SIDES)}")
            phrases = _phrases(file, f"context {name}", values)
            together[side] = together.get(side, ()) + phrases


def _rule(file: str, row: Any) -> Rule:
    if not isinstance(row, dict) or not {"id", "any"} <= row.keys() <= {"id", "any", "unless"}:
        raise ContentError(f"{file}: a rule has id, any and perhaps unless: {row}")
    rule_id = str(row["id"])
    phrases = _phrases(file, f"rule {rule_id}", row["any"])
    return Rule(rule_id, phrases, _texts(file, f"rule {rule_id}", row.get("unless", [])))


def _frames(files: Mapping[str, Mapping[str, Any]], rules: Sequence[Rule]) -> list[Frame]:
    """Read the frames; those of one id in several files are one."""
    known = {rule.id for rule in rules}
    sides: dict[str, dict[str, tuple[str, ...]]] = {}
    spares: dict[str, frozenset[str]] = {}
    for file, content in files.items():
        for row in content.get("frames", []):
            keys = {"id", "spares", *FRAME_SIDES}
            if not isinstance(row, dict) or "id" not in row or not row.keys() <= keys:
                raise ContentError(f"{file}: a frame has {', '.join(sorted(keys))}: {row}")
            name = str(row["id"])
            spared = frozenset(_texts(file, f"frame {name}", row.get("spares", [])))
            if not spared <= known:
                raise ContentError(f"{file}: frame {name}: no rule is named {spared - known}")
            spares[name] = spares.get(name, frozenset()) | spared
            together = sides.setdefault(name, dict.fromkeys(FRAME_SIDES, ()))
            for side in FRAME_SIDES:
                together[side] += _phrases(file, f"frame {name}", row.get(side, ""))
    return [Frame(name, **texts, spares=spares[name]) for name, texts in sides.items()]


def _scale(
    files: Mapping[str, Mapping[str, Any]], groups: Mapping[str, frozenset[str]]
) -> Scale | None:
    signs = tuple(_sign(name, row) for name, one in files.items() for row in one.get("signs", []))
    if not signs:
        return None
    for file, content in files.items():
        if "scale" in content:
            scale = content["scale"]
            if not isinstance(scale, dict) or scale.keys() != _SCALE_KEYS:
                raise ContentError(f"{file}: a scale has {', '.join(sorted(_SCALE_KEYS))}: {scale}")
            ring, rule, sure = (_number(file, key, scale[key]) for key in ("ring", "rule", "sure"))
            faint = frozenset(_texts(file, "faint", scale["faint"]))
            denying = {squeezed(word) for word in _texts(file, "denied_by", scale["denied_by"])}
            denied_by = groups.get("no", frozenset()) | denying
            return Scale(signs, ring, rule, sure, faint, denied_by)
    raise ContentError("there are signs of danger but no scale to weigh them")


def _sign(file: str, row: Any) -> Sign:
    if not isinstance(row, dict) or row.keys() != {"id", "weight", "any"}:
        raise ContentError(f"{file}: a sign has id, weight and any: {row}")
    sign_id = str(row["id"])
    weight = _number(file, f"sign {sign_id}", row["weight"])
    return Sign(sign_id, weight, _phrases(file, f"sign {sign_id}", row["any"]))


def _number(file: str, place: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ContentError(f"{file}: {place}: must weigh a number, not {value}")
    return float(value)


def _spellings(files: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    spellings: dict[str, str] = {}
    for file, content in files.items():
        for word, variants in content.get("spellings", {}).items():
            for variant in _texts(file, f"spelling {word}", variants):
                spellings[squeezed(variant)] = squeezed(word)
    return spellings


def _as_typed(files: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for file, content in files.items():
        pairs = content.get("as_typed", {})
        if not isinstance(pairs, dict):
            raise ContentError(f"{file}: as_typed: must give a word for a word")
        for typed, meant in pairs.items():
            found |= dict(
                zip(*(_texts(file, "as_typed", [one]) for one in (typed, meant)), strict=True)
            )
    return found


def _words_of(files: Mapping[str, Mapping[str, Any]], part: str) -> Iterable[str]:
    for file, content in files.items():
        yield from (squeezed(word) for word in _texts(file, part, content.get(part, [])))
