"""What a caller forbids is heard in four languages; what others forbade her is not hers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline import reading
from hotline.wishes import Wish, wishes_in, without_wishes

FORBIDDEN = {
    Wish.NO_POLICE: [
        "jangan lapor polisi", "jgn lapor ke polisi ya kak", "tolong jangan libatkan polisi",
        "ojo lapor polisi", "ampun lapor polisi nggih", "aja lapor polisi",
        "ulah lapor ka pulisi", "ulah dilaporkeun ka polisi", "please dont tell the police",
        "don't call the police", "no police please", "saya tidak mau lapor polisi",
        "saya ga mau berurusan dengan polisi", "saya takut lapor polisi", "tanpa polisi ya",
    ],
    Wish.NO_VISIT: [
        "jangan datang ke rumah", "tidak mau didatangi", "jgn dateng ke rmh", "jangan ke rumah ya",
        "jangan ada yang datang", "ojo teka nang omah", "kulo mboten purun didatangi",
        "ulah datang ka imah", "abdi alim didatangan", "please don't come to my house",
        "i don't want anyone to visit", "jangan kirim orang ke rumah saya", "emoh ditekani",
    ],
    Wish.NEVER_CALL: [
        "jangan telepon saya", "tolong jgn ditelpon", "ojo telpon", "don't call me", "JANGAN TELP",
    ],
    Wish.NO_FAMILY: [
        "jangan bilang keluarga saya", "jangan kasih tau suami saya", "dont tell my husband",
        "ojo ngomong bojoku", "ulah beja ka kulawarga",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wish"), [(text, wish) for wish, texts in FORBIDDEN.items() for text in texts]
)
def test_a_wish_is_heard(text: str, wish: Wish) -> None:
    """Each is one thing that must not be done without her."""
    assert wishes_in(text) == (wish,)


@pytest.mark.parametrize(
    "text",
    ["telepon saya", "jangan takut", "hp saya diambil", "", "kenapa polisi tidak datang",
     "polisi sudah datang ke rumah", "saya sudah lapor polisi", "agen bilang jangan lapor polisi",
     "majikan mengancam, katanya jangan lapor polisi", "saya diancam agen jangan lapor polisi",
     "apakah saya harus lapor polisi", "boleh datang ke rumah", "saya tidak boleh keluar rumah",
     "gaji tidak dikirim ke rumah", "saya tidak bisa pulang ke rumah", "polisi tidak mau datang",
     "saya lapor polisi tapi tidak ditanggapi", "calo datang ke rumah saya tiap hari",
     "anak saya tidak mau pulang", "jangan kirim uang", "saya tidak mau pulang ke rumah"],
)  # fmt: skip
def test_other_words_forbid_nothing(text: str) -> None:
    """Above all not what an agent forbade her: that is a threat, and belongs to the story."""
    assert wishes_in(text) == ()


def test_two_wishes_in_one_message_are_both_heard() -> None:
    """Neither covers the other."""
    said = "boleh tapi jangan lapor polisi dan jangan telepon"
    assert set(wishes_in(said)) == {Wish.NO_POLICE, Wish.NEVER_CALL}


@pytest.mark.parametrize(
    "text",
    [
        "boleh, tapi jangan lapor polisi",
        "boleh tapi jangan telepon",
        "ya tapi jangan datang ke rumah",
    ],
)
def test_a_yes_with_a_wish_is_still_a_yes(text: str) -> None:
    """Without the wish an explicit yes is left, and only that."""
    assert reading.yes_or_no(without_wishes(text)) is True


def test_a_wish_alone_is_no_consent() -> None:
    """ "Jangan lapor polisi" says nothing about writing to her."""
    assert reading.yes_or_no(without_wishes("jangan lapor polisi")) is None


@pytest.mark.parametrize(
    "text",
    [
        "malam, jan manelpon",  # Minangkabau
        "malam, jang telpon",  # Kupang Malay
        "bek neutelepon",  # Acehnese
        "dendeq telepon",  # Sasak
        "sampunang telepon",  # Balinese
        "aja' mattelepong",  # Buginese
        "jangan manilpun",  # Banjarese
        "ja' nelepon",  # Madurese
        "unang telepon",  # Toba Batak
    ],
)
def test_a_call_is_forbidden_in_every_language_that_our_question_speaks(text: str) -> None:
    """The question gives these very words as its example."""
    assert wishes_in(text) == (Wish.NEVER_CALL,)


@pytest.mark.parametrize("text", ["telepon malam saja", "lewat telepon aja", "ja telepon dulu"])
def test_where_a_call_is_wanted_none_is_forbidden(text: str) -> None:
    """The short words of one language mean something else in another."""
    assert wishes_in(text) == ()


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    """No reading fails on anything a caller can send."""
    wishes_in(text)
    without_wishes(text)
