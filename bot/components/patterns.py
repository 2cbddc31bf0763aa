"""What amounts, dates and licence numbers look like as callers type them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.components.spans import Span
from bot.components.text import CODE, PHONE

_COIN = (
    r"(?:rp|idr|rupiah|rm|myr|ringgit|ringit|usd|dolar|dollars?|ntd?|nt|twd|hkd|sgd|aud|sar|riyal|"
    r"riyals|real|reyal|dirhams?|aed|dinar|kwd|won|krw|yen|jpy|euros?|eur|pounds?|lira|baht|"
    r"peso|php|yuan|rmb)"
)
_DIGITS = r"\d+(?:[.,]\d+)*"
_SCALE = (
    r"(?:jutaan|juataan|juta|jeti|jtan|jt|yuta|ribuan|ribu|rebu|rb|ewu|éwu|rbu?an|million|"
    r"thousand|mill?|k|m)"
)
_UP_TO = rf"(?:\s?(?:-|sampe|sampai|s/d)\s?{_DIGITS})?"
_COUNT = (
    r"(?:se(?:ratus|puluh|belas|juta|ribu)|satu|dua|tiga|empat|lima|enam|tujuh|delapan|lapan|sembilan|"
    r"sepuluh|sebelas|belas|puluh|ratus|ribu|juta|koma|setengah|siji|loro|rong|telung|telu|patang|"
    r"papat|limang|limo|nem|pitung|wolung|sangang|sepuluh|puluh|yuta|ewu|hiji|opat|genep|salapan|"
    r"sapuluh|saratus|sajuta|rebu|one|two|three|four|five|six|seven|eight|nine|ten|hundred|"
    r"thousand|million|fifty|twenty|thirty|forty)"
)
_AMOUNTS = (
    rf"(?<!\w){_COIN}\.?\s?{_DIGITS}(?:\s?-\s?{_DIGITS})?(?:\s?{_SCALE}(?!\w))?",
    rf"(?<![\w.,]){_DIGITS}{_UP_TO}\s?{_SCALE}(?!\w)(?:\s(?:an(?!\w)|{_COIN}(?!\w)))?",
    rf"(?<![\w.,]){_DIGITS}(?:\s?-\s?{_DIGITS})?\s?(?:{_COIN}(?!\w)|[$€£¥])",
    rf"[$€£¥]\s?{_DIGITS}(?:\s?{_SCALE}(?!\w))?",
    rf"(?<!\w)(?:{_COUNT}\s){{1,7}}{_COIN}(?!\w)",
    rf"(?<!\w)(?:{_COUNT}\s){{0,6}}(?:juta|yuta|ribu|rebu|ewu|million|thousand|sejuta)(?!\w)",
    r"(?<![\w.,/-])\d{1,3}(?:[.,]\d{3})+(?![\w/-])",
)
_MONTH = (
    r"(?:januari|februari|pebruari|maret|april|mei|juni|juli|agustus|september|oktober|november|"
    r"nopember|desember|jan|feb|mar|apr|jun|jul|agu?s?t?|sept?|okt|nov|des|january|february|march|"
    r"may|june|july|august|october|december)"
)
_DAY = (
    r"(?:senin|senen|selasa|slasa|rabu|rebo|kamis|kemis|jumat|jum'at|jemuah|sabtu|minggu|ahad|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
)
_FEAST = (
    r"(?:idul\s?adha|idul\s?fitri|iduladha|idulfitri|lebaran(?:\shaji)?|ramadhan|ramadan|romadhon|"
    r"puasa|natal|takbiran|maulid|rebo wekasan|suro|syawal|imlek|tahun baru|paskah|eid|christmas|"
    r"galungan|nyepi|agustusan|bodo|riyaya|munggah)"
)
_AROUND_FEAST = (
    r"sebelum|sblm|sebelom|habis|abis|abs|setelah|sesudah|bakda|ba'da|sakdurunge|sadurunge|sakwise|"
    r"bar|sawise|sanggeus|samemeh|memeh|pas|malam|before|after|menjelang|jelang|bubar"
)
_NEAR_DAYS = (
    r"kemarin|kmrn|kmren|kemaren|kemarin lusa|wingi|wingenane|kamari|kamarina|lusa|"
    r"besok(?: (?:pagi|malam|malem|subuh|sore|siang))?|"
    r"bsk(?: pagi| malam| subuh)?|sesuk(?: isuk| esuk| bengi)?|isukan|enjing|pageto|yesterday|"
    r"tomorrow(?: morning| night)?"
)
_PERIOD = r"minggu|bulan|bln|tahun|thn|taun|sasi|wulan|pekan"
_BEFORE_OR_NEXT = r"lalu|kemarin|kemaren|kmrn|depan|wingi|ngarep|kamari|hareup|tukang"
_DATES = (
    r"(?<![\d/-])\d{1,2}\s?[/-]\s?\d{1,2}\s?[/-]\s?(?:\d{4}|\d{2})(?![\d/-])",
    rf"(?<!\w)(?:tgl|tanggal|tg|tanggale)\.?\s?\d{{1,2}}(?:\s{_MONTH}(?!\w))?(?:\s\d{{4}})?",
    rf"(?<!\w)\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?!\w)(?:\s\d{{2,4}}(?!\w))?",
    rf"(?<!\w){_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?!\w)(?:,?\s\d{{4}})?",
    rf"(?<!\w)(?:bulan|bln|wulan|akhir|awal|sasi)\s{_MONTH}(?!\w)(?:\s\d{{4}})?",
    rf"(?<!\w){_MONTH}\s\d{{4}}(?!\w)",
    rf"(?<!\w)(?:{_NEAR_DAYS})(?!\w)",
    rf"(?<!\w)(?:{_PERIOD}) (?:{_BEFORE_OR_NEXT})(?!\w)",
    r"(?<!\w)(?:last|next) (?:week|month|year)(?!\w)",
    rf"(?<!\w)(?:{_AROUND_FEAST}) {_FEAST}(?!\w)",
    (
        rf"(?<!\w)(?:hari|dino|poe|poé|dinten|malam|malem|on|last|next) {_DAY}(?!\w)"
        rf"(?: (?:{_BEFORE_OR_NEXT}))?"
    ),
    r"(?<!\w)(?:tahun|thn|taun|sejak|since|in) (?:19[89]\d|20[0-3]\d)(?!\w)",
)
# What the permits are called, however typed: SIP3MI, SIPPMI, SIP2MI, SIP-PPTKIS, SIUPPAK, KEP.
_PERMIT = (
    r"(?:siu?p?[-\s]?p{0,2}(?:[23]?mi|tki[sln]*|ak)|siup|sip|kep|sk|"
    r"(?:no(?:mor|mer|\.)?\s?)?(?:surat\s)?i[zj]in(?:nya|ne|na|\snya)?)"
)
_OF_NUMBER = r"(?:[\s.:-]*(?:no|nomor|nomer|nmr|number)(?!\w))?[\s.:-]{0,3}"
_YEAR = r"(?:19[89]\d|20[0-4]\d)"
_LICENCES = (
    rf"(?<!\w){_PERMIT}{_OF_NUMBER}(?=[^\s]*\d)[a-z0-9]+(?:[./-][a-z0-9]+)+",
    r"(?<![\w/])(?!\d{1,2}/\d{1,2}/)(?=[^\s]*\d)[a-z0-9.]+/[a-z0-9.]+/[a-z0-9./]*\d{4}(?!\w)",
    (
        r"(?<!\w)(?:sip|kep|pptkis|sip(?:p{0,2}[23]?mi|ptkis?))[\s./-]{1,2}\d{2,4}"
        r"(?:[./-][a-z0-9]+|\s(?:men|mb|lv)(?!\w)){0,4}(?![\w/])"
    ),
    # The number and the year in every spacing: SIP3MI nomor 567 / 2022, no.izin: 312 - 2019.
    (
        rf"(?<!\w){_PERMIT}{_OF_NUMBER}\d{{1,6}}(?:\s?[./-]\s?[a-z0-9]{{1,8}}){{0,4}}"
        rf"(?:\s?[./-]\s?|\s(?:tahun|thn|th|taun|of)\s|\s){_YEAR}(?!\w)"
    ),
    # A business number stands after its name: alone, 13 digits might be a telephone.
    r"(?<!\w)nib(?:nya|na|ne)?[\s.:]{1,3}(?:no(?:mor|mer)?[\s.:]{1,2})?\d(?:[\s.]?\d){12}(?!\d)",
)
# Nine months are no date and "the last three days" none either: durations stay out.
_DURATION = re.compile(r"^(?:\d+|se|dua|tiga|empat|lima)\s?(?:hari|bulan|tahun|minggu)", re.I)


def _compile(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.I) for pattern in patterns)


AMOUNT = _compile(_AMOUNTS)
DATE = _compile(_DATES)
LICENCE = _compile(_LICENCES)


def numbers(text: str) -> Iterator[Span]:
    """Yield the codes, licence numbers, phone numbers, dates and amounts of a text."""
    yield from _matches("ticket_code", (CODE,), text)
    yield from _matches("licence_no", LICENCE, text)
    yield from _matches("phone", (PHONE,), text)
    yield from _matches("date", DATE, text)
    yield from _matches("amount", AMOUNT, text)


def _matches(kind: str, patterns: Iterable[re.Pattern[str]], text: str) -> Iterator[Span]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            trimmed = match.group().rstrip(" .,:-/")
            if trimmed and not (kind == "date" and _DURATION.match(trimmed)):
                yield Span(kind, match.start(), match.start() + len(trimmed))


_TIME_OF_DAY = re.compile(
    r"(?:(?:tadi|td|nanti|ntar|mau|mengko|mengke|engke) \w+|semalam|semalem|smlm|"
    r"\w+ (?:tadi|wau|mau)|"
    r"(?:pagi|siang|sore|malam|malem|bengi|sonten|dalu|esuk|subuh) (?:ini|iki|niki|ieu|ni)|"
    r"tonight|last night|this (?:morning|evening|afternoon)|detik ini)",
    re.IGNORECASE,
)


def is_time_of_day(text: str) -> bool:
    """Say whether words name a time of day without a day, which is no date."""
    return _TIME_OF_DAY.fullmatch(text) is not None
