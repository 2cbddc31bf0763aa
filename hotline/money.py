"""What an amount is, as callers type it: "3jt", "Rm.200", "delapan juta lima ratus ribu"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SCALES = {
    1_000_000: "juta jutaan juataan jutah jeti jt jtan yuta million mill mil m",
    1_000: "ribu ribuan rebu rb rban rbuan ruban ewu ebu k thousand ribee sebbu",
}
_SCALE = {word: size for size, words in _SCALES.items() for word in words.split()}
_COINS = {
    "IDR": "rp idr rupiah", "MYR": "rm myr ringgit ringit", "TWD": "nt ntd twd",
    "HKD": "hkd", "SGD": "sgd", "AUD": "aud", "KRW": "won krw", "JPY": "yen jpy ¥",
    "EUR": "euro euros eur €", "TRY": "lira", "THB": "baht", "PHP": "peso php",
    "CNY": "yuan rmb", "AED": "aed dirham dirhams", "SAR": "sar", "KWD": "kwd kd", "GBP": "£",
    "USD": "usd", "MMK": "kyat", "KHR": "riel", "BDT": "taka",
}  # fmt: skip
_COIN = {word: code for code, words in _COINS.items() for word in words.split()}
# Coins of several countries: the place says whose, and without a place the likeliest is meant.
_SHARED = {
    "dolar": {"": "USD", "HK": "HKD", "SG": "SGD", "TW": "TWD", "AU": "AUD", "BN": "BND",
              "CA": "CAD", "NZ": "NZD", "FJ": "FJD"},
    "riyal": {"": "SAR", "QA": "QAR", "OM": "OMR", "YE": "YER", "IR": "IRR"},
    "dinar": {"KW": "KWD", "JO": "JOD", "BH": "BHD", "IQ": "IQD", "LY": "LYD", "TN": "TND",
              "DZ": "DZD"},
    "pound": {"": "GBP", "EG": "EGP", "LB": "LBP", "SY": "SYP", "SD": "SDG"},
}  # fmt: skip
_CALLED = {
    "dolar": "dolar dollar dollars $", "riyal": "riyal riyals real reyal rial",
    "dinar": "dinar", "pound": "pound pounds",
}  # fmt: skip
_SHARED_COIN = {word: name for name, words in _CALLED.items() for word in words.split()}
_NUMBERS = {
    1: "satu siji hiji settong one", 2: "dua loro rong duo due two", 3: "tiga telu telung tigo "
    "tello talu tellu tolu lhee three", 4: "empat papat patang opat ampek empak empa ampat eppa "
    "peuet four", 5: "lima limo limang lema limong five", 6: "enam nem genep anam ennem enem "
    "enneng nam onom six", 7: "tujuh pitu pitung tujuah petto tujoh seven", 8: "delapan lapan "
    "wolu wolung dalapan walu ballu balu aruwa ualu eight", 9: "sembilan sanga sangang "
    "sambilan asera sikureueng siwa nine", 10: "sepuluh sapuluh sapolo sapuluah seppulo siploh "
    "sampulu ten", 11: "sebelas eleven", 15: "fifteen", 20: "twenty", 25: "selawe", 30: "thirty",
    40: "forty", 50: "fifty", 100: "seratus saratus satus saratos saratuih sireutoh siratu hundred",
}  # fmt: skip
_NUMBER = {word: n for n, words in _NUMBERS.items() for word in words.split()}
_ONE_SCALED = {
    "sejuta": 1_000_000, "seyuta": 1_000_000, "sajuta": 1_000_000, "sijuta": 1_000_000,
    "sewu": 1_000, "seribu": 1_000, "sarebu": 1_000, "saribu": 1_000, "saebu": 1_000,
    "siribee": 1_000, "sisebbu": 1_000, "rongewu": 2_000, "limangewu": 5_000,
}  # fmt: skip
_TENS = frozenset("puluh puluah pulo polo ploh".split())
_HUNDREDS = frozenset("ratus ratuih ratos reutoh ratu hundred".split())
_TEENS = frozenset("belas welas".split())
_PIECE = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[$€£¥]")
_MOST = 10**13


@dataclass(frozen=True)
class Money:
    """An amount in whole units (or cents after a point) and, where it can be told, its currency."""

    value: float
    currency: str = ""

    def __str__(self) -> str:
        """Write it plainly: "IDR 3500000"."""
        number = f"{self.value:.0f}" if self.value == int(self.value) else f"{self.value:.2f}"
        return f"{self.currency} {number}".strip()


def read_money(text: str, *, country: str = "") -> Money | None:
    """Read an amount; `country` says whose dollar or riyal. None when no number stands there."""
    pieces = [piece.lower() for piece in _PIECE.findall(text)]
    scale = max((_SCALE.get(piece, 1) for piece in pieces), default=1)
    currency = _currency(pieces, country)
    if not currency and scale == 1 and not any("." in p or "," in p for p in pieces):
        scale_known = any(piece in _ONE_SCALED for piece in pieces)
        if not scale_known:
            return None  # "200" alone may be anything
    digits = [piece for piece in pieces if piece[0].isdecimal()]
    value = _digits(digits[0], scale) * scale if digits else float(_in_words(pieces))
    if not 0 < value < _MOST:
        return None
    return Money(value, currency or "IDR")


def _currency(pieces: list[str], country: str) -> str:
    for piece in pieces:
        if piece in _COIN:
            return _COIN[piece]
        if piece in _SHARED_COIN:
            whose = _SHARED[_SHARED_COIN[piece]]
            return whose.get(country) or whose.get("") or "?"
    return ""


def _digits(number: str, scale: int) -> float:
    """Read digits with points and commas in any of the ways they are put."""
    groups = re.split(r"[.,]", number)
    last = len(groups[-1])
    if len(groups) == 1:
        return float(number)
    in_millions = scale == 1_000_000 and len(groups) == 2
    if last == 3 and not in_millions:
        return float("".join(groups))  # "3.500.000", "300,000.000", "3.750 ribu"
    whole, part = "".join(groups[:-1]), groups[-1]
    return float(f"{whole}.{part}")  # "1,5 jt", "2.5jt"


def _in_words(pieces: list[str]) -> int:
    """Add up a number in words: "delapan juta lima ratus ribu"; 0 where a word is not known.

    "salapan" is not: it is nine in Sundanese and eight in Minangkabau.
    """
    total = part = last = 0
    for piece in pieces:
        if piece in _NUMBER:
            last = _NUMBER[piece]
            part += last
        elif piece in _TENS:
            part += last * 9
            last *= 10
        elif piece in _TEENS:
            part += 10
        elif piece in _HUNDREDS:
            part += last * 99
            last *= 100
        elif piece in _ONE_SCALED:
            total += _ONE_SCALED[piece]
        elif piece in _SCALE:
            total, part, last = total + part * _SCALE[piece], 0, 0
        elif piece not in _COIN and piece not in _SHARED_COIN:
            return 0
    return total + part
