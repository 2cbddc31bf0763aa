"""Renders the console's pages: Jinja2 templates in Indonesian, translated by gettext."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from console.problems import explain
from hotline.attachments import is_active
from hotline.deadlines import how_late
from hotline.hours import zone_named
from hotline.settings import ROOT
from store.knowledge import load_knowledge
from store.regions import load_regions
from store.staff import Session

_HERE = Path(__file__).parent
LANGUAGES = ("id", "en")
WIB = timezone(timedelta(hours=7), "WIB")  # the desk's own time, Jakarta; it knows no summer time


def _catalogue(language: str) -> dict[str, str]:
    file = ROOT / "locale" / language / "LC_MESSAGES" / "console.po"
    if not file.is_file():
        return {}
    with file.open("rb") as stream:
        return {str(e.id): str(e.string) for e in read_po(stream) if e.id and e.string}


class Pages:
    """All templates and catalogues, read once."""

    def __init__(self) -> None:
        """Read the templates' folder and the catalogues."""
        self._catalogues = {language: _catalogue(language) for language in LANGUAGES}
        self._env = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._env.filters["moment"] = moment
        self._env.filters["iso"] = iso
        self._env.filters["clock"] = clock
        self._env.filters["place"] = place
        self._env.globals["how_late"] = how_late
        self._env.tests["active"] = is_active

    def translator(self, language: str) -> Callable[[str], str]:
        """Give the function that turns an Indonesian sentence into the reader's."""
        catalogue = self._catalogues.get(language, {})
        return lambda text: catalogue.get(text, text)

    def render(self, name: str, session: Session | None, language: str, /, **values: Any) -> str:
        """Render one template for one reader."""
        translate = self.translator(language)
        return self._env.get_template(name).render(
            _=translate,
            explain=lambda problem: explain(problem, translate),
            language=language,
            staff=session.staff if session else None,
            csrf=session.csrf if session else "",
            **values,
        )


def moment(seconds: float | None) -> str:
    """Write a moment as the desk reads it: day and time in Jakarta."""
    if seconds is None:
        return "-"
    return datetime.fromtimestamp(seconds, WIB).strftime("%d.%m.%Y %H:%M")


def clock(seconds: float, zone: str = "") -> str:
    """Write the hour of a moment, in Jakarta or in another zone."""
    return datetime.fromtimestamp(seconds, zone_named(zone) if zone else WIB).strftime("%H:%M")


@cache
def _countries() -> dict[str, str]:
    return {one.code: one.name for one in load_knowledge(ROOT / "knowledge").countries}


def place(code: str) -> str:
    """Name a region or a country; what is no code is given back as it is."""
    return load_regions().names.get(code) or _countries().get(code, code)


def iso(seconds: float) -> str:
    """Write a moment for machines."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
