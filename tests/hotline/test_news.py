"""Cases seen in the news, parcels, and the word that is always a cry."""

import pytest

from hotline.cry import is_the_cry
from hotline.news import tells_news
from hotline.parcels import asks_about_goods


@pytest.mark.parametrize(
    "text",
    [
        "di berita ada tkw disiksa",
        "saya nonton berita tkw disekap di kamboja",
        "baca berita soal tkw disiksa",
        "video viral tkw dipukul majikan",
        "saw on the news a maid was beaten",
        "nonton tv ada tki disekap",
    ],
)
def test_a_case_in_the_news_is_known(text: str) -> None:
    """Nobody she knows is named, and nothing is asked."""
    assert tells_news(text)


@pytest.mark.parametrize(
    "text",
    [
        "saya lihat di berita adik saya disiksa",
        "tidak ada berita dari anak saya",
        "lihat lowongan di tv",
        "di berita ada tkw disiksa, nomor kbri berapa",
        "saya disiksa majikan",
        "sudah setahun tidak ada kabar berita",
        "ditawari kerja lewat facebook",
    ],
)
def test_what_is_hers_or_asks_is_no_news(text: str) -> None:
    """Her own people, a question, a job."""
    assert not tells_news(text)


@pytest.mark.parametrize(
    ("text", "goods"),
    [
        ("mas paketnya sudah sampai belum", True),
        ("resi saya berapa", True),
        ("status laporan paket saya", False),
        ("status SR-7K4M-2Q", False),
        ("resiko kerja di sana apa", False),
        ("paspor saya sampai mana", False),
    ],
)
def test_an_order_is_told_from_a_report(text: str, goods: bool) -> None:
    """A word of ours makes it ours."""
    assert asks_about_goods(text) is goods


@pytest.mark.parametrize(
    ("text", "cry"),
    [
        ("DARURAT", True),
        ("daruratttt!!", True),
        ("Emergency.", True),
        ("apa itu darurat", False),
        ("nomor darurat", False),
        ("", False),
    ],
)
def test_only_the_word_alone_is_the_cry(text: str, cry: bool) -> None:
    """With others beside it the guard and the model weigh it."""
    assert is_the_cry(text) is cry
