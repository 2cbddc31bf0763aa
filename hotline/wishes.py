"""What a caller forbids: a call, the police, a visit, telling the family, being contacted."""

from __future__ import annotations

import re
from enum import StrEnum

from hotline import no_calls
from hotline.no_contact import NO_CONTACT


class Wish(StrEnum):
    """One thing that must not be done without the caller; the word stands on the ticket."""

    NEVER_CALL = "never_call"
    NO_POLICE = "no_police"
    NO_VISIT = "no_visit"
    NO_FAMILY = "no_family"
    DO_NOT_WRITE = "do_not_write"  # to begin nothing towards her; what she asks is answered


# "aja" and "sampun" forbid in Banyumasan and Javanese; before a noun "aja" is Indonesian "just".
_DONT = (
    r"(?:jangan|jgn|jngan|jan|ojo|aja|ampun|sampun|ulah|tong|tidak usah|ga usah|gak usah|gausah|"
    r"nggak usah|ra usah|ora usah|rasah|teu kedah|don'?t|do not|never|please no)"
)
_WONT = (
    r"(?:(?:tidak|tdk|ga|gak|gk|nggak|ngga|enggak|ora|emoh|mboten|moh|embung|alim|teu|moal)"
    r"(?: +(?:mau|mw|ingin|pengen|pingin|gelem|purun|kersa|hoyong|daek|boleh|bole|oleh|kenging))?"
    r"|takut|wedi|ajrih|sieun|don'?t want|not want|afraid)"
)
_FILL = r"(?:\W+(?!kalau|jika|kalo|klo|nek|if)\w+){0,3}?\W+"
_NO = rf"\b(?:{_DONT}|{_WONT})"
_POLICE = (
    r"(?:polisi|pulisi|polis|polsek|polres|aparat|police|cops?|polwan|kapolsek|"
    r"(?:pak|kantor) polisi)"
)
_TELL = (
    r"(?:di ?|me|nge|m|n|ng)?(?:lapor\w*|libat\w*|bilang\w*|panggil\w*|undang\w*|hubung\w*|kasih|"
    r"beri\w*|kabar\w*|bawa\w*|sampai\w*|ngomong\w*|cerita\w*|telp\w*|telepon\w*|manggil|nyeluk|"
    r"celuk\w*|ngundang|omong\w*|wartos\w*|bejo\w*|beja\w*|sanjang\w*|matur\w*|terus\w*|serah\w*|"
    r"share|tell|call|inform|contact|involve|report\w*|urus\w*|pakai|pake|ke|ka|sama|dengan|with)"
)
_VISIT = (
    r"(?:di ?datang\w*|datang\w*|jemput|ndatang\w*|mendatang\w*|dateng\w*|didateng\w*|"
    r"di ?temui|temui|di ?kunjung\w*|kunjung\w*|ke rumah|dijemput|mara|moro|mrene|merene|dugi|"
    r"ka bumi|ka imah|"
    r"sumping|dugikeun|di ?sampeur\w*|nyampeur\w*|nekani|ditekani|teka|tindak|dirawuhi|rawuh|"
    r"come|visit\w*|show up|be visited|coming)"
)
_HOME = (
    r"(?:rumah|rmh|omah|umah|griya|dalem|bumi|imah|tempat|sini|mes|kos|alamat|kampung|kontrakan|"
    r"kene|mriki|dieu|house|home|here|place)"
)
_FAMILY = (
    r"(?:keluarga\w*|kluarga\w*|kulawarga\w*|orang ?tua\w*|ortu\w*|suami\w*|istri\w*|bojo\w*|ibu|"
    r"bapak|ayah|anak\w*|wong tuwa\w*|family|parents|husband|wife|mother|father)"
)
_PATTERNS = {
    Wish.DO_NOT_WRITE: (NO_CONTACT,),
    Wish.NEVER_CALL: (no_calls.FORBIDDEN,),
    Wish.NO_POLICE: (
        rf"{_NO}{_FILL}?{_TELL}{_FILL}?{_POLICE}\b",
        rf"\b(?:tanpa|without|no) {_POLICE}\b",
        rf"\b{_DONT} (?:ke|ka|sama|lewat|ada|nang|the )?\W*{_POLICE}\b",
        (
            rf"\b{_POLICE}\b{_FILL}?(?:jangan|jgn|ojo|ulah)\b(?:\W+\w+){{0,3}}\W+"
            r"(?:tahu|tau|dikasih|ngerti)"
        ),
    ),
    Wish.NO_VISIT: (
        (
            rf"\b{_DONT} *(?:ada |sampai |yang |sing |lagi |petugas |orang |polisi |anyone |"
            rf"people )*{_VISIT}\b"
        ),
        # Not "dia tidak mau datang": only being visited, or others coming, is forbidden.
        (
            rf"\b(?:tidak|tdk|ga|gak|gk|nggak|ora|emoh|mboten|teu|moal|alim|don'?t|not) +"
            r"(?:mau|ingin|pengen|gelem|purun|hoyong|boleh|want)? *"
            rf"(?:(?:ada|petugas|orang|yang|sing|polisi|you|anyone|people|them) +(?:yang |to )?"
            rf"{_VISIT}|di ?(?:datang|dateng|temui|kunjung|jemput|sampeur|tekan|rawuh)\w*|"
            r"to be visited)\b"
        ),
        rf"\b(?:emoh|moh|embung|alim|takut) (?:yen |kalau |lamun |mun )?{_VISIT}\b",
        rf"\b{_DONT}(?:\W+\w+){{1,3}}\W+(?:ke|ka|nang|neng|menyang|to)\W+(?:my |our )?{_HOME}\b",
    ),
    Wish.NO_FAMILY: (
        (
            rf"\b{_DONT}{_FILL}?(?:bilang\w*|kasih|beri\w*|kabar\w*|cerita\w*|hubungi|lapor\w*|"
            r"sampai|omong\w*|ngomong\w*|bejo\w*|beja\w*|sanjang\w*|tell|inform|contact|let)"
            rf"{_FILL}?{_FAMILY}\b"
        ),
    ),
}
_FOUND = {wish: re.compile("|".join(parts), re.IGNORECASE) for wish, parts in _PATTERNS.items()}
# A wish with what still belongs to it: "jangan datang / ke rumah".
_REST = [
    re.compile(rf"(?:{'|'.join(parts)})(?:(?!\b(?:tapi|tp|but)\b)[^.,;!?\n])*", re.IGNORECASE)
    for parts in (*_PATTERNS.values(), (no_calls.REFUSED,))
]
# "kenapa polisi tidak datang", "apa saya jangan lapor polisi?" forbid nothing.
_ASKS = re.compile(
    r"^\W*(?:apa|apakah|kenapa|knp|mengapa|why|should|do i|is it|opo|naha|naon|benarkah)\b"
    r"|\b(?:kata|jare|ceuk|bilang|suruh|nyuruh|ngancam|diancam|ancam)\w*\W+(?:agen|calo|sponsor|"
    r"majikan|bos|dia|mereka|he|she|they|tekong|pelaku)\w*\b[^.!?]{0,40}$",
    re.IGNORECASE,
)
_THEIRS = re.compile(
    r"\b(?:agen\w*|calo\w*|sponsor\w*|majikan\w*|bos|dia|mereka|he|she|they|tekong\w*|pelaku\w*)\b"
    r"(?:\W+\w+){0,2}\W+(?:bilang|ngomong|nyuruh|suruh|ngancam|mengancam|melarang|larang|said|told|"
    r"kata|says)\b[^.!?]*$",
    re.IGNORECASE,
)
_LOOSE_END = re.compile(r"[\s,]+(?:tapi|tp|tetapi|nanging|tapina|asal|but|dan|and)[\s,]*$")


def wishes_in(text: str) -> tuple[Wish, ...]:
    """List what a caller forbids; what somebody else forbade her is no wish of hers."""
    found: set[Wish] = set()
    before = ""
    for sentence in re.split(r"[.!?\n;]+(?=\s|$)", no_calls.even(text)):
        for wish, pattern in _FOUND.items():
            match = pattern.search(sentence)
            if match and not _is_others(sentence[: match.start()], sentence):
                found.add(wish)
        start = no_calls.refused_at(before, sentence)
        if start is not None and not _is_others(sentence[:start], sentence):
            found.add(Wish.NEVER_CALL)
        before = f"{before} {sentence}"
    return tuple(wish for wish in Wish if wish in found)


def without_wishes(text: str) -> str:
    """Take the wishes out, so that "boleh, tapi jangan lapor polisi" is still a yes."""
    text = no_calls.even(text)
    for pattern in _REST:
        text = pattern.sub(" ", text)
    return re.sub(
        r"[\s,]+(?:tapi|tp|tetapi|nanging|tapina|asal|but|dan|and)[\s,]*$", "", text.strip()
    )


def _is_others(before: str, sentence: str) -> bool:
    return bool(_ASKS.search(before) or _THEIRS.search(before) or _ASKS.match(sentence))
