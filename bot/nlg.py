"""Gives every response its form: the channel's variant, the caller's language, the values."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Optional

from babel.messages.pofile import read_po
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

LOCALE = Path(__file__).resolve().parent.parent / "locale"
_PLACE = re.compile(r"\{(\w+)\}")
_IN_INDONESIAN = "utter_phrase_in_indonesian"
_ANSWERS = ("utter_faq/", "utter_destination", "utter_offer_result")
_GAP = re.compile(r"\n{3,}")


def load_catalogues(folder: Path) -> dict[str, dict[tuple[str, str], str]]:
    """Read locale/<language>/LC_MESSAGES/bot.po into {language: {(context, id): text}}.

    Entries marked fuzzy (not yet read by a native speaker) count: a careful first translation
    helps a frightened caller more than a language she does not read. Catalogues say so.
    """
    catalogues: dict[str, dict[tuple[str, str], str]] = {}
    for file in sorted(folder.glob("*/LC_MESSAGES/bot.po")):
        with file.open("rb") as stream:
            entries = read_po(stream)
        catalogues[file.parent.parent.name] = {
            (str(e.context or ""), str(e.id)): str(e.string) for e in entries if e.id and e.string
        }
    return catalogues


class SuarNlg(TemplatedNaturalLanguageGenerator):
    """Named in endpoints.yml; runs inside Rasa, without a network hop."""

    def __init__(self, endpoint_config: Optional[EndpointConfig], domain: Domain) -> None:
        """Take the texts from the domain and the translations from locale/."""
        # Rasa gives a templated generator the real domain once the model is loaded.
        super().__init__(domain.responses)
        self._catalogues = load_catalogues(LOCALE)

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> Optional[dict[str, Any]]:
        """Build one reply; None when there is no such response."""
        variant, context = self._variant(utter_action, output_channel)
        if variant is None:
            return None
        # The action that changes the language answers in the new one already.
        language = kwargs.get("language") or tracker.get_slot("language") or "id"
        values = {**tracker.current_slot_values(), **kwargs}
        said = self._translate(language, context, variant.get("text", ""))
        text = _fill(self._explained(said, language, context, variant, output_channel), values)
        buttons = [
            {**b, "title": self._translate(language, "button", b["title"])}
            for b in ([] if kwargs.get("plain") else variant.get("buttons") or [])
        ]
        return {"text": text, "buttons": buttons}

    def _variant(self, name: str, channel: str) -> tuple[Optional[dict[str, Any]], str]:
        variants = self.responses.get(name) or []
        for variant in variants:
            if variant.get("channel") == channel:
                return variant, f"{name}.{channel}"
        plain = [v for v in variants if not v.get("channel")]
        return (plain[0] if plain else None), name

    def _explained(
        self, said: str, language: str, context: str, variant: dict[str, Any], channel: str
    ) -> str:
        """Say in the caller's language that what follows is in Indonesian, where it is.

        Not before every question and phrase: an answer is where she needs to know it.
        """
        known = self._catalogues.get(language, {})
        if not known or (context, variant.get("text", "")) in known:
            return said
        if not context.startswith(_ANSWERS):
            return said
        phrase, place = self._variant(_IN_INDONESIAN, channel)
        told = self._translate(language, place, phrase["text"]) if phrase else ""
        return f"{told}\n\n{said}" if told else said

    def _translate(self, language: str, context: str, text: str) -> str:
        return self._catalogues.get(language, {}).get((context, text), text)


def _fill(text: str, values: dict[str, Any]) -> str:
    """Put values into {places}; an unknown place stays visible instead of raising."""
    filled = _PLACE.sub(lambda m: str(values.get(m[1], m[0])), text)
    return _GAP.sub("\n\n", filled)  # a place that was filled with nothing leaves no hole
