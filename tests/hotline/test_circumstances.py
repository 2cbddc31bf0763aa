"""What a first message tells already is not asked for again."""

import pytest

from hotline.circumstances import circumstances, papers_in


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("suami saya meninggal di taiwan, gimana bawa jenazahnya pulang", "meninggal, jenazahnya"),
        ("mau pulang gak digaji 4 bulan", "gak digaji"),
        ("kontrak saya sudah habis tapi majikan gak kasih pulang", "kontrak saya sudah habis"),
        ("my husband is sick in Dubai and wants to come home", "sick"),
        ("abdi gering hoyong uih ka lembur", "gering"),
    ],
)
def test_a_reason_to_come_home_is_read(text: str, reason: str) -> None:
    """Illness, death, pay and contracts are what callers begin with."""
    assert circumstances("return", text) == {"reason": reason}


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("anak saya tidak bisa dihubungi sudah 3 bulan", "3 bulan"),
        ("anak kulo mboten saged dihubungi sampun tigang wulan wonten malaysia", "tigang wulan"),
        ("suami saya hilang kontak sejak lebaran kemarin", "sejak lebaran kemarin"),
        ("sudah dua tahun tidak ada kabar dari istri saya di arab", "dua tahun"),
        ("no news from my sister for two months", "two months"),
    ],
)
def test_the_time_without_news_is_read(text: str, last: str) -> None:
    """A span of time beside the silence says since when."""
    assert circumstances("missing", text) == {"last_contact": last}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("return", "saya mau pulang ke indonesia"),
        ("missing", "anak saya hilang kontak di malaysia"),
        ("missing", "anak saya sudah 3 tahun kerja di malaysia lewat agen, sekarang hilang"),
        ("report", "suami saya sakit tidak digaji"),
    ],
)
def test_what_is_not_told_is_left_to_be_asked(kind: str, text: str) -> None:
    """Years of work are no years of silence, and other reports have other questions."""
    assert circumstances(kind, text) == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("paspor saya dipegang mandor terus hp diambil", "paspor saya dipegang mandor"),
        ("KTP sama paspor diambil agen", "KTP sama paspor diambil agen"),
        ("visanya habis, mau pulang", "visanya habis"),
        ("my passport is kept by the employer", "passport is kept by the employer"),
    ],
)
def test_what_became_of_the_papers_is_read(text: str, told: str) -> None:
    """In her words, with who has them."""
    assert papers_in(text) == told


@pytest.mark.parametrize(
    "text", ["saya punya paspor dan visa", "syarat paspor apa", "gaji ditahan"]
)
def test_papers_that_nothing_happened_to_are_no_fact(text: str) -> None:
    """A document that is only named is not missing."""
    assert papers_in(text) is None
