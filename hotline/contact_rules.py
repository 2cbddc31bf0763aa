"""When and how a caller may be written to, read from her own words: "jam 9 malam sampai 11".

What is not read beyond doubt counts as unclear, and then nothing we begin goes out until a
responder has looked: a message at the wrong hour can be read by the wrong person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hotline import no_calls
from hotline.reading import forbids_messages
from hotline.wishes import Wish, wishes_in

DEFAULT_ZONE = "Asia/Jakarta"
_DAY = 24 * 60
Window = tuple[int, int]  # minutes after midnight; the second may lie after midnight

_ANY = re.compile(
    r"\b(?:kapan (?:saja|aja|pun|wae)|sewayah[- ]?wayah|kapan bae|iraha wae|any ?time|24 jam|"
    r"bebas|terserah)\b"
)
# Words that bind an hour to something only a person can judge.
_DOUBT = re.compile(
    r"\b(?:jangan|jgn|tidak|tdk|ga|gak|nggak|ngga|ojo|ora|ulah|teu|selain|kecuali|bukan|not|never|"
    r"except|unless|but|tapi|tp|asal|"
    r"kalau|kalo|klo|kl|jika|nek|lamun|if|when|pas|saat|ketika|waktu|selagi|selama|"
    r"hari|senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu|ahad|libur|besok|lusa|nanti|sekarang|"
    r"tanggal|tgl|bulan|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend|off|"
    r"today|tomorrow|now|skrg|skrng|"
    r"subuh|zuhur|dzuhur|dhuhur|asar|ashar|magrib|maghrib|isya|isyak|pulang|kerja|istirahat|tidur|"
    r"makan|sholat|salat|dini)\b"
)
_HARMLESS = re.compile(
    r"\b(?:kalau|kalo|klo|if) (?:bisa|boleh|mau|possible)\b|\b(?:tiap|setiap|saben|every) "
    r"(?:hari|dinten|dina|day)\b|\bwaktu (?:sini|sana|setempat|kerja saya)\b"
)
_ZONES = (
    (re.compile(r"\bwib\b|\bwaktu (?:indonesia(?: barat)?|jakarta)\b"), "Asia/Jakarta"),
    (re.compile(r"\bwita\b|\bwaktu indonesia tengah\b"), "Asia/Makassar"),
    (re.compile(r"\bwit\b|\bwaktu indonesia timur\b"), "Asia/Jayapura"),
)
_PARTS: Mapping[str, tuple[str, Window]] = {
    **dict.fromkeys(("pagi", "esuk", "enjing", "isuk", "morning"), ("am", (6 * 60, 10 * 60))),
    **dict.fromkeys(("siang", "awan", "beurang", "noon"), ("noon", (11 * 60, 14 * 60))),
    **dict.fromkeys(("sore", "sonten", "afternoon"), ("pm", (15 * 60, 18 * 60))),
    **dict.fromkeys(
        (
            *("malam", "malem", "mlm", "bengi", "wengi", "dalu", "peuting", "night", "evening"),
            *("kelem", "peteng", "wenni", "borngin"),
        ),
        ("night", (19 * 60, 22 * 60)),
    ),
}
_PART = "|".join(_PARTS)
_HOUR = (
    r"(?:(?:jam|pukul|pkl|jm) *)?(?P<{0}h>\d{{1,2}})(?:[.:](?P<{0}m>\d{{2}}))?"
    rf" *(?P<{{0}}p>{_PART}|am|pm|a\.m\.?|p\.m\.?)?"
)
_RANGE = re.compile(
    r"\b(?:(?:antara|dari|between|from) *)?"
    + _HOUR.format("a")
    + r" *(?:-|–|sampai(?: dengan)?|sampe|smp|s/?d|hingga|tekan|nganti|dugi|"
    + r"to|till|until|dan|and) *"
    + _HOUR.format("b")
    + r"(?![\w.:])"
)
_AFTER = re.compile(
    r"\b(?:setelah|stlh|habis|abis|di ?atas|lewat|sesudah|mulai|bar|sawise|saparantos|after|from|"
    r"above) +" + _HOUR.format("a") + r"(?: *(?:ke ?atas|keatas))?(?![\w.:])"
)
_BEFORE = re.compile(
    r"\b(?:sebelum|sblm|sadurunge|sateuacan|before) +" + _HOUR.format("a") + r"(?![\w.:])"
)
_AT = re.compile(r"\b(?:sekitar(?:an)? *|kira-kira *)?" + _HOUR.format("a") + r"(?![\w.:])")
_TURNED = re.compile(  # "malam jam 10" is "jam 10 malam"
    rf"\b({_PART}) +((?:jam|pukul|pkl|jm) *\d{{1,2}}(?:[.:]\d{{2}})?)(?! *(?:{_PART}|am|pm))"
)
_ALONE = re.compile(rf"\b(?P<p>{_PART})\b(?: *hari)?")
# A border without its hour, or a number that was not taken for one.
_LEFT_OVER = re.compile(
    r"\d|\b(?:sampai|sampe|smp|hingga|tekan|nganti|dugi|until|till|setelah|stlh|habis|abis|sesudah|"
    r"lewat jam|mulai|sawise|after|sebelum|sblm|sadurunge|before)\b"
)
# As responders write of a caller, who herself says "jangan balas".
_NOT_TO_HER = re.compile(
    r"\b(?:jangan|jgn|janganlah|tidak boleh|dilarang|do not|don'?t|never)\b(?:\W+\w+){0,2}?\W+"
    r"(?:di ?(?:tulis|hubung|balas|kirim|chat|kontak|sms|wa)\w*|(?:me)?nulis|be (?:written|texted|"
    r"contacted))\b",
    re.IGNORECASE,
)
_OPEN_ENDED = 3 * 60  # "setelah jam 10 malam" is safe for some hours, nobody said for how many


@dataclass(frozen=True, kw_only=True)
class ToldRules:
    """What a caller has said about being written to; without words, everything is allowed."""

    safe: tuple[Window, ...] = ()  # none: at any hour
    tz: str = DEFAULT_ZONE
    never_call: bool = False
    do_not_write: bool = False
    unclear: bool = False  # a responder must judge
    words: tuple[str, ...] = field(default=())

    @property
    def any_rule(self) -> bool:
        """Say whether there is anything to obey or to show."""
        return self != ToldRules(tz=self.tz)

    def to_dict(self) -> dict[str, object]:
        """Give a plain form that can be stored."""
        return {
            "safe": [list(window) for window in self.safe],
            "tz": self.tz,
            "never_call": self.never_call,
            "do_not_write": self.do_not_write,
            "unclear": self.unclear,
            "words": list(self.words),
        }


def read_rules(*, safe_time: str | None, rules: Iterable[str], zone: str | None) -> ToldRules:
    """Read what a ticket knows: the latest hours, and every rule ("never_call", "do_not_write").

    `zone` is None when the country has hours of several kinds: then hours are unclear.
    """
    told = list(rules)
    never_write = any(rule.startswith("do_not_write") for rule in told)
    never_call = any(rule.startswith("never_call") for rule in told)
    # Everything else that was forbidden is for the people who act, not for the outbox.
    if safe_time is None:
        return ToldRules(tz=zone or DEFAULT_ZONE, never_call=never_call, do_not_write=never_write)
    said = safe_time.lower()
    named = next((name for pattern, name in _ZONES if pattern.search(said)), None)
    never_call = never_call or Wish.NEVER_CALL in wishes_in(said)
    windows = read_hours(said)
    unclear = windows is None or bool(windows and not (named or zone))
    return ToldRules(
        safe=tuple(windows or ()) if not unclear else (),
        tz=named or zone or DEFAULT_ZONE,
        never_call=never_call,
        do_not_write=never_write,
        unclear=unclear,
        words=(safe_time,),
    )


def read_hours(text: str) -> list[Window] | None:
    """Read hours; an empty list means any hour, None that a person must read it."""
    said = text.lower()
    for pattern, _ in _ZONES:
        said = pattern.sub(" ", said)
    said = no_calls.even(said)
    bare = no_calls.without_refusals(_HARMLESS.sub(" ", said))
    if bare is None:
        return None
    told_how = bare != said or _how_only(bare)
    bare = _TURNED.sub(r"\2 \1", bare)
    if _ANY.search(bare) and not _DOUBT.search(_ANY.sub(" ", bare)):
        return []
    if _DOUBT.search(bare) or "?" in bare:
        return None
    windows, rest = _windows(bare)
    if windows is None or _LEFT_OVER.search(rest):
        return None
    if windows:
        return windows
    # Nothing about hours: "jangan telepon", "lewat WA saja" say how, not when.
    return [] if told_how else None


def hours_told(rules: Mapping[str, object]) -> bool:
    """Say of stored rules whether hours were read beyond doubt, and only whose clock is unclear."""
    words = rules.get("words")
    return isinstance(words, list) and any(read_hours(str(one)) for one in words)


def written_down(text: str) -> list[str]:
    """Give what a responder wrote about ways as rules: "jangan ditulisi" forbids to write."""
    said = text.strip()
    if said.partition(":")[0] in Wish:
        return [said]
    wishes = [*wishes_in(said)]
    if Wish.DO_NOT_WRITE not in wishes and (forbids_messages(said) or _NOT_TO_HER.search(said)):
        wishes.append(Wish.DO_NOT_WRITE)
    return [f"{wish}: {said}" for wish in wishes] or [said]


def _how_only(text: str) -> bool:
    return bool(re.search(r"\b(?:wa|whatsapp|sms|chat|pesan|telegram|message|text)\b", text))


def _windows(text: str) -> tuple[list[Window] | None, str]:
    """Take the hours out of a text; gives them and what is left."""
    found: list[Window] = []
    for pattern, make in ((_RANGE, _range), (_AFTER, _after), (_BEFORE, _before), (_AT, _at)):
        for match in list(pattern.finditer(text)):
            window = make(match.groupdict())
            if window is None:
                return None, text
            found.append(window)
        text = pattern.sub(" ", text)
    found += [_PARTS[match["p"]][1] for match in _ALONE.finditer(text)]
    return found, text


def _minute(hour: str, minute: str | None, part: str | None) -> int | None:
    """Give the minute of the day, None when it may be another one."""
    h, m = int(hour), int(minute or 0)
    if h > 24 or m > 59:
        return None
    if h >= 13 or h == 0:
        return (h * 60 + m) % _DAY
    kind = (part or "").replace(".", "")
    kind = _PARTS[kind][0] if kind in _PARTS else kind
    if kind in {"am", "pm"}:
        return ((h % 12) + (12 if kind == "pm" else 0)) * 60 + m
    if kind == "noon":
        return (h if h >= 10 else h + 12) * 60 + m
    if kind == "night":
        # "jam 12 malam" is midnight, "jam 2 malam" after it, "jam 9 malam" before.
        return ((h + 12) % 24 if h >= 5 else h) * 60 + m
    return None


def _range(got: Mapping[str, str | None]) -> Window | None:
    part_b = got["bp"] or got["ap"]
    until = _minute(str(got["bh"]), got["bm"], part_b)
    since = _minute(str(got["ah"]), got["am"], got["ap"] or part_b)
    if since is None or until is None or since == until:
        return None
    window = (since, until if until > since else until + _DAY)
    # "9 malam sampai 11" is two hours; what looks like most of a day was not understood.
    return window if window[1] - window[0] <= _DAY // 2 else None


def _after(got: Mapping[str, str | None]) -> Window | None:
    since = _minute(str(got["ah"]), got["am"], got["ap"])
    return None if since is None else (since, since + _OPEN_ENDED)


def _before(got: Mapping[str, str | None]) -> Window | None:
    until = _minute(str(got["ah"]), got["am"], got["ap"])
    if until is None:
        return None
    return (until - _OPEN_ENDED, until) if until >= _OPEN_ENDED else (0, until)


def _at(got: Mapping[str, str | None]) -> Window | None:
    since = _minute(str(got["ah"]), got["am"], got["ap"])
    return None if since is None else (since, since + 60)
