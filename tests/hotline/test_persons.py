"""Who a story is about: the victim, not the agent, not the one who writes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.persons import about_whom, names_relative, only_names_kin


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("saya dipukul", "saya sendiri"),
        ("aku durung dibayar", "saya sendiri"),
        ("anak saya hilang", "anak saya"),
        ("IBU SAYA di Riyadh", "ibu saya"),
        ("bojoku ora bali", "bojoku"),
        ("paspor ditahan", None),
        ("", None),
        ("agen om saya bawa adik saya ke malaysia", "adik saya"),
        ("agennya om saya sendiri, dia bawa adik saya", "adik saya"),
        ("tetangga saya menawari anak saya kerja di kamboja", "anak saya"),
        ("suami saya dijual oleh adik ipar saya", "suami saya"),
        ("ibu saya bilang kakak saya hilang di malaysia", "kakak saya"),
        ("saya ditipu tetangga saya", "saya sendiri"),
        ("temen ngajak saya ke kamboja, sekarang saya dikurung", "saya sendiri"),
        ("adik saya diajak temannya kerja di malaysia", "adik saya"),
        ("ibu saya dan adik saya dibawa sponsor", "ibu saya, adik saya"),
        ("tante saya jadi calo dan mau kirim sepupu saya ke arab", "sepupu saya"),
        ("sponsornya tante saya, saya belum digaji", "saya sendiri"),
        ("ayah tiri mau jual adik saya ke majikan", "adik saya"),
        ("anak perempuan saya umur 15 dibawa pacarnya", "anak perempuan saya"),
        ("majikan pukul saya", "saya sendiri"),
        ("paman kulo nggowo adhi kulo menyang malaysia", "adhi kulo"),
        ("lanceuk abdi dibawa ku tatangga ka arab", "lanceuk abdi"),
        ("my uncle sold my sister to an agent", "sister"),
        ("adik saya lewat om budi ke taiwan", "adik saya"),
    ],
)
def test_the_victim_is_told_from_the_others(text: str, whom: str | None) -> None:
    """An uncle who is the agent, a mother who tells it: neither is the one it happened to."""
    assert about_whom(text) == whom


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("adik saya siti dibawa agen", "siti"),
        ("adik saya siti aminah dibawa agen budi", "siti aminah"),
        ("nama saya rina", "rina"),
        ("anak saya yang bernama Dewi hilang", "Dewi"),
    ],
)
def test_a_relatives_name_is_no_recruiter(text: str, name: str) -> None:
    """A girl's own name must not stand on the ticket as the one who took her."""
    assert names_relative(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("adik saya siti aminah dibawa agen budi", "budi"),
        ("om saya Budi jadi calonya", "Budi"),
        ("agen om saya Budi bawa adik saya", "Budi"),
        ("lewat pak Joko", "Joko"),
        ("lewat tetangga saya Joko", "Joko"),
        ("tetangga saya Joko bawa anak saya", "Joko"),
        ("saya lewat PT Angin", "PT Angin"),
    ],
)
def test_a_recruiters_name_stays_one(text: str, name: str) -> None:
    """A neighbour or uncle who took somebody along keeps the name of a recruiter."""
    assert not names_relative(text, name)


def test_whom_a_caller_addresses_is_not_the_victim() -> None:
    """ "Bapak, kula ajrih" speaks to us; a list of relatives stays one."""
    assert about_whom("bapak, kula ajrih") == "saya sendiri"
    assert about_whom("bapak, ibu dan adik saya hilang") == "bapak, ibu, adik saya"


@pytest.mark.parametrize("text", ["ading ulun", "beta pung ade", "adiak ambo", "anak saya."])
def test_a_bare_relative_is_known_as_one(text: str) -> None:
    """Nothing else is said."""
    assert only_names_kin(text)


@pytest.mark.parametrize("text", ["tolong anak saya", "anak saya mati", "", "ading ulun dikurung"])
def test_a_relative_with_anything_else_is_more_than_that(text: str) -> None:
    """A cry for help keeps its way to the model."""
    assert not only_names_kin(text)


@given(st.text(), st.text())
def test_any_text_can_be_read(text: str, name: str) -> None:
    """No reading fails on anything a caller can send."""
    about_whom(text)
    names_relative(text, name)
