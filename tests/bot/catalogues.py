"""What a translated catalogue must keep of the Indonesian texts, whatever its language."""

import re
from collections.abc import Callable

import smsutil
from babel.messages.catalog import Message

from suar.messages import read_catalogue

SMS_LIMIT = 250
SMS_ANSWER_LIMIT = 235
BUTTON_LIMIT = 20
# Written as titles under a question, so they share the limit of buttons.
_TITLES = ("button", "utter_topic_", "utter_recruiter_none_of_these")

_PLACE = re.compile(r"\{\w+\}")
_SITE = re.compile(r"\b[\w-]+(?:\.[\w-]+)+\.(?:go\.)?id\b(?:/\w+)*|\b\w+\.id\b")
_LAW = re.compile(
    r"\b(?:UU|PP|Perpres|Kepmenaker|Permenaker|Permen P2MI|Permen PPPA) \d+/\d{4}|"
    r"\b\d+/PUU-[XVI]+/\d{4}"
)
_INSTITUTION = re.compile(
    r"\b(?:BP3MI|KP2MI|BP2MI|KBRI|KJRI|KDEI|Disnaker|P3MI|SIP3MI|SIP2MI|SIUPPAK|LTSA|OPP|SPLP|"
    r"LPSK|SAPA 129|UPTD PPA|BPJS|OCS|PIN|OTP|WhatsApp)\b"
)
# What the caller has to type is read by the bot as it stands, in every language.
_COMMAND = re.compile(
    r"\b(?:DARURAT|BATAL|LEWATI|RESEP|LANJUT|STATUS|TIDAK)\b|"
    r"(?<=(?:[Tt]ulis|[Kk]etik|[Bb]alas): )(?:kontak|petugas|hapus data saya)\b|"
    r"(?<=[Bb]alas )kontak\b"
)
# Where English has a word of its own that the bot reads as well, that one is named instead. BATAL,
# LANJUT and RESEP stay: CANCEL, CONTINUE and the like belong to the networks or hide nothing.
OWN_COMMANDS = {
    "en": {
        "DARURAT": "EMERGENCY",
        "LEWATI": "SKIP",
        "TIDAK": "NO",
        "petugas": "officer",
        "kontak": "contact",
        "hapus data saya": "delete my data",
    }
}
_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}\b)")


def entries(language: str) -> list[Message]:
    """Read the texts of one catalogue, without its header."""
    return [entry for entry in read_catalogue(language) if entry.id]


def name(entry: Message) -> str:
    """Name an entry in a test's title."""
    return str(entry.context)


def faults(entry: Message, language: str = "") -> list[str]:
    """Name everything a translation has lost or broken; empty when it may be sent."""
    context, said, told = str(entry.context), str(entry.id), str(entry.string)
    found = [] if told.strip() else ["not translated"]
    found += [f"{what} changed" for what, of in _SAME.items() if of(said) != of(told)]
    own = OWN_COMMANDS.get(language, {})
    kept = sorted(own.get(word, word) for word in _kept(said))
    found += [f"{word} lost" for word in kept if not _holds(told, word)]
    found += _too_long(context, told)
    if context.endswith(".sms") and not smsutil.is_valid_gsm(told):
        found.append("not GSM-7")
    return found


def _numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", _THOUSANDS.sub("", text)))


def _places(text: str) -> list[str]:
    return sorted(_PLACE.findall(text))


def _lines(text: str) -> list[str]:
    """Give the shape: one mark a line, empty, a point of a list, or a sentence."""
    return [line[:2] if line.startswith("- ") else line and "." for line in text.split("\n")]


def _edges(text: str) -> tuple[bool, bool]:
    return text[:1].isspace(), text[-1:].isspace()


_SAME: dict[str, Callable[[str], object]] = {
    "places": _places,
    "numbers": _numbers,
    "lines": _lines,
    "spaces at the ends": _edges,
}


def _kept(text: str) -> set[str]:
    return {word for rule in (_SITE, _LAW, _INSTITUTION, _COMMAND) for word in rule.findall(text)}


def _holds(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _too_long(context: str, text: str) -> list[str]:
    limit = None
    if context.startswith(_TITLES):
        limit = BUTTON_LIMIT
    elif context.endswith(".sms"):
        limit = SMS_ANSWER_LIMIT if context.startswith("utter_faq/") else SMS_LIMIT
    return [] if limit is None or len(text) <= limit else [f"longer than {limit}"]
