"""Tells a case seen in the news from one that is reported: "di berita ada tkw disiksa"."""

from __future__ import annotations

import re

from hotline.persons import about_whom
from hotline.reading import is_question

_PAPER = r"(?:berita(?:nya)?|brita|kabar berita|warta|wartos|pawarta|koran|tv|tivi|televisi|news)"
_SOCIAL = r"(?:tiktok|tik tok|facebook|fb|ig|instagram|youtube|yutub|medsos|sosmed|twitter)"
_SEEN = (
    r"(?:di|ring|ing|neng|nang|ning|ri|baca|maca|lihat|liat|liek|ningali|nonton|nenjo|delok|"
    r"ndelok|in|on|saw|read|watched)"
)
# Of her own people there is no news either; and a job seen on television is an offer.
_ELSE = re.compile(
    r"\b(?:tidak|tdk|ga|gak|nggak|ngga|belum|blm|ora|mboten|teu|kada|indak|ndak|no|not) "
    r"(?:\w+ ){0,2}?(?:berita|brita|kabar|warta|wartos|news)\b|"
    r"\b(?:lowongan|loker|tawaran|iklan|lowker|job|vacancy)\b",
    re.IGNORECASE,
)
# Who says that she saw it says nothing about herself: "saya nonton berita".
_ONLY_SAW = re.compile(
    r"\b(?:saya|sy|aku|gue|kulo|kula|abdi|ambo|beta|ulun|i|we|kami)"
    r"(?: (?:tadi|barusan|baru|habis|abis|kemarin|pernah|sering|just))* "
    r"(?=(?:nonton|lihat|liat|liek|baca|maca|delok|ningali|saw|read|"
    r"watched)\b)",
    re.IGNORECASE,
)
_NEWS = re.compile(
    rf"\b{_SEEN} (?:\w+ ){{0,2}}?{_PAPER}\b|\b(?:viral|rame|heboh) (?:\w+ ){{0,2}}?(?:di|neng|on) "
    rf"{_SOCIAL}\b|\b{_SOCIAL} (?:lagi )?(?:viral|rame|heboh)\b|\bvideo viral\b|"
    rf"\b{_PAPER} (?:soal|tentang|bab|ngeunaan|about)\b",
    re.IGNORECASE,
)


def tells_news(text: str) -> bool:
    """Say whether a text tells of somebody else's case in the news, asks nothing, names nobody."""
    if _ELSE.search(text) or is_question(text) or about_whom(_ONLY_SAW.sub(" ", text)) is not None:
        return False
    return bool(_NEWS.search(text))
