"""Renders the console's pages: Jinja2 templates in Indonesian, translated by gettext."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from console.problems import explain
from hotline.attachments import is_active
from hotline.settings import ROOT
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


def iso(seconds: float) -> str:
    """Write a moment for machines."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
