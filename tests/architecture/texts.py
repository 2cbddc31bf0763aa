"""Reading of the domain, the rules and the code for the tests of promises."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PACKAGES = ("hotline", "store", "channels", "actions", "bot", "suar")
Variant = dict[str, Any]


def python_files(*folders: str) -> Iterator[Path]:
    """Give our own Python files, none of an environment's."""
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            if ".venv" not in file.parts and "node_modules" not in file.parts:
                yield file


@cache
def parse(file: Path) -> ast.Module:
    """Read a Python file's syntax tree."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


@cache
def load(file: Path) -> Any:
    """Read a YAML file."""
    return yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)


@cache
def domain() -> dict[str, Any]:
    """Join the files of the domain as Rasa does."""
    joined: dict[str, Any] = {"intents": [], "responses": {}, "actions": [], "forms": {}}
    for file in sorted((ROOT / "bot" / "domain").glob("*.yml")):
        content = load(file)
        joined["intents"] += content.get("intents") or []
        joined["actions"] += content.get("actions") or []
        joined["forms"] |= content.get("forms") or {}
        for name, variants in (content.get("responses") or {}).items():
            assert name not in joined["responses"], f"{name} stands in two files"
            joined["responses"][name] = variants
    return joined


def variants() -> Iterator[tuple[str, Variant]]:
    """Give every form of every response."""
    for name, forms in domain()["responses"].items():
        for form in forms:
            yield name, form


def steps() -> Iterator[dict[str, Any]]:
    """Give every step of every rule."""
    for file in sorted((ROOT / "data" / "rules").glob("*.yml")):
        for rule in load(file)["rules"]:
            yield from rule["steps"]


def example_intents(language: str) -> dict[str, int]:
    """Count the examples of every intent in one language, by full name."""
    counts: dict[str, int] = {}
    for file in sorted((ROOT / "data" / "nlu" / language).glob("*.yml")):
        for block in load(file)["nlu"]:
            lines = [x for x in block.get("examples", "").splitlines() if x.startswith("- ")]
            counts[block["intent"]] = counts.get(block["intent"], 0) + len(lines)
    return counts


def rule_intent(full: str) -> str:
    """Name the intent that Rasa's rules see for a full name."""
    if not full.startswith("faq/"):
        return full
    return "facts" if full in {"faq/contacts", "faq/destinations"} else "faq"
