"""Typing made readable once: letters in disguise, words without spaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.readable import latin, readable


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("𝗟𝗢𝗪𝗢𝗡𝗚𝗔𝗡 𝑔𝑎𝑗𝑖 𝟭𝟱 𝗷𝘂𝘁𝗮", "LOWONGAN gaji 15 juta"),
        ("ＬＯＫＥＲ ＴＡＩＷＡＮ", "LOKER TAIWAN"),
        ("Кеrjа kе Маlаysіа", "Kerja ke Malaysia"),
        ("ᴋᴇʀᴊᴀ ⓚⓔⓡⓙⓐ 🅺🅴🆁🅹🅰", "KERJA kerja KERJA".replace("KERJA", "kerja", 1)),
        ("orang² 😭 di sana", "orang2 😭 di sana"),
        ("pérak, kamboja", "pérak, kamboja"),
    ],
)
def test_letters_in_disguise_are_read(typed: str, read: str) -> None:
    """Bold, full width, boxed, small capitals, Cyrillic and Greek look-alikes."""
    assert latin(typed) == read


@pytest.mark.parametrize("text", ["Привет, как дела", "مرحبا", "你好"])
def test_another_alphabet_stays_what_it_is(text: str) -> None:
    """Who writes Russian is not read as bad Indonesian."""
    assert latin(text) == text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("tolongsayadisekap", "tolong saya disekap"),
        ("maukerjakemalaysia", "mau kerja ke malaysia"),
        ("TOLONGPAKSAYAMAUDIJUAL", "TOLONG PAK SAYA MAU DIJUAL"),
        ("sayadipukulmajikan, tolong", "saya dipukul majikan, tolong"),
        ("sdh dikapalikan2 gakdigaji", "sdh dikapalikan2 gak digaji"),
        ("kerja dimalaysia", "kerja di malaysia"),
    ],
)
def test_words_run_together_are_taken_apart(typed: str, read: str) -> None:
    """A frightened hand leaves the spaces out."""
    assert readable(typed).text == read


@pytest.mark.parametrize(
    "text",
    [
        "PT Sinarjaya Sumbermakmur", "kesejahteraan", "dipulangkan", "keberangkatan", "perdagangan",
        "kepolisian", "bertanggungjawab", "disekap", "pekerjaan", "https://lokerkerjataiwan.com/daftar",
        "surel kerjataiwan@contoh.id", "@lokerkerjataiwan", "penempatan", "Lokerkerjataiwan.id",
    ],
)  # fmt: skip
def test_names_addresses_and_long_words_stay_whole(text: str) -> None:
    """Only what is made of known words all through is taken apart."""
    assert readable(text).text == text


def test_a_stretch_is_found_again_in_the_text_as_typed() -> None:
    """What is named there is told as it was typed."""
    typed = "tolong, 𝗺𝗮𝘂kerjakemalaysia"
    read = readable(typed)
    start = read.text.index("malaysia")
    first, last = read.typed_at(start, start + len("malaysia"))
    assert typed[first:last] == "malaysia"


@given(st.text())
def test_any_text_keeps_its_characters(text: str) -> None:
    """Only spaces are added, and every character knows where it stood."""
    read = readable(text)
    assert len(read.text) == len(read.places)
    assert len(latin(text)) == len(text)
    assert read.text.replace(" ", "") == latin(text).replace(" ", "")
