"""An influential person in a story: part of the deed, or somebody asked for help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.conflict import involves_influential


@pytest.mark.parametrize(
    "story",
    [
        "calonya saudara pak kades",
        "Pak Lurah ikut terima uang dari sponsor",
        "yang ngajak saya oknum polisi",
        "agennya dibekingi tentara",
        "sponsor itu kepala desa sendiri",
        "anggota DPRD punya penampungan itu",
        "kata orang camatnya dapat jatah dari pt",
        "saya lapor polisi. ternyata polisi terlibat",
        "the police officer was bribed by the recruiter",
        "adik saya dibawa pak lurah ke malaysia",
        "pak kades bawa anak saya ke batam katanya kerja",
        "berangkat lewat pak kades, bayar 5 juta",
        "adhiku digawa pak lurah neng Malaysia",
        "adi abdi dibawa ku pak kuwu ka Arab",
        "my sister was taken to Malaysia by the village head",
        "dijanjikan kerja sama pak RT",
    ],
)
def test_a_powerful_hand_in_it_is_noticed(story: str) -> None:
    """Such a ticket must not land on that person's desk."""
    assert involves_influential(story)


@pytest.mark.parametrize(
    "story",
    [
        "saya sudah lapor ke polisi",
        "kami minta tolong kepala desa",
        "saya mau melapor ke polsek tapi takut",
        "nomor polisi berapa ya",
        "saya mau daftar lewat disnaker",
        "kami dibawa ke kantor polisi",
        "laporan lewat pak kades belum dibalas",
        "majikan memukul saya di Riyadh",
        "saya dari desa Sukamaju",
        "",
    ],
)
def test_asking_for_help_is_no_conflict(story: str) -> None:
    """Who went to the police has not accused them."""
    assert not involves_influential(story)


@given(st.text())
def test_any_story_can_be_read(story: str) -> None:
    """The reading ends with yes or no, whatever is written."""
    assert involves_influential(story) in {True, False}
