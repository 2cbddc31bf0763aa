"""Normal forms of recruiter names and licence numbers, the same for a register and a query."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby

MAX_QUERY = 160
"""Characters of a caller's text that are looked at; a longer one is not a name."""

_LEGAL = frozenset("pt cv tbk persero perseroan terbatas ltd inc corp corporation co".split())
_TRADE = frozenset(
    "pjtki pptkis pppmi p3mi p2mi tki tkw pmi cpmi agen agency agensi agent yayasan perusahaan "
    "penyalur sponsor kantor dan and".split()
)
_SPELT_OUT = {"intl": "internasional", "international": "internasional"}
_OLD_SPELLING = (("oe", "u"), ("dj", "j"), ("tj", "c"))
_SPACED_LEGAL = re.compile(r"^\s*p\s*\.\s*t\b\.?|[,\s]p\s*\.\s*t\s*\.?\s*$")
_BRANCH = re.compile(
    r"[,(\s]*\b(?:kantor\s+)?(?:cabang|cab)\b\.?\s*(?P<place>[^,()]*?)"
    r"(?=\s*\b(?:pt|cv|p3mi|pjtki|pptkis)\b|[,()]|$)\)?"
)
_PARENTHESES = re.compile(r"\(([^()]*)\)")
_FORMERLY = re.compile(r"^\s*(?:d\s*/\s*h|dahulu|dulu|eks|ex|alias|disingkat)\b[.:]?\s*")
_LICENCE_WORDS = re.compile(
    r"\b(?:sip3mi|sippmi|sippptkis|sippptki|sipptki|siup|nib|nomor|no|izin|ijin|lisensi|licence|"
    r"license|kepmen)\b\.?"
)
# Words around a name in a question. They go only from the two ends, and only
# after the untouched text has found nothing, since a firm may bear any of them.
_AROUND = frozenset(
    "tolong mohon cek periksa apa apakah kah resmi legal ilegal terdaftar berizin izin "
    "izinnya ijin itu ini ya yah gak ga gk nggak ngga tidak mau tanya min pak bu kak mbak mas "
    "saya aku nama namanya dari di yang yg lewat tentang soal status statusnya sudah sdh udah "
    "dong gan bang permisi assalamualaikum".split()
)
# These are question words only with one of the others behind them ("aman gak"):
# "Karya Jaya Aman" may be a firm, and is then not "Karya Jaya".
_AROUND_AT_END = frozenset("aman asli benar bener ada punya masih apa".split())


@dataclass(frozen=True, slots=True)
class AskedName:
    """A query taken apart: readings of the name, the plainest first, and the branch in it."""

    readings: tuple[str, ...]
    branch: str


def plain(text: str) -> str:
    """Return lower case without accents, invisible signs and apostrophes."""
    if text.isascii():  # nothing to take apart, as in nearly every name
        return re.sub(r"['`]", "", text.casefold())
    decomposed = unicodedata.normalize("NFKD", text)
    kept = (c for c in decomposed if unicodedata.category(c) not in {"Mn", "Cf"})
    return re.sub(r"['`´‘’]", "", "".join(kept).casefold())


def normal_name(text: str) -> str:
    """Return a name without legal form, punctuation, branch and old spelling."""
    return _normal(_BRANCH.sub(" ", plain(text)))


def joined(normal: str) -> str:
    """Return a normal name without its spaces, so that run-together words compare equal."""
    return normal.replace(" ", "")


def word_sorted(normal: str) -> str:
    """Return a normal name with its words in alphabetical order."""
    return " ".join(sorted(normal.split()))


def initials(normal: str) -> str:
    """Return the first letters of a name of two words or more, else nothing."""
    words = normal.split()
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def asked_name(query: str) -> AskedName:
    """Take a caller's text apart into the name meant and the branch mentioned."""
    text = plain(query[:MAX_QUERY])
    branch = _BRANCH.search(text)
    text = _BRANCH.sub(" ", text)
    words = _normal(text).split()
    without_brackets = _normal(_PARENTHESES.sub(" ", text)).split()
    readings = (words, _trimmed(words), without_brackets, _trimmed(without_brackets))
    return AskedName(
        tuple(dict.fromkeys(" ".join(reading) for reading in readings if reading)),
        " ".join(_words(branch["place"])) if branch else "",
    )


def _trimmed(words: list[str]) -> list[str]:
    while words and words[0] in _AROUND:
        words = words[1:]
    also: frozenset[str] = frozenset()
    while words and (words[-1] in _AROUND or words[-1] in also):
        words = words[:-1]
        also = _AROUND_AT_END
    return words


def split_aliases(name: str) -> tuple[str, tuple[str, ...]]:
    """Part "PT Panjang Sekali (PS)" into the name and what stood in brackets."""
    found = []
    for inner in _PARENTHESES.findall(name):
        told = _FORMERLY.sub("", inner.casefold()).strip()
        words = _words(plain(told))
        if words and not all(word in _LEGAL | _TRADE for word in words) and words[0] != "cabang":
            found.append(inner.strip()[len(inner.strip()) - len(told) :])
    bare = " ".join(_PARENTHESES.sub(" ", name).split())
    return (bare, tuple(found)) if bare else (name, ())


def normal_licence(text: str) -> str:
    """Return a licence number as bare letters and digits, without the words before it."""
    return re.sub(r"[^a-z0-9]", "", _LICENCE_WORDS.sub(" ", plain(text)))


def licences_within(query: str) -> list[tuple[str, str]]:
    """List what could be a licence number, longest first, each with the text left beside it."""
    text = plain(query[:MAX_QUERY])
    if not any(sign.isdigit() for sign in text):
        return []
    words = text.split()
    found = [(normal_licence(query[:MAX_QUERY]), "")]
    for length in range(min(5, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            number = normal_licence(" ".join(words[start : start + length]))
            rest = _LICENCE_WORDS.sub(" ", " ".join(words[:start] + words[start + length :]))
            found.append((number, rest))
    return [(number, rest) for number, rest in found if _could_be_licence(number)]


def _could_be_licence(number: str) -> bool:
    # Six signs with a digit: shorter ones turn up in names and phone numbers' ends.
    return len(number) >= 6 and any(c.isdigit() for c in number)


def _normal(text: str) -> str:
    words = _words(_SPACED_LEGAL.sub(" ", text))
    kept = [word for word in words if word not in _LEGAL and word not in _TRADE]
    return " ".join(_modern(word) for word in (kept or words))


def _words(text: str) -> list[str]:
    """Split into words, with letters that stand alone ("y a s r i") put together."""
    words: list[str] = []
    for single, group in groupby(re.findall(r"[^\W_]+", text), key=lambda w: len(w) == 1):
        run = list(group)
        words.extend(["".join(run)] if single else run)
    return words


def _modern(word: str) -> str:
    for old, new in _OLD_SPELLING:
        word = word.replace(old, new)
    return _SPELT_OUT.get(word, word)
