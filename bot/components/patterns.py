"""What amounts, dates and licence numbers look like as callers type them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.components.spans import Span
from bot.components.text import CODE, PHONE

_COIN = (
    r"(?:rp|idr|rupiah|rm|myr|ringgit|ringit|usd|dolar|dollars?|ntd?|nt|twd|hkd|sgd|aud|sar|riyal|"
    r"riyals|real|reyal|dirhams?|aed|dinar|kwd|won|krw|yen|jpy|euros?|eur|pounds?|lira|baht|"
    r"peso|php|yuan|rmb|kd|rial|taka|rupee|rupees|kyat|riel)"
)
_DIGITS = r"\d+(?:[.,]\d+)*"
_SCALE = (
    r"(?:jutaan|juataan|juta|jutah|jeti|jtan|jt|yuta|ribuan|ribu|rebu|rb|ewu|éwu|rbu?an|ebu|"
    r"ribee|sebbu|million|thousand|mill?|lakh|k|m)"
)
_UP_TO = rf"(?:\s?(?:-|sampe|sampai|s/d)\s?{_DIGITS})?"
_COUNT = (
    r"(?:se(?:ratus|puluh|belas|juta|ribu|wu|yuta)|sak?(?:atus|puluh|ribu|juta|ebu)|satus|"
    r"satu|dua|tiga|empat|lima|enam|tujuh|delapan|lapan|sembilan|sepuluh|sebelas|belas|puluh|"
    r"ratus|ribu|juta|koma|setengah|puluhan|ratusan|belasan|ribuan|"
    r"siji|loro|rong|rongewu|telung|telu|patang|papat|limang|limangewu|limo|nem|nem?puluh|pitung|"
    r"wolung|sangang|selawe|yuta|ewu|welas|"
    r"hiji|opat|genep|salapan|sapuluh|saratus|sajuta|sarebu|rebu|"
    r"settong|dua?polo|tello|empak|empa|lema|ennem|petto|ballu|sanga|sapolo|polo|saratos|ratos|saebu|"
    r"duo|tigo|ampek|limo|anam|tujuah|salapan|sambilan|sapuluah|puluah|saratuih|ratuih|saribu|"
    r"talu|ampat|walu|due|telu|balu|siwa|"
    r"tellu|eppa|enneng|aruwa|asera|seppulo|pulo|siratu|ratu|sisebbu|"
    r"lhee|peuet|limong|nam|tujoh|sikureueng|siploh|ploh|sireutoh|reutoh|siribee|sijuta|"
    r"tolu|onom|ualu|sampulu|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|fifty|twenty|"
    r"thirty|forty|fifteen)"
)
_BIG = (
    r"(?:juta|yuta|ribu|rebu|ewu|ebu|ribee|sebbu|million|thousand|sejuta|seyuta|sajuta|sijuta|"
    r"sewu|seribu|sarebu|saribu|saebu|siribee|sisebbu|rongewu|limangewu)"
)
_AMOUNTS = (
    rf"(?<!\w){_COIN}\.?\s?{_DIGITS}(?:\s?-\s?{_DIGITS})?(?:\s?{_SCALE}(?!\w))?",
    rf"(?<![\w.,]){_DIGITS}{_UP_TO}\s?{_SCALE}(?!\w)(?:\s(?:an(?!\w)|{_COIN}(?!\w)))?",
    rf"(?<![\w.,]){_DIGITS}(?:\s?-\s?{_DIGITS})?\s?(?:{_COIN}(?!\w)|[$€£¥])",
    rf"[$€£¥]\s?{_DIGITS}(?:\s?{_SCALE}(?!\w))?",
    rf"(?<!\w)(?:{_COUNT}\s){{1,7}}{_COIN}(?!\w)",
    rf"(?<!\w)(?:{_COUNT}\s){{1,6}}{_BIG}(?!\w)",
    r"(?<!\w)(?:sejuta|seyuta|sajuta|sijuta)(?!\w)",
    r"(?<![\w.,/-])\d{1,3}(?:[.,]\d{3})+(?![\w/-])",
)
_MONTH = (
    r"(?:januari|februari|pebruari|maret|april|mei|juni|juli|agustus|september|oktober|november|"
    r"nopember|desember|jan|feb|mar|apr|jun|jul|agu?s?t?|sept?|okt|nov|des|january|february|march|"
    r"may|june|july|august|october|december)"
)
_DAY = (
    r"(?:senin|senen|selasa|slasa|rabu|rebo|kamis|kemis|jumat|jum'at|jemuah|sabtu|minggu|ahad|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    # Madurese, Acehnese, Buginese, Minangkabau, Banjarese, Balinese
    r"sennen|salasa|rebbu|kemmes|jumaat|seulanyan|seunanyan|seulasa|hameh|jeumeu'?at|aleuhad|"
    r"asseneng|araba|kammisi?|sattu|sinayan|raba'?a|kamih|jumaaik|akaik|sanayan|arba|jumahat|"
    r"saptu|ahat|soma|anggara|wraspati|sukra|saniscara|redite)"
)
_FEAST = (
    r"(?:idul\s?adha|idul\s?fitri|iduladha|idulfitri|lebaran(?:\shaji)?|ramadhan|ramadan|romadhon|"
    r"puasa|natal|takbiran|maulid|rebo wekasan|suro|syawal|imlek|tahun baru|paskah|eid|christmas|"
    r"galungan|kuningan|nyepi|agustusan|bodo|riyaya|munggah|bulan puasa|hari raya(?: haji)?|"
    r"rayo(?: haji)?|uroe raya|aiddil fitri|idulfitrih|telasan(?: reaje)?|"
    r"lebaran topat|puaso|puwasa|pasa|isra miraj|"
    r"tahun baru islam|muharram|muharam|sura|rejeb|rajab|sya'?ban|ruwah|besar|haji|waisak|"
    r"natalan|pentakosta|chinese new year|easter|new year)"
)
# Nothing else is called so: no word before it is needed.
_SURE_FEAST = (
    r"(?:idul\s?adha|idul\s?fitri|malam takbiran|lebaran haji|"
    r"bulan (?:puasa|ramadhan|ramadan|romadhon|poso))"
)
_AROUND_FEAST = (
    r"sebelum|sblm|sebelom|habis|abis|abs|setelah|sesudah|bakda|ba'da|sakdurunge|sadurunge|sakwise|"
    r"bar|sawise|sanggeus|samemeh|memeh|pas|malam|before|after|menjelang|jelang|bubar|"
    r"sabalun|sasudah|sudah|abih|salepeh|imbah|sabaluman|saenggana|sabellunna|saellana|mare|"
    r"wa|wah|sendeqman|sebelon|beres|sesampune|risampune|sedurung|sadurung|suud|"
    r"purani|ripurana|dipa|lheuh|sigohlom|yoh|dung|andorang|dob|abis|lewat|akhir|awal|wulan|"
    r"sasi|malem|hari"
)
_NEAR_DAYS = (
    r"kemarin|kmrn|kmren|kemaren|kemarin lusa|wingi|wingenane|kamari|kamarina|lusa|"
    r"besok(?: (?:pagi|malam|malem|subuh|sore|siang))?|"
    r"bsk(?: pagi| malam| subuh)?|sesuk(?: isuk| esuk| bengi)?|isukan|enjing|pageto|yesterday|"
    r"tomorrow(?: morning| night)?"
)
# The nine other languages' yesterday, tomorrow, today; some are other words next door.
_NEAR_DAYS += (
    r"|kapatang|patang|bisuak|bisuk|samalam|isuk|barik|lagguk|lagghu'|"
    # Balinese "mani" is tomorrow; Buginese "mani" says "only", so it needs Balinese around it.
    r"uik|jemak|ibi|buin mani|(?<=yen )mani|(?<=kone )mani|mani (?:semeng(?:an)?|sanja|peteng)|"
    r"benjang|riwenni|baja|essoe|baroe|singoh|uroe nyoe|"
    r"nantoari|naarian|marsogot|sogot|sadarion|kamareng|kemareng|beso|ini hari|ari tu|"
    r"ba'ari|bari'|lagguna|laggu'na|lagghuna|uiq|jemaq|jemak|haduan|pagejan|pagi puan|"
    r"bieu|tadina|today|hari ini|dino iki|dinten niki|poe ieu|hari ko|are satea|yesterday night"
)
_PERIOD = (
    r"minggu|bulan|bln|tahun|thn|taun|sasi|wulan|pekan|taon|tiban|bulen|uleng|taung|tahon|buleun|"
    r"buleuen|thon|minggong|pakan"
)
_BEFORE_OR_NEXT = (
    r"nyang ka (?:u )?likot|nyang ka leupah|nyang u keue|saq (?:wah )?(?:liwat|uiq|dateng)|"
    r"wah liwat|se (?:adek|lebat|dateng|bari'?|budi)|sane (?:lintang|rauh)|"
    r"ane (?:suba liwat|lakar teka|liwat)|nan (?:lapeh|lalu|ka tibo)|nang (?:lalu|tadi)|"
    r"na (?:naeng ro|salpu i)|labe'|ri olo|ri munri|samalam|hadap|dolo|dapan|muka|uiq|"
    r"lalu|kemarin|kemaren|kmrn|depan|wingi|ngarep|kamari|hareup|tukang|katukang|kepengker|ini|"
    r"ieu|iki|niki|ko|nyoe|ne|on|muko|bisuak|kapatang|dimuka|tapongkor|adek|laek|laiq|liwat|"
    r"paling|labe|labeng|na salpu|na ro|uliq|ukeu|dudi"
)
# Days, months and feasts that nothing else is called, without a word before them.
_NAMED = (
    r"(?:senin|senen|selasa|rabu|kamis|kemis|jumat|jum'at|sabtu|januari|februari|pebruari|maret|april|"
    r"juni|juli|agustus|september|oktober|november|nopember|desember|january|february|august|"
    r"october|december|lebaran|ramadhan|ramadan|natal|natalan|imlek|nyepi|galungan|kuningan|"
    r"idul\s?fitri|paskah|christmas|easter|uroe raya|rayo)"
)
_DATES = (
    r"(?<![\d/-])\d{1,2}\s?[/-]\s?\d{1,2}\s?[/-]\s?(?:\d{4}|\d{2})(?![\d/-])",
    rf"(?<!\w)(?:tgl|tanggal|tg|tanggale)\.?\s?\d{{1,2}}(?:\s{_MONTH}(?!\w))?(?:\s\d{{4}})?",
    rf"(?<!\w)\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?!\w)(?:\s\d{{2,4}}(?!\w))?",
    rf"(?<!\w){_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?!\w)(?:,?\s\d{{4}})?",
    rf"(?<!\w)(?:bulan|bln|wulan|bulen|buleuen|uleng|akhir|awal|sasi)\s{_MONTH}(?!\w)(?:\s\d{{4}})?",
    rf"(?<!\w){_MONTH}\s\d{{4}}(?!\w)",
    rf"(?<!\w)(?:{_NEAR_DAYS})(?!\w)",
    rf"(?<!\w)(?:{_PERIOD}) (?:{_BEFORE_OR_NEXT})(?!\w)",
    r"(?<!\w)(?:last|next|this) (?:week|month|year)(?!\w)",
    r"(?<!\w)(?:mon|tues|wednes|thurs|fri|satur|sun)day(?!\w)",
    rf"(?<!\w)(?:{_AROUND_FEAST}) {_FEAST}(?!\w)(?:\s(?:19[89]\d|20[0-4]\d)(?!\w))?",
    rf"(?<!\w){_SURE_FEAST}(?!\w)(?:\s(?:19[89]\d|20[0-4]\d)(?!\w))?",
    (
        rf"(?<!\w)(?:hari|dino|poe|poé|dinten|malam|malem|are|ari|uroe|rahina|dina|jelo|esso|"
        rf"on|last|next) {_DAY}(?!\w)"
        rf"(?: (?:{_BEFORE_OR_NEXT}))?"
    ),
    (
        r"(?<!\w)(?:tahun|thn|taun|taon|thon|taung|tahon|tiban|sejak|sajak|since|in) "
        r"(?:19[89]\d|20[0-3]\d)(?!\w)"
    ),
    rf"(?<!\w){_NAMED}(?!\w)",
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
    r"tonight|last night|last nyt|this (?:morning|evening|afternoon)|detik ini|"
    # In the languages of the regions: this night, last night, this morning, later in the evening.
    r"ini (?:pagi|siang|sore|malam)|(?:malam|pagi|patang|sanjo) (?:ko|nyoe)|beuklam|baroe malam|"
    r"(?:malem|malam|lagghu) (?:satea|sateya|reya|niki|ni|ne)|(?:peuting|isuk|sonten) ieu|"
    r"(?:wenni|araweng|ele') iyae?|(?:denre'?|ri)\s?wenni|wennie|"
    r"(?:na)?(?:borngin|bodari|botari|manogot) on|na ?(?:borngin|bodari)(?: on)?|"
    r"(?:tuni|nyanan|jani|ibi) (?:peteng|semeng|sanja|tengai)|peteng (?:ene|niki)|nyanan)",
    re.IGNORECASE,
)


def is_time_of_day(text: str) -> bool:
    """Say whether words name a time of day without a day, which is no date."""
    return _TIME_OF_DAY.fullmatch(text) is not None
