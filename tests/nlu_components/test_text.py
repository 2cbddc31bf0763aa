"""How typing is evened out."""

from __future__ import annotations

import pytest

from bot.components.text import glossed, has_words, normalise


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Toloooong sy di k4mboj4", "tolong saya di kamboja"),
        ("orang2 di jud0l", "orang di judol"),
        ("krj brp lama gk digaji", "kerja berapa lama tidak digaji"),
        ("P3MI itu apa", "p3mi itu apa"),
        ("bayar 5jt ke sponsor", "bayar jumlahuang ke sponsor"),
        ("gaji Rp 3.500.000", "gaji jumlahuang"),
        ("hubungi 0812-3456-7890", "hubungi nomortelepon"),
        ("kode sr 7k4m 2q", "kode kodelaporan"),
        ("laporan SR-7K4M-2Q", "laporan kodelaporan"),
        ("sudah 9 bulan", "sudah angka bulan"),
        ("cek https://contoh.example/a?b", "cek tautan"),
    ],
)
def test_typing_is_evened_out(typed: str, read: str) -> None:
    """Shorthand, disguised letters and numbers are read as what they stand for."""
    assert normalise(typed) == read


def test_words_after_a_bare_sr_are_no_ticket_code() -> None:
    """Only characters with a digit among them pass for a sloppily typed code."""
    assert "kodelaporan" not in normalise("sr saya kerja di malaysia")


@pytest.mark.parametrize("silent", ["😭😭", "...", "?", "12", "👍", "", "   "])
def test_signs_and_numbers_hold_no_words(silent: str) -> None:
    """An emoji, dots or a number alone say nothing that could be an intent."""
    assert not has_words(silent)


def test_words_of_two_languages_are_read_as_one() -> None:
    """What is learned from Indonesian helps in Javanese."""
    assert glossed("aku ora dibayar", {"aku": "saya", "ora": "tidak"}) == "saya tidak dibayar"
