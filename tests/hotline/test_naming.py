"""A recruiter's name is found between the words callers put around it."""

import pytest

from hotline.naming import bare_name, could_be_name, is_licence


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
