"""What Suar says outside Rasa: the same texts and translations that the bot uses, read by id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel.messages.pofile import read_po

from hotline.errors import ContentError
from hotline.messages import Choice, Reply
from hotline.settings import ROOT

DOMAIN = ROOT / "bot" / "domain"
LOCALE = ROOT / "locale"
_PLACE = re.compile(r"\{(\w+)\}")
_Catalogue = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Texts:
    """All responses of bot/domain by name, and the catalogues of locale/ by language."""

    responses: dict[str, list[dict[str, Any]]]
    catalogues: dict[str, _Catalogue]

    def get(self, name: str, language: str, channel: str, /, **values: object) -> str:
        """Give one text in the form for a channel and language, with its places filled."""
        variant, context = self._variant(name, channel)
        text = self.translate(language, context, str(variant["text"]))
        return _PLACE.sub(lambda m: str(values.get(m[1], m[0])), text)

    def reply(self, name: str, language: str, channel: str, /, **values: object) -> Reply:
        """Give one text with the choices that belong to it."""
        variant, _ = self._variant(name, channel)
        choices = tuple(
            Choice(self.translate(language, "button", b["title"]), b["payload"])
            for b in variant.get("buttons") or []
        )
        return Reply(self.get(name, language, channel, **values), choices)

    def _variant(self, name: str, channel: str) -> tuple[dict[str, Any], str]:
        variants = self.responses.get(name)
        if not variants:
            raise ContentError(f"no response {name} in bot/domain")
        for variant in variants:
            if variant.get("channel") == channel:
                return variant, f"{name}.{channel}"
        return variants[0], name

    def translate(self, language: str, context: str, text: str) -> str:
        """Give the catalogue's text for an Indonesian one, or that one when there is none."""
        return self.catalogues.get(language, {}).get((context, text), text)


def load_texts(domain: Path = DOMAIN, locale: Path = LOCALE) -> Texts:
    """Read every response and every catalogue; raises ContentError naming a broken file."""
    responses: dict[str, list[dict[str, Any]]] = {}
    for file in sorted(domain.glob("*.yml")):
        try:
            content = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
        except yaml.YAMLError as error:
            raise ContentError(f"{file}: {error}") from None
        if not isinstance(content, dict):
            raise ContentError(f"{file}: a mapping with `responses` is expected")
        responses.update(content.get("responses") or {})
    catalogues = {
        file.parent.parent.name: _catalogue(file, file.stat().st_mtime_ns)
        for file in _catalogue_files(locale)
    }
    return Texts(responses, catalogues)


def _catalogue_files(locale: Path) -> list[Path]:
    return sorted(locale.glob("*/LC_MESSAGES/bot.po"))


@lru_cache(maxsize=64)  # several parts of one process read the same dozen
def _catalogue(file: Path, _changed: int) -> _Catalogue:
    with file.open("rb") as stream:
        entries = read_po(stream)
    return {(str(e.context or ""), str(e.id)): str(e.string) for e in entries if e.id and e.string}
