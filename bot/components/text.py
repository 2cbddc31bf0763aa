"""How a caller's typing is evened out before the classifier sees it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

# What a caller's own numbers say to the classifier is only that they are there.
# A ticket code however sloppily typed; a digit tells it from words after a bare "sr".
CODE = re.compile(
    r"\b[s5][\s.]?r[\s.:_-]{0,3}(?=(?:[a-z][\s.:_-]?){0,5}\d)(?:[0-9a-z][\s.-]?){3}[0-9a-z]"
    r"[\s.:_-]{0,3}[0-9a-z][\s.-]?[0-9a-z]\b"
    r"|\bsr-[a-z]{4}-[a-z]{2}\b",
    re.I,
)
LINK = re.compile(r"(?:https?://|www\.|wa\.me/|t\.me/|bit\.ly/)\S+", re.I)
PHONE = re.compile(
    r"(?<![\w.])\+?(?:62|60|65|66|81|82|85[25]|86|88[26]|95|96\d|97[1-4]|0)"
    r"[\s.-]?\d(?:[\s.()-]?\d){6,13}(?!\w)"
)
MONEY = re.compile(
    r"\b(?:rp|idr|rm|usd|ntd?|hkd|sgd|sar|won|yen|riyal|ringgit|dolar|dollar)\.?\s?\d[\d.,]*"
    r"(?:\s?(?:jt|juta|jeti|rb|ribu|rebu|k|m)(?:an)?\b)?"
    r"|\d[\d.,]*\s?(?:jt|juta|jeti|rb|ribu|rebu|yuta|ewu|k)(?:an)?\b"
    r"|\d[\d.,]*\s?(?:rp|rm|usd|ntd?|hkd|sgd|sar|won|yen|riyal|real|ringgit|dolar|dollar|dirham|\$)"
    r"(?!\w)|\$\s?\d[\d.,]*",
    re.I,
)
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)

_LEET = str.maketrans("013457", "oieast")
# Words that carry digits of their own, which are no disguised letters.
_TRUE_DIGITS = frozenset(
    ("p3mi", "bp3mi", "p2mi", "kp2mi", "bp2mi", "p2tp2a", "bnp2tki", "p4tki", "s1", "s2", "d3")
)
_REPEAT = re.compile(r"(.)\1{2,}")
_LAST_DOUBLE = re.compile(r"([^\W\d])\1$")

_SHORTHAND_TABLE = """
tidak: tdk gk ga gak nggak ngga enggak engga ngak ndak gag kagak tak
kerja: krj kerj krja
bekerja: bkrj bekrja
yang: yg yng
dengan: dgn dg dngn
untuk: utk untk utuk
berapa: brp brapa brpa brapa
bagaimana: gmn gmna gimana gimna bgmn bgaimana
majikan: mjikn mjkn majikn mjikan
paspor: pspr paspo passport pasport pasport paspot
bayar: byr bayr byar
sudah: sdh udh udah dah sudh uda
belum: blm blum blom
bisa: bs bsa
mohon: mhn mohn
tolong: tlng tlong tolg tlg tulung
saya: sy sya aku gw gue gua ane
anda: km kamu kmu lu lo elu
tahu: tau th
orang: org orng
karena: krn krna karna
kalau: kl klo kalo klau
sampai: smp sampe smpe smpai nyampe
sama: sm ama
bulan: bln
tahun: thn th
hari: hr
minta: mnta mta
uang: duit dwit
dari: dr dri
dalam: dlm
dan: dn n
juga: jg jga
tapi: tp tpi
lagi: lg lgi
mau: mw mo
apa: ap
ini: ni
itu: tu
pak: pa bpk bapak
bu: ibuk
kantor: kntr
gaji: gji
pulang: plg plang
nomor: no nmr nomer
perusahaan: prshn perushaan perusahan
kabur: kbur
lapor: lpr lapr
laporan: lprn
telepon: tlp telp tlpn telpon
wa: whatsapp watsap whatsap
anak: ank
suami: swmi suamii
adik: adek ade dek
rumah: rmh
malaysia: malay mlysia malaisia malesia
agen: agensi agency
cuma: cm cman cuman
saja: aja sj ae
banget: bgt bngt
terus: trs trus
kenapa: knp knpa napa
sekarang: skrg skrang skr
jangan: jgn jngan
terima kasih: makasih makasi mksh trims thx tks trimakasih terimakasih
selamat: slmt slamat
assalamualaikum: ass asw aslmkm assalamu'alaikum askum
"""


def _shorthand() -> dict[str, str]:
    """Return every spelling of the table with the word it stands for."""
    table: dict[str, str] = {}
    for line in _SHORTHAND_TABLE.strip().splitlines():
        word, spellings = line.split(":")
        table.update(dict.fromkeys(spellings.split(), word))
    return table


SHORTHAND = _shorthand()


def has_words(text: str) -> bool:
    """Say whether a text holds at least one letter; "😭", "..." and "12" do not."""
    return any(character.isalpha() for character in text)


def fold(text: str) -> str:
    """Return the text in lower case, without accents and look-alike letter forms."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def undisguise(word: str) -> str:
    """Give back the letters a caller or an advert wrote as digits (k4mboj4)."""
    letters = sum(c.isalpha() for c in word)
    digits = len(word) - letters
    if not digits or word in _TRUE_DIGITS or letters < 2 or letters <= digits:
        return word
    if word[-1] == "2" and word[:-1].isalpha():
        # "orang2" is how Indonesians write the plural "orang-orang".
        return word[:-1]
    return word.translate(_LEET) if word[0].isalpha() else word


def squeeze(word: str) -> str:
    """Shorten drawn-out letters (toloooong, makasihh)."""
    short = _REPEAT.sub(r"\1", word)
    return _LAST_DOUBLE.sub(r"\1", short) if len(short) > 3 else short


def glossed(text: str, glosses: Mapping[str, str]) -> str:
    """Return an evened-out text with words of other languages put as the one they stand for."""
    return " ".join(glosses.get(word, word) for word in text.split())


def plain_word(word: str) -> str:
    """Return a word without disguise, drawn-out letters or shorthand."""
    plain = squeeze(undisguise(word))
    return SHORTHAND.get(plain, plain)


def spelled_out(text: str) -> str:
    """Return the text with its words spelled out and its punctuation kept."""
    return WORD.sub(lambda match: plain_word(match.group()), fold(text))


def normalise(text: str) -> str:
    """Return the text as the classifier reads it: words evened out, numbers masked."""
    masked = LINK.sub(" tautan ", fold(text))
    masked = CODE.sub(" kodelaporan ", masked)
    masked = PHONE.sub(" nomortelepon ", masked)
    masked = MONEY.sub(" jumlahuang ", masked)
    words = (plain_word(word) for word in WORD.findall(masked))
    return " ".join("angka" if word.isdigit() else word for word in words)
