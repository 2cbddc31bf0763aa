"""Which of the offered choices a caller means, and when she means something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.choices import pick
from hotline.messages import Choice

CHOICES = (
    Choice("Saya sendiri", "/self"),
    Choice("Keluarga saya", "/family"),
    Choice("Orang lain", "/other"),
)


@pytest.mark.parametrize(
    "text",
    [
        "2", "2.", " 2 ", "(2)", "dua", "DUA", "no 2", "nomor 2", "no. 2", "pilih 2", "yang kedua",
        "yg kedua", "yang ke 2", "pilihan dua", "nomor dua pak", "kedua", "loro", "sing nomer loro",
        "kadua", "two", "the second", "option 2", "2 aja", "keluarga saya", "Keluarga saya",
        "KELUARGA SAYA!",
    ],
)  # fmt: skip
def test_a_choice_is_read_by_number_word_or_title(text: str) -> None:
    """On a phone without buttons people answer in many ways."""
    assert pick(text, CHOICES) == CHOICES[1]


@pytest.mark.parametrize(
    "text",
    [
        "2 tahun", "dua anak saya", "2 bulan lagi", "sudah 2 kali dipukul", "22", "4", "0", "9",
        "1 atau 2", "keluarga", "", "   ", "?", "...", "😭", "2️⃣ tahun", "yang mana?", "pak",
        "no", "2jt", "saya sendiri yang dipukul",
    ],
)  # fmt: skip
def test_a_number_inside_a_sentence_is_no_choice(text: str) -> None:
    """The words "2 tahun" tell a time, not the second button; what is unclear goes to the bot."""
    assert pick(text, CHOICES) is None


@given(st.text())
def test_without_choices_nothing_is_picked(text: str) -> None:
    """No old menu is answered by accident."""
    assert pick(text, ()) is None


@given(st.text())
def test_only_an_offered_choice_is_ever_picked(text: str) -> None:
    """Whatever is typed, the result was on offer or there is none."""
    assert pick(text, CHOICES) in {None, *CHOICES}


@pytest.mark.parametrize("number", range(1, 10))
def test_nine_choices_can_be_told_apart(number: int) -> None:
    """Each digit names its own place, and none beyond the last."""
    nine = tuple(Choice(f"Pilihan huruf {chr(64 + n)}", f"/{n}") for n in range(1, 10))
    assert pick(str(number), nine) == nine[number - 1]
    assert pick(str(number), nine[: number - 1]) is None


def test_two_choices_of_one_title_are_not_guessed() -> None:
    """Where the title fits twice, the bot has to ask."""
    assert pick("Ya", (Choice("Ya", "/a"), Choice("Ya", "/b"))) is None
