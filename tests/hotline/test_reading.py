"""Small readings that must hold when the model is wrong: above all what is consent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline import reading


@pytest.mark.parametrize(
    "text",
    [
        "ya", "iya", "Ya pak", "boleh", "boleh bu", "ok", "setuju", "nggih", "enya", "yes please",
        "iya boleh", "betul min", "ya, silakan", "muhun",
    ],
)  # fmt: skip
def test_an_explicit_yes_is_a_yes(text: str) -> None:
    """A plain word of agreement, in any of the languages."""
    assert reading.yes_or_no(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "tidak", "gak", "ga usah", "jangan pak", "tidak boleh", "ga usah ya", "ora", "mboten",
        "henteu", "no", "jangan hubungi saya", "nggak mau",
    ],
)  # fmt: skip
def test_any_no_is_a_no(text: str) -> None:
    """A no beside a yes-word stays a no."""
    assert reading.yes_or_no(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "", "...", "?", "!!", "😭", "👍", "👌🏽", "🙏🙏", "-", "1", "hmm", "saya takut",
        "bisa gaji dibayar bulan depan", "majikan bilang iya nanti dibayar semua",
        "saya dipukul ya sampai berdarah",
    ],
)  # fmt: skip
def test_what_is_not_said_in_words_is_no_consent(text: str) -> None:
    """An emoji, dots or a sentence about something else decide nothing."""
    assert reading.yes_or_no(text) is None


@given(st.text(st.characters(exclude_categories=("L", "N"))))
def test_signs_alone_are_never_a_yes(text: str) -> None:
    """Whatever emoji or punctuation is sent, consent is not read into it."""
    assert reading.yes_or_no(text) is None


@pytest.mark.parametrize(
    "text", ["berapa biaya", "brp", "gimana caranya", "piye carane", "kumaha", "aman?", "how much"]
)
def test_a_question_is_seen_without_a_question_mark(text: str) -> None:
    """Few callers type one."""
    assert reading.is_question(text)


@pytest.mark.parametrize("text", ["saya di Johor", "majikan namanya Hassan", "ya", ""])
def test_an_answer_is_no_question(text: str) -> None:
    """What a form asked for is not taken for a question."""
    assert not reading.is_question(text)


@pytest.mark.parametrize(
    "text", ["ga tau", "tidak tahu pak", "lewati", "skip", "mboten ngerti", "-"]
)
def test_not_knowing_is_an_answer(text: str) -> None:
    """Nobody has to answer to be heard."""
    assert reading.skips(text)


@pytest.mark.parametrize("text", ["Johor", "saya tahu alamatnya", "lewat Batam"])
def test_an_answer_is_no_skip(text: str) -> None:
    """A place passed through is not a wish to pass."""
    assert not reading.skips(text)


@pytest.mark.parametrize(
    "text",
    ["umur 15", "anak umur 16 tahun", "15 th", "17 tahun", "di bawah umur", "she is 14 years old",
     "adik saya masih smp", "anak SMP", "kelas 2 smp", "umurnya 16", "umure nembelas"],
)  # fmt: skip
def test_a_child_is_noticed(text: str) -> None:
    """A minor needs other help, however the age is written."""
    assert reading.tells_of_minor(text)


@pytest.mark.parametrize(
    "text",
    ["umur 25", "18 tahun", "21 th", "gaji 15 juta", "tanggal 12", "baru 8 bulan", "16 tahun kerja",
     "kerja 12 tahun", "lulusan smp umur 25"],
)  # fmt: skip
def test_an_adult_is_no_child(text: str) -> None:
    """Other numbers are not ages of children."""
    assert not reading.tells_of_minor(text)


@pytest.mark.parametrize("text", ["RESEP", "resep", " Resep!! ", "resep."])
def test_the_neutral_word_stands_alone(text: str) -> None:
    """It is easy to type in a hurry."""
    assert reading.asks_for_neutral(text)


@pytest.mark.parametrize("text", ["resep obat", "minta resep dokter", "", "respon"])
def test_a_sentence_with_the_word_is_not_the_neutral_word(text: str) -> None:
    """Who speaks of a prescription is not being watched."""
    assert not reading.asks_for_neutral(text)


def test_the_word_back_stands_alone_too() -> None:
    """LANJUT ends the disguise; a sentence that holds it does not."""
    assert reading.ends_neutral("lanjut!")
    assert not reading.ends_neutral("lanjut masak apa")


@pytest.mark.parametrize("text", ["eh salah, Penang", "maaf maksud saya Penang", "ralat: Penang"])
def test_a_correction_is_noticed(text: str) -> None:
    """What was said before is taken back, not added to."""
    assert reading.corrects(text)


def test_a_plain_answer_is_no_correction() -> None:
    """A first answer corrects nothing."""
    assert not reading.corrects("Penang")


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    """No reading fails on anything a caller can send."""
    for read in (
        reading.is_question, reading.yes_or_no, reading.skips, reading.corrects,
        reading.tells_of_minor, reading.asks_for_neutral, reading.ends_neutral, reading.resumes,
    ):  # fmt: skip
        read(text)


@pytest.mark.parametrize(
    "text",
    ["jgn balas wa ini lg, majikan liat hp saya", "jangan kirim pesan lagi ke sini", "ojo bales",
     "jangan sms siang", "please do not reply", "ulah dibales"],
)  # fmt: skip
def test_a_caller_who_must_not_be_written_to_is_heard(text: str) -> None:
    """Somebody else may hold the phone."""
    assert reading.forbids_messages(text)


@pytest.mark.parametrize(
    "text",
    ["nanti malam jam 9 aja balas nya jgn telpon", "kalau diminta uang jangan kirim dulu ya",
     "jangan telepon", "wa aja", "kenapa belum dibalas", "jangan percaya sponsor"],
)  # fmt: skip
def test_other_wishes_do_not_silence_the_bot(text: str) -> None:
    """Silence is for the one who asked for it."""
    assert not reading.forbids_messages(text)


@pytest.mark.parametrize(
    "text", ["lanjut", "mau lanjut", "lanjutkan laporan saya", "teruske", "continue my report"]
)
def test_a_wish_to_go_on_is_read(text: str) -> None:
    """A stopped report can be taken up again, in every language."""
    assert reading.resumes(text)


@pytest.mark.parametrize("text", ["lanjut kuliah", "lanjut masak apa", "paspor saya diambil", ""])
def test_a_sentence_about_something_else_does_not_go_on(text: str) -> None:
    """Only the word alone takes a report up again."""
    assert not reading.resumes(text)


@pytest.mark.parametrize(
    ("text", "own", "other"),
    [
        ("namaku siti", True, False),
        ("nama saya Siti Aminah", True, False),
        ("I am Dewi", True, False),
        ("jenenge Sri Wahyuni", False, True),
        ("her name is Sri", False, True),
        ("saya takut", False, False),
        ("saya di penang", False, False),
        ("i am in dubai", False, False),
        ("namanya anak kampung jauh dari kota tidak tahu apa apa", False, False),
    ],
)
def test_a_name_alone_is_told_from_an_answer(text: str, own: bool, other: bool) -> None:
    """A name where a firm or a date was asked for is kept without being taken for it."""
    assert (reading.names_oneself(text), reading.names_person(text)) == (own, other)
