"""Questions that lean on the answer before them."""

import pytest

from hotline.asking import asks_if_safe, asks_what_to_do


@pytest.mark.parametrize(
    "text",
    ["ini aman ga", "jadi aman ga kak", "aman?", "apakah ini penipuan", "penipuan bukan",
     "boleh berangkat ga", "berarti saya boleh berangkat?", "is it safe", "is this a scam?",
     "iki aman ora", "ieu aman teu", "bisa dipercaya ga"],
)  # fmt: skip
def test_a_wish_for_a_verdict_is_heard(text: str) -> None:
    """Most callers ask it in three words."""
    assert asks_if_safe(text)


@pytest.mark.parametrize(
    "text",
    ["aman", "apa laporan saya aman", "kalau biaya dipotong gaji?", "gajinya 10 juta",
     "apakah identitas saya aman", "aman kalau saya cerita di sini?", "biayanya berapa"],
)  # fmt: skip
def test_a_question_about_something_else_asks_for_no_verdict(text: str) -> None:
    """Whether the hotline itself can be trusted has an answer of its own."""
    assert not asks_if_safe(text)


@pytest.mark.parametrize(
    "text",
    ["terus saya harus gimana", "terus gimana dong", "saya harus apa", "what should i do",
     "kudu piye aku", "abdi kedah kumaha", "langkah selanjutnya apa", "so what now"],
)  # fmt: skip
def test_a_call_for_the_next_step_is_heard(text: str) -> None:
    """In every language served."""
    assert asks_what_to_do(text)


@pytest.mark.parametrize(
    "text", ["gimana cara lapor", "berapa biaya", "visa apa yang harus dipakai", "apa harus bayar"]
)
def test_a_question_about_one_thing_is_no_call_for_the_next_step(text: str) -> None:
    """It has an answer of its own."""
    assert not asks_what_to_do(text)
