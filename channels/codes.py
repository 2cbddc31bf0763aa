"""Tables of providers' codes: `codes.yml` beside each transport says what becomes of a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from hotline.delivery import Delivery, End

DEFAULT = "default"  # the entry for codes that the table does not have


@dataclass(frozen=True)
class Code:
    """One code of a provider."""

    code: str
    means: str  # for us, in English
    end: End
    words: str  # for the responder, in Indonesian

    def delivery(self, *, retry_after: float | None = None, everyone: bool = False) -> Delivery:
        """Say how a try ended that got this code."""
        return Delivery(
            end=self.end,
            code=self.code,
            words=self.words,
            retry_after=retry_after,
            everyone=everyone,
        )


@dataclass(frozen=True)
class Codes:
    """The table of one transport."""

    known: Mapping[str, Code]

    def __getitem__(self, code: object) -> Code:
        """Give a code's entry; an unknown one gets the default, under its own name."""
        name = str(code)
        if name in self.known:
            return self.known[name]
        default = self.known[DEFAULT]
        return Code(name[:16], default.means, default.end, default.words)


def load_codes(file: Path) -> Codes:
    """Read a table; raises ValueError naming the entry that is not well formed."""
    plain = yaml.safe_load(file.read_text(encoding="utf-8"))
    known = {str(code): _read(str(code), entry, file) for code, entry in plain.items()}
    if DEFAULT not in known:
        raise ValueError(f"{file} has no entry {DEFAULT!r}")
    return Codes(known)


def _read(code: str, entry: object, file: Path) -> Code:
    if not isinstance(entry, dict) or set(entry) != {"means", "end", "words"}:
        raise ValueError(f"{file}: {code} must have means, end and words")
    means, words = str(entry["means"]).strip(), str(entry["words"]).strip()
    if not means or not words or len(code) > 16:
        raise ValueError(f"{file}: {code} is empty or too long")
    return Code(code, means, End(entry["end"]), words)
