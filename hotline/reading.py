"""Small readings of what a caller typed: a question, yes or no, a skip, an hour.

These need no model and must hold when the model is wrong; the words are those callers use in
Indonesian, Javanese, Sundanese and English.
"""

from __future__ import annotations

import re

from hotline.agreement import answers

_WORD = re.compile(r"[a-z0-9']+")
_QUESTION = re.compile(
    r"\?|^\W*(?:tolong )?(?:cek|check|periksa|cekin)\b|"
    r"\b(apa|apakah|apaan|brp|berapa|brapa|gimana|gmn|gmna|bagaimana|bgmn|kapan|kpn|dimana|"
    r"di mana|kenapa|knp|mengapa|siapa|bisakah|bolehkah|apakh|piye|pripun|kepriye|kepriwe|opo|"
    r"apane|pinten|piro|kapan|ngendi|sapa|sinten|kumaha|naha|sabaraha|iraha|saha|naon|dupi|"
    r"what|how|when|where|who|why|which|can i|is it|are there|do i(?= \w))\b",
    re.IGNORECASE,
)
_SKIP = re.compile(
    r"^\W*(lewati|lewat|skip|pass|next|lanjut|kosong|rahasia|-+|unknown)\W*$|"
    r"\b(tidak|tdk|gak|ga|gk|nggak|ngga|enggak|kurang|belum|blm|ora|mboten|teu|ndak) *"
    r"(tahu|tau|ngerti|ngertos|mangertos|émut|emut|paham|ingat|inget|eling|terang|nyaho|apal|"
    r"hafal|mau jawab|bisa jawab)\b|\b(don'?t|do not) (know|remember|want to (say|answer))\b|"
    r"\b(duka|mbuh|hilap|poho|supe|kesupen)\b",
    re.IGNORECASE,
)
_SHORT_SKIP = 6  # words
_CORRECTION = re.compile(
    r"^\W*(eh|maaf|ralat|koreksi|salah|bukan|keliru|maksud|sanes|dudu|sorry|correction|wrong|"
    r"actually)\b|\b(salah tulis|salah ketik|yang benar|sing bener|maksud saya|i meant?)\b",
    re.IGNORECASE,
)
_MINOR = re.compile(
    r"\b(?:umur\w*|usia\w*|yuswa\w*|aged?|baru)\W*(?:(?!\d)\w+\W+){0,2}(1[0-7]|[5-9])\b"
    r"(?! *(?:jt|juta|rb|ribu|bulan|bln|hari|jam|orang|kali|sasi|wulan|jeti|month|day))|"
    r"(?<!kerja )(?<!selama )(?<!kontrak )(?<!pengalaman )(?<!sudah )(?<!udah )"
    r"\b(1[0-7]) *(?:th|thn|tahun|taun|years? old|y/?o)\b"
    r"(?! (?:kerja|lalu|yang lalu|pengalaman|di luar|kontrak))|"
    r"\b(?:umur|usia|umure|yuswa\w*) (?:\w+ )?(?:dua|tiga|empat|lima|enam|tujuh|nem|pitu|limo|"
    r"genep|tujuh) ?(?:belas|welas)\b|\bdi ?bawah umur\b|\bunder ?age\b|\b(?:a |still a )minor\b|"
    r"\b(?:anak|cah|budak|bocah|masih|esih|isih|keneh|kelas \d|pelajar|siswa|siswi) "
    r"(?:di )?(?:sd|smp|mts|esempe)\b|\bkelas [1-9] (?:sd|smp|mts)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(petugas|operator|manusia|orang asli|wong|jalma|officer|human|person|staff|someone)\b",
    re.IGNORECASE,
)
# Not "aja": before a verb it is Indonesian "just" far more often than Banyumasan "do not". And
# "jangan kirim" alone is about money.
_NEVER_WRITE = re.compile(
    r"\b(?:jangan|jgn|ojo|ulah|ampun|don'?t|do not) +(?:lagi +|pernah +)?(?:di ?|nge ?|mem)?"
    r"(?:(?:balas|bales|bls|wa|sms|chat|cet|reply|text|message|write|msg)(?:in|i|kan|an)?\b|"
    r"(?:kirim|krm)(?:i|in|kan)? +(?:pesan|psn|wa|sms|chat|apa))",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\d|\b(jam|pukul|pagi|siang|sore|malam|mlm|malem|dini|subuh|zuhur|dzuhur|dhuhur|asar|ashar|"
    r"magrib|maghrib|isya|isyak|kapan|hari|senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu|ahad|"
    r"libur|pulang|istirahat|bebas|setelah|habis|abis|sebelum|waktu|saat|besok|nanti|sekarang|"
    r"tiap|setiap|telp\w*|telepon\w*|telpon\w*|tlp|wa|whatsapp|sms|chat|pesan|bengi|esuk|awan|"
    r"sewayah|peuting|isuk|beurang|iraha|wengi|night|morning|evening|noon|after|before|any ?time|"
    r"when|day|week\w*|sunday|call|phone|message|text)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"-?\d{1,2}\.\d{5},-?\d{1,3}\.\d{5}(?!\d)")
_NAME = r"\W+(?:is +|itu +|adalah +)?(?!\d)\w+(?:\W+\w+){0,3}\W*$"
_OWN_NAME = re.compile(
    r"^\W*(?:perkenalkan +)?(?:(?:nama|jeneng|asma|nami|ngaran|wasta)"
    rf"(?:ku|\W+(?:saya|aku|sy|kulo|kula|abdi|inyong|urang))|my name){_NAME}|"
    r"^\W*(?:I am|I'm|i am|i'm|[Ss]aya|[Aa]ku|[Kk]ulo|[Aa]bdi)(?: [A-Z][a-z]+){1,3}\W*$",
)
_A_NAME = re.compile(
    r"^\W*(?:(?:nama|jeneng|asma|nami|ngaran|wasta)(?:nya|e|ne|nipun|na)|(?:her|his) name)"
    rf"{_NAME}",
    re.IGNORECASE,
)
_CANCEL = re.compile(
    r"^\W*(batal(?:kan|in)?|(?:ga|gak|nggak|ngga|gk|tidak|tdk|ora|teu) (?:jadi|sida|janten)|"
    r"berhenti|stop|cancel|never ?mind|wurung|sudah cukup)\b"
    r"(?:\W+(?:aja|saja|dulu|pak|bu|min|ya|deh|mawon|wae|please))*\W*$",
    re.IGNORECASE,
)
_REPORT = re.compile(
    r"^\W*(?:(?:saya|sy|aku|mau|mw|ingin|pengen|pengin|tolong|kak|pak|bu|min|arep|badhe|bade|hoyong|"
    r"ayo|i want to|want to)\W+){0,4}(?:lapor|ngelapor|melapor|nglapor|report)"
    r"(?:\W+(?:masalah|dong|pak|bu|kak|min|saja|aja|ya|please))*\W*$",
    re.IGNORECASE,
)
_WANTS_REPORT = re.compile(
    r"\b(?:mau|mw|ingin|pengen|pengin|pingin|arep|badhe|bade|hoyong|hendak|nio|handak|want to) "
    r"(?:ng|me|ma|ba)?(?:lapor|report)\b",
    re.IGNORECASE,
)
_RESUME = re.compile(
    r"^\W*(?:(?:ya|iya|ok|oke|mau|saya|sy|aku|tolong|kak|pak|bu|min|ayo|yuk|arep|bade|i want to|"
    r"please) +){0,3}"
    r"(?:lanjut(?:kan|in|ken)?|di ?lanjut(?:kan|in|no)?|terus(?:kan|in|ke|keun)|nerus(?:ke|keun)|"
    r"melanjutkan|continue|resume|go on|carry on)"
    r"(?: +(?:lagi|saja|aja|dong|ya|kak|pak|bu|min|tadi|yang tadi|laporan(?:nya|ku|e)?|lapor|saya|"
    r"mawon|wae|please|my|the|report|laporan saya))*\W*$",
    re.IGNORECASE,
)
_NEUTRAL_IN = re.compile(r"^\W*resep\W*$", re.IGNORECASE)
_NEUTRAL_OUT = re.compile(r"^\W*lanjut\W*$", re.IGNORECASE)


def words(text: str) -> list[str]:
    """Split into lower-case words."""
    return _WORD.findall(text.lower())


def has_letters(text: str) -> bool:
    """Say whether there is anything to read at all; emoji and dots are not consent."""
    return any(char.isalpha() for char in text)


def is_question(text: str) -> bool:
    """Say whether a text asks something, with or without a question mark."""
    return bool(_QUESTION.search(text))


def yes_or_no(text: str, language: str | None = None) -> bool | None:
    """Read an explicit yes or no in words; None when it is neither or both.

    A sentence about something else that happens to hold "bisa" or "ya" is not consent: besides
    polite filler only words of one kind may stand there. `language` is the caller's, where known.
    """
    known = answers()
    if is_question(text) and ("?" in text or not known.begins_plainly(text)):
        return None  # "gimana ya" agrees to nothing, "boleh, kapan saja" does
    return known.yes_or_no(text, language)


def skips(text: str) -> bool:
    """Say whether the caller does not know or does not want to answer, and says nothing else.

    In a long sentence "saya tidak tahu harus ke mana lagi" is part of the story.
    """
    said = bool(_SKIP.search(text)) or answers().does_not_know(text)
    return said and len(words(text)) <= _SHORT_SKIP


def corrects(text: str) -> bool:
    """Say whether the caller takes something back that was said before."""
    return bool(_CORRECTION.search(text))


def tells_of_minor(text: str) -> bool:
    """Say whether a child under 18 is spoken of."""
    return bool(_MINOR.search(text))


def wants_person(text: str) -> bool:
    """Say whether a person is asked for in so many words."""
    return bool(_PERSON.search(text))


def forbids_messages(text: str) -> bool:
    """Say whether the caller must not be written to: somebody else may hold the phone."""
    return bool(_NEVER_WRITE.search(text))


def tells_time(text: str) -> bool:
    """Say whether a text says when, or by what way, somebody can be reached."""
    return bool(_TIME.search(text))


def is_place(text: str) -> bool:
    """Say whether a text is a place from the phone, as the gateway puts it into words."""
    return bool(_PLACE.search(text))


def names_oneself(text: str) -> bool:
    """Say whether the caller tells her own name and nothing else."""
    return bool(_OWN_NAME.search(text) or _OWN_NAME.search(text.lower()))


def names_person(text: str) -> bool:
    """Say whether a text tells somebody's name and nothing else."""
    return bool(_A_NAME.search(text))


def cancels(text: str) -> bool:
    """Say whether the caller wants to stop, in so many words and nothing else."""
    return bool(_CANCEL.match(text))


def asks_to_report(text: str) -> bool:
    """Say whether the caller wants to report, and tells nothing yet."""
    return bool(_REPORT.match(text))


def wants_to_report(text: str) -> bool:
    """Say whether a message about something else says in passing that something is to report."""
    return bool(_WANTS_REPORT.search(text))


def resumes(text: str) -> bool:
    """Say whether the caller wants to go on with what was stopped, and says nothing else."""
    return bool(_RESUME.match(text))


def asks_for_neutral(text: str) -> bool:
    """Say whether this is the word of a caller who may be watched."""
    return bool(_NEUTRAL_IN.match(text))


def ends_neutral(text: str) -> bool:
    """Say whether a caller who was watched is alone again."""
    return bool(_NEUTRAL_OUT.match(text))
