"""The pipeline component that finds names, numbers, places and dates in a message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rasa.shared.utils.io
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.entity_rules import Rules
from bot.components.entity_tagger import Tagger
from bot.components.files import fingerprint, read_list
from bot.components.patterns import is_time_of_day
from bot.components.spans import Span, settle
from bot.components.stored import Stored

# The form of these is fixed, so the rule knows better than anything learned from examples.
BY_RULE_ALONE = frozenset({"ticket_code", "phone", "licence_no"})
# What the rules find of these is nearly always meant, so the tagger may add to it, not drop it.
SURE = frozenset({"amount", "date"})
LEAST_EXAMPLES = 20
_FORM_BEFORE = re.compile(r"(?<!\w)(?:p\.?t|c\.?v|p3mi|lpk|yayasan)\.?\s*$", re.IGNORECASE)
_OFFICE_IN_FRONT = re.compile(
    r"(?:desa|ds|kabupaten|kab|kecamatan|kec|kelurahan|kel|dusun|provinsi|prov)\b\.?\s*(?=\w)",
    re.IGNORECASE,
)
_PERMIT_IN_FRONT = re.compile(
    r"(?:no(?:mor|mer)?\b[\s.:]*)?(?:surat\s)?i[zj]in(?:nya|ne|na|\snya)?[\s.:]*"
    r"(?:no(?:mor|mer)?\b[\s.:]*)?(?=\w)",
    re.IGNORECASE,
)
SOURCES = (
    "stored.py",
    "text.py",
    "spans.py",
    "patterns.py",
    "gazetteer.py",
    "entity_rules.py",
    "entity_words.py",
    "entity_tagger.py",
    "entities.py",
)
LISTS = ("countries", "regions", "occupations", "after_firm", "firm_words")


def _countries(path: Path) -> list[str]:
    """Return the names and everyday spellings of all countries."""
    if not path.is_file():
        return []
    countries = rasa.shared.utils.io.read_yaml_file(path)
    if isinstance(countries, dict):
        countries = countries.get("countries", [])
    return [
        str(name)
        for country in countries
        for name in [country["name"], *(country.get("aliases") or [])]
    ]


def told_spans(message: Message) -> list[Span]:
    """Return the spans an author marked in a training example."""
    spans = [Span(e["entity"], e["start"], e["end"]) for e in message.get(ENTITIES) or []]
    return _in_house(message.get(TEXT), spans)


def in_house_style(text: str, span: Span) -> Span:
    """Return a span as the labelling rules want it, whichever way its author marked it.

    A firm's name has its "PT" or "yayasan" when that was typed; a region has no "desa" or
    "kabupaten", and a licence number no "nomor izin", which says only what it is.
    """
    if span.kind == "recruiter":
        form = _FORM_BEFORE.search(text, 0, span.start)
        return Span(span.kind, form.start() if form else span.start, span.end)
    if span.kind == "region":
        office = _OFFICE_IN_FRONT.match(text, span.start, span.end)
        return Span(span.kind, office.end() if office else span.start, span.end)
    if span.kind == "licence_no":
        called = _PERMIT_IN_FRONT.match(text, span.start, span.end)
        return Span(span.kind, called.end() if called else span.start, span.end)
    return span


def _in_house(text: str, spans: Sequence[Span]) -> list[Span]:
    """Return the spans in our style, without times of day marked as dates."""
    return [
        in_house_style(text, span)
        for span in spans
        if not (span.kind == "date" and is_time_of_day(text[span.start : span.end]))
    ]


class FactModel:
    """The rules and, where there were enough examples, the learned tagger over them."""

    def __init__(self, rules: Rules, tagger: Tagger | None) -> None:
        """Put the two together."""
        self._rules = rules
        self._tagger = tagger

    def spans(self, text: str) -> list[Span]:
        """Return what a text names, without overlaps, from left to right."""
        ruled = self._rules.spans(text)
        if self._tagger is None:
            return ruled
        learned = self._tagger.spans(text, ruled)
        fixed = [span for span in ruled if span.kind in BY_RULE_ALONE]
        free = [span for span in learned if span.kind not in BY_RULE_ALONE]
        missed = [span for span in ruled if span.kind in SURE and not _touches(span, free)]
        return settle(_in_house(text, [*fixed, *free, *missed]))


def _touches(span: Span, others: Sequence[Span]) -> bool:
    return any(span.overlaps(other) for other in others)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class FactExtractor(Stored):
    """Adds entities, each with its value exactly as typed."""

    file_name = "entities.joblib"

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings this component takes in config.yml."""
        return {
            "countries": "knowledge/countries.yml",
            "regions": "data/lookup/regions.txt",
            "occupations": "data/lookup/occupations.txt",
            "after_firm": "data/lookup/after_firm.txt",
            "firm_words": "data/lookup/firm_words.txt",
            "learn": True,
            "rounds": 60,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make a changed list or rule a reason to train anew."""
        settings = {**cls.get_default_config(), **config}
        lists = [Path(settings[name]) for name in LISTS]
        return fingerprint(*lists, *(Path(__file__).with_name(name) for name in SOURCES))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from marked examples which finds of the rules to believe, and what they miss."""
        occupations = read_list(Path(self._config["occupations"]))
        firm_words = read_list(Path(self._config["firm_words"]))
        rules = Rules(
            countries=_countries(Path(self._config["countries"])),
            regions=read_list(Path(self._config["regions"])),
            occupations=occupations,
            after_firm=read_list(Path(self._config["after_firm"])),
            firm_words=firm_words,
        )
        examples = [m for m in training_data.training_examples if m.get(TEXT)]
        marked = sum(1 for m in examples if m.get(ENTITIES))
        tagger = None
        if self._config["learn"] and marked >= LEAST_EXAMPLES:
            texts = [m.get(TEXT) for m in examples]
            tagger = Tagger(rounds=self._config["rounds"], firm_words=firm_words, jobs=occupations)
            tagger.fit(texts, [rules.spans(t) for t in texts], [told_spans(m) for m in examples])
        return self.keep(FactModel(rules, tagger))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add to each message what it names."""
        if self._model is None:
            return messages
        for message in messages:
            text = message.get(TEXT) or ""
            found = [
                {
                    "entity": span.kind,
                    "value": text[span.start : span.end],
                    "start": span.start,
                    "end": span.end,
                    "extractor": "FactExtractor",
                }
                for span in self._model.spans(text)
            ]
            message.set(ENTITIES, found, add_to_output=True)
        return messages
