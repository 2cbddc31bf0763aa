"""What day a caller means: "wingi", "minggu lalu", "12/03/2026", "habis lebaran".

A day is given only where the year is clear. The feasts and their source: data/words/feasts.txt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

FILE = Path(__file__).parents[1] / "data" / "words" / "feasts.txt"
_AROUND = 30  # days that "before" and "after" a feast reach
_COMING = 60  # days; a feast nearer than this may be the one to come
_DAY = timedelta(days=1)
_NEAR = {
    -2: "kemarin lusa, kemarin dulu",
    -1: "kemarin, kmrn, kmren, kemaren, wingi, wingenane, kamari, kamarina, yesterday, kapatang, "
    "samalam, barik, uik, ibi, riwenni, baroe, nantoari, kamareng, kemareng",
    0: "hari ini, today, dino iki, dinten niki, poe ieu, bieu, hari ko, uroe nyoe, malam nyoe, "
    "ini hari, are satea, sadarion",
    1: "besok, bsk, sesuk, isukan, enjing, pageto, tomorrow, bisuak, jemak, lagguk, baja, singoh, "
    "marsogot, beso, benjang",
    2: "lusa",
}
_NEAR_DAY = {word.strip(): days for days, words in _NEAR.items() for word in words.split(",")}
_MONTHS = (
    "januari jan january", "februari pebruari feb february", "maret mar march", "april apr",
    "mei may", "juni jun june", "juli jul july", "agustus agus agt ags aug august",
    "september sept sep", "oktober okt oct october", "november nopember nov",
    "desember des dec december",
)  # fmt: skip
_MONTH = {word: n for n, words in enumerate(_MONTHS, start=1) for word in words.split()}
_WEEKDAYS = (
    "senin senen monday", "selasa slasa tuesday", "rabu rebo wednesday", "kamis kemis thursday",
    "jumat jum'at jemuah friday", "sabtu saturday", "minggu ahad sunday",
)  # fmt: skip
_WEEKDAY = {word: n for n, words in enumerate(_WEEKDAYS) for word in words.split()}
_PAST = r"(?:lalu|kemarin|kemaren|kmrn|wingi|kamari|katukang|kepengker|tapongkor|laek|liwat|last)"
_NEXT = r"(?:depan|ngarep|hareup|dimuka|bisuak|next)"
_PERIOD = (
    (7, "minggu mgg pekan week"), (30, "bulan bln sasi wulan bulen month"),
    (365, "tahun thn taun taon tiban taung year"),
)  # fmt: skip
_PERIOD_DAYS = {word: days for days, words in _PERIOD for word in words.split()}
_NUMBERS = re.compile(r"(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d{2})")
_YEAR = re.compile(r"\b(19[89]\d|20[0-4]\d)\b")
_BEFORE = re.compile(
    r"\b(?:sebelum|sblm|sebelom|sakdurunge|sadurunge|samemeh|memeh|before|menjelang|jelang|sabalun|"
    r"sigohlom|sedurung)\b"
)
_AFTER = re.compile(
    r"\b(?:habis|abis|abs|setelah|sesudah|bakda|ba'da|bar|sakwise|sawise|sanggeus|after|bubar|"
    r"sasudah|abih|imbah|lheuh|mare|sudah)\b"
)


@dataclass(frozen=True)
class Days:
    """A day, or the days between two."""

    first: date
    last: date

    def __str__(self) -> str:
        """Write it as 2026-03-12 or 2026-03-21..2026-04-20."""
        if self.first == self.last:
            return self.first.isoformat()
        return f"{self.first.isoformat()}..{self.last.isoformat()}"


Feasts = Mapping[str, tuple[date, ...]]


def read_days(text: str, today: date, feasts: Feasts | None = None) -> Days | None:
    """Read the day or days meant; None where they, or their year, are not clear."""
    said = " ".join(text.lower().split())
    if said in _NEAR_DAY or said.split(" ")[0] in {"besok", "bsk", "sesuk"}:
        day = today + _NEAR_DAY.get(said, 1) * _DAY
        return Days(day, day)
    return (
        _written(said)
        or _feast(said, today, the_feasts() if feasts is None else feasts)
        or _weekday(said, today)
        or _period(said, today)
        or _month(said, today)
        or _year(said)
    )


def _written(said: str) -> Days | None:
    found = _NUMBERS.search(said)
    if not found:
        return None
    day, month, year = (int(group) for group in found.groups())
    return _day(year if year > 99 else 2000 + year, month, day)


def _day(year: int, month: int, day: int) -> Days | None:
    try:
        meant = date(year, month, day)
    except ValueError:
        return None
    return Days(meant, meant)


def _month(said: str, today: date) -> Days | None:
    words = re.findall(r"[^\W\d_]+|\d+", said)
    place = next((i for i, word in enumerate(words) if word in _MONTH), None)
    if place is None:
        return None
    month = _MONTH[words[place]]
    numbers = [int(word) for word in words if word.isdigit()]
    day = next((n for n in numbers if 1 <= n <= 31), None)
    year = _YEAR.search(said)
    if year and day is None:
        return _whole_month(int(year[1]), month)
    if day is None:
        return None
    if year:
        return _day(int(year[1]), month, day)
    years = (today.year - 1, today.year, today.year + 1)
    days = [one.first for one in (_day(y, month, day) for y in years) if one]
    clear = _clear(days, today)
    return Days(clear, clear) if clear else None


def _whole_month(year: int, month: int) -> Days:
    after = date(year + month // 12, month % 12 + 1, 1)
    return Days(date(year, month, 1), after - _DAY)


def _clear(days: Iterable[date], today: date) -> date | None:
    """Give the last of these days that is over, unless the next one is near enough to be meant."""
    known = sorted(days)
    past = [day for day in known if day <= today]
    coming = [day for day in known if day > today]
    near = bool(coming) and (coming[0] - today).days <= _COMING
    return past[-1] if past and not near else None


def _feast(said: str, today: date, feasts: Feasts) -> Days | None:
    plain = f" {re.sub(r'[^a-z0-9 ]+', ' ', said)} "
    called = [name for name in feasts if f" {name} " in plain]
    if not called:
        return None
    name = max(called, key=len)
    days = feasts[name]
    year = _YEAR.search(said)
    if year:
        day = next((d for d in days if d.year == int(year[1])), None)
    elif re.search(rf"\b(?:tahun|thn|taun) {_PAST}", said):
        day = next((d for d in days if d.year == today.year - 1), None)
    else:
        day = _clear(days, today)
    if day is None:
        return None
    if _BEFORE.search(said):
        return Days(day - _AROUND * _DAY, day - _DAY)
    if _AFTER.search(said):
        return Days(day + _DAY, day + _AROUND * _DAY)
    if "malam" in said or "takbiran" in said:
        return Days(day - _DAY, day - _DAY)
    is_month = days == feasts.get("puasa")
    return Days(day, day + 29 * _DAY) if is_month else Days(day, day)


def _weekday(said: str, today: date) -> Days | None:
    words = said.split(" ")
    named = next((_WEEKDAY[word] for word in words[-2:] if word in _WEEKDAY), None)
    is_day = bool({"hari", "dino", "poe", "dinten", "malam", "malem"} & set(words)) or (
        named is not None and words[-1] in _WEEKDAY and words[-1].endswith("day")
    )
    if named is None or not is_day:
        return None
    if re.search(rf"\b{_PAST}\b", said):
        day = today - ((today.weekday() - named - 1) % 7 + 1) * _DAY
    elif re.search(rf"\b{_NEXT}\b", said):
        day = today + ((named - today.weekday() - 1) % 7 + 1) * _DAY
    else:
        return None
    return Days(day, day)


def _period(said: str, today: date) -> Days | None:
    size = next((_PERIOD_DAYS[word] for word in said.split(" ") if word in _PERIOD_DAYS), None)
    if size is None:
        return None
    step = -1 if re.search(rf"\b{_PAST}\b", said) else 1 if re.search(rf"\b{_NEXT}\b", said) else 0
    if not step or re.match(r"\d|se|dua|tiga", said):
        return None
    if size == 7:
        monday = today + (step * 7 - today.weekday()) * _DAY
        return Days(monday, monday + 6 * _DAY)
    if size == 365:
        return Days(date(today.year + step, 1, 1), date(today.year + step, 12, 31))
    count = today.year * 12 + today.month - 1 + step
    return _whole_month(count // 12, count % 12 + 1)


def _year(said: str) -> Days | None:
    found = _YEAR.search(said)
    return Days(date(int(found[1]), 1, 1), date(int(found[1]), 12, 31)) if found else None


def read_feasts(lines: Iterable[str]) -> dict[str, tuple[date, ...]]:
    """Read the days of each feast, by everything it is called."""
    called: dict[str, list[str]] = {}
    days: dict[str, tuple[date, ...]] = {}
    for line in lines:
        if line.startswith("#") or not line.strip():
            continue
        if "=" in line:
            name, _, told = line.partition("=")
            days[name.strip()] = tuple(date.fromisoformat(day) for day in told.split())
        else:
            name, _, words = line.partition(":")
            called.setdefault(name.strip(), []).extend(word.strip() for word in words.split(","))
    return {word: days[name] for name, words in called.items() for word in words}


@cache
def the_feasts() -> Feasts:
    """Read the feasts of this installation, once."""
    return read_feasts(FILE.read_text(encoding="utf-8").splitlines())
