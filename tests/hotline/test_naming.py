"""A recruiter's name is found between the words callers put around it."""

import pytest

from hotline.naming import (
    bare_name,
    could_be_name,
    is_licence,
    is_person,
    person_asked,
    person_who_took,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cek kapulaga mitra petualang", "kapulaga mitra petualang"),
        ("namanya kapulaga mitra petualang", "kapulaga mitra petualang"),
        ("nama ptnya kapulaga mitra petualang", "kapulaga mitra petualang"),
        ("dari kapulaga mitra petualang", "kapulaga mitra petualang"),
        ("apakah PT Angin Ribut resmi ga?", "PT Angin Ribut"),
        ("jenenge gamelan nusa perantau", "gamelan nusa perantau"),
        ("is gamelan nusa perantau legal?", "gamelan nusa perantau"),
        ("cek UJI914227514", "UJI914227514"),
        ("SIP3MI UJI-91422-7515", "UJI-91422-7515"),
        ("cek pt", ""),
        ("apakah agen saya resmi", ""),
        ("mau cek perusahaan dong", ""),
        ("", ""),
    ],
)
def test_only_the_name_is_left(text: str, name: str) -> None:
    """What is asked about it goes, what it is called stays as typed."""
    assert bare_name(text) == name


def test_a_story_is_no_name() -> None:
    """Nine words are not looked up as if they were one."""
    assert not could_be_name("sponsor kampung kemarin minta uang lima juta buat paspor")
    assert not could_be_name("")
    assert could_be_name("KLS")


@pytest.mark.parametrize("number", ["UJI-91422-7515", "UJI914227514", "uji 91422 7514"])
def test_a_licence_number_is_told_by_its_digits(number: str) -> None:
    """However it is spaced."""
    assert is_licence(number)
    assert not is_licence("kapulaga mitra")


@pytest.mark.parametrize("name", ["Bu Tuti", "pak Darmo", "H. Sarkowi", "Mbak Yayuk Lestari"])
def test_a_title_and_a_name_are_a_person(name: str) -> None:
    """Nobody of that name is a firm of the register."""
    assert is_person(name)


@pytest.mark.parametrize("name", ["PT Bu Tuti Jaya", "Sinar Jaya", "Tuti", "Bumi Mas Agung", "123"])
def test_a_firm_is_no_person(name: str) -> None:
    """Without a title a name may be either."""
    assert not is_person(name)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("cek bu yati indramayu", "bu yati indramayu"),
        ("apakah pak rahmat di lombok itu agen resmi", "pak rahmat di lombok"),
        ("kak cek bu yati", "bu yati"),
        ("tolong cek pak haji darmo resmi ga", "pak haji darmo"),
        ("cek pt bahari laksana", ""),
        ("kak bahari resmi?", ""),
        ("bu", ""),
        ("cek", ""),
    ],
)
def test_a_person_asked_about_keeps_her_title(text: str, person: str) -> None:
    """It tells a person from a firm; "kak" only speaks to us."""
    assert person_asked(text) == person


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("ading ulun dibawa haji udin ka malaysia", "haji udin"),
        ("lewat bu tuti", "bu tuti"),
        ("agennya pak tarsim", "pak tarsim"),
        ("dibawa bapak saya", ""),
        ("diajak om ke malaysia", ""),
        ("saya diajak ke malaysia", ""),
        ("lewat PT Maju", ""),
    ],
)
def test_who_took_somebody_is_named_behind_it(text: str, person: str) -> None:
    """A title without a name is nobody."""
    assert person_who_took(text) == person
