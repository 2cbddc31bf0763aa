"""`make messages`: gathers every text a caller reads into gettext catalogues for translators."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from hotline.languages import Answers
from hotline.settings import ROOT
from store.languages import load_languages
from suar import console_messages

# What a language that has only the road leaves in Indonesian, and the topics it has of its own.
_BESIDE_THE_ROAD = re.compile(
    r"country$|destination\.|offer\.|utter_try_|utter_offer|utter_destination|utter_faq/"
)
_HEADER = "# Texts of Suar's bot. Entries marked fuzzy have not been read by a native speaker."
Entry = tuple[str, str]  # context, Indonesian text


def languages() -> tuple[str, ...]:
    """Give the codes of the languages that have a catalogue."""
    known = load_languages()
    return tuple(c for c in known.codes(Answers.FULL, Answers.ROAD) if c != "id")


def belongs(context: str, language: str) -> bool:
    """Say whether a text is to be translated into a language."""
    known = load_languages()
    if language in known.codes(Answers.FULL):
        return True
    if context.startswith("utter_faq/"):
        return context[len("utter_faq/") :].removesuffix(".sms") in known.road_topics
    return not _BESIDE_THE_ROAD.match(context)


def _load(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)


def entries(root: Path = ROOT) -> Iterator[Entry]:
    """Give every text with the context under which the bot looks it up."""
    for file in sorted((root / "bot" / "domain").glob("*.yml")):
        for name, variants in (_load(file).get("responses") or {}).items():
            for variant in variants:
                channel = variant.get("channel")
                yield (f"{name}.{channel}" if channel else name), variant["text"]
                for button in variant.get("buttons") or []:
                    yield "button", button["title"]
    yield from _offer_entries(_load(root / "knowledge" / "offer_signs.yml"))
    for row in _rows(_load(root / "knowledge" / "countries.yml")):
        yield "country", row["name"]
    for row in _rows(_load(root / "knowledge" / "destinations.yml")):
        yield f"destination.{row['code']}", row["text"].strip()
        yield f"destination.{row['code']}.sms", row["sms"].strip()


def _rows(content: Any) -> list[Any]:
    if isinstance(content, list):
        return content
    return next(value for value in content.values() if isinstance(value, list))


def _offer_entries(offers: Any) -> Iterator[Entry]:
    for kind, key in (("sign", "signs"), ("question", "questions"), ("grade", "grades")):
        for item in offers[key]:
            for field, suffix in (("text", ""), ("sms", ".sms")):
                if item.get(field):
                    yield f"offer.{kind}.{item['id']}{suffix}", item[field].strip()
            if item.get("title"):
                yield f"offer.title.{item['id']}", item["title"]
            for choice in item.get("choices") or []:
                yield "button", choice["title"]


def catalogue_file(language: str, root: Path = ROOT) -> Path:
    """Say where a language's catalogue is."""
    return root / "locale" / language / "LC_MESSAGES" / "bot.po"


def read_catalogue(language: str, root: Path = ROOT) -> Catalog:
    """Read a catalogue, or begin an empty one."""
    file = catalogue_file(language, root)
    if not file.exists():
        return Catalog(locale=language, project="Suar", charset="utf-8")
    with file.open("rb") as stream:
        return read_po(stream, locale=language)


def update(language: str, root: Path = ROOT) -> tuple[int, int]:
    """Bring one catalogue up to date; returns how many texts are translated, of how many.

    A text that changed in Indonesian loses its translation, rather than keep one that says
    something else; the old one stays in the file's comments for the translator.
    """
    old = read_catalogue(language, root)
    known = {(m.context, m.id): m for m in old if m.id}
    fresh = Catalog(locale=language, charset="utf-8", header_comment=_HEADER, project="Suar")
    for context, text in dict.fromkeys(entries(root)):
        if not belongs(context, language):
            continue
        before = known.get((context, text))
        flags = before.flags if before else {"fuzzy"}
        fresh.add(text, before.string if before else "", context=context, flags=flags)
    kept = {(m.context, m.id) for m in fresh if m.id}
    for key, message in known.items():
        if key not in kept and message.string:
            fresh.obsolete[str(message.id)] = message
    fresh.obsolete.update({k: m for k, m in old.obsolete.items() if k not in fresh})
    _write(fresh, language, root)
    done = [m for m in fresh if m.id and m.string]
    return len(done), len([m for m in fresh if m.id])


def _write(catalogue: Catalog, language: str, root: Path) -> None:
    out = io.BytesIO()
    write_po(out, catalogue, width=0, omit_header=False, sort_output=False)
    file = catalogue_file(language, root)
    file.parent.mkdir(parents=True, exist_ok=True)
    # The date of writing would change the file at every run and say nothing.
    kept = [line for line in out.getvalue().splitlines() if b"-Date:" not in line]
    file.write_bytes(b"\n".join(kept) + b"\n")


def main() -> int:
    """Update every catalogue and say how complete it is."""
    for language in languages():
        done, of = update(language)
        print(f"{language}: {done} of {of} texts translated", file=sys.stderr)
    done, of = console_messages.update()
    print(f"console, en: {done} of {of} texts translated", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
