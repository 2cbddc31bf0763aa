"""Normal forms: what counts as the same name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.register.names import (
    asked_name,
    joined,
    normal_licence,
    normal_name,
    split_aliases,
)


@pytest.mark.parametrize(
    "told",
    [
        "PT Pelita Dwi Candra",
        "PT. PELITA DWI CANDRA",
        "Pelita Dwi Candra, PT",
        "P.T. Pelita Dwi Candra",
        "pelita dwi candra P.T.",
        "p t pelita dwi candra",
        "PJTKI Pelita Dwi Tjandra",
        "agen PT Pélita Dwi-Candra (Persero) Tbk.",
        "PT Pelita Dwi Candra cabang Lombok Timur",
        "kantor cabang Malang PT Pelita Dwi Candra",
        "PT Pelita Dwi Candra (cab. Kendal)",
    ],
)
def test_one_firm_written_in_many_ways_has_one_normal_form(told: str) -> None:
    """Legal form, trade words, branch, accents and old spelling make no difference."""
    assert normal_name(told) == "pelita dwi candra"


def test_another_kind_of_body_keeps_its_word() -> None:
    """A training centre of the same name is not the recruiter."""
    assert normal_name("LPK Pelita Dwi Candra") == "lpk pelita dwi candra"


def test_letters_printed_apart_are_one_word() -> None:
    """Registers print Y A S M I N where callers write Yasmin."""
    assert normal_name("PT Y A S M I N Kembara") == "yasmin kembara"


def test_a_name_of_nothing_but_trade_words_is_not_emptied() -> None:
    """An empty normal form would equal every other empty one."""
    assert normal_name("PT Agency") == "pt agency"


@given(st.text(max_size=60))
def test_any_text_normalises_to_lower_case_words(text: str) -> None:
    """Joined words never hold a space, and no reading of a query is empty."""
    assert " " not in joined(normal_name(text))
    assert normal_name(text) == normal_name(text.upper().lower()) or not text.isascii()
    assert all(reading.split() for reading in asked_name(text).readings)


@pytest.mark.parametrize(
    ("query", "reading"),
    [
        ("apakah PT Pelita Dwi Candra resmi?", "pelita dwi candra"),
        ("pelita dwi candra itu aman gak ya", "pelita dwi candra"),
        ("mau tanya min, PT pelita dwi candra terdaftar ga", "pelita dwi candra"),
        ("Pelita Dwi Candra (BNK)", "pelita dwi candra"),
    ],
)
def test_question_words_around_a_name_are_taken_off(query: str, reading: str) -> None:
    """Callers seldom send a bare name."""
    assert reading in asked_name(query).readings


def test_a_word_that_may_be_part_of_the_name_stays() -> None:
    """PT Karya Jaya Aman must not be answered for as PT Karya Jaya."""
    assert asked_name("PT Karya Jaya Aman").readings == ("karya jaya aman",)


def test_the_branch_in_a_question_is_noticed() -> None:
    """A branch is lawful only when it is registered, so it is looked up too."""
    assert asked_name("PT Pelita Dwi Candra cabang Lombok Timur").branch == "lombok timur"


def test_brackets_in_a_printed_name_become_an_alias() -> None:
    """Short and former names stand in brackets; a legal form there is none."""
    assert split_aliases("PT Pelita Dwi Candra (PEDICA)") == ("PT Pelita Dwi Candra", ("PEDICA",))
    assert split_aliases("PT Pelita (d/h PT Obor Dwi)") == ("PT Pelita", ("PT Obor Dwi",))
    assert split_aliases("PT Pelita Dwi Candra (Persero)") == ("PT Pelita Dwi Candra", ())


def test_a_licence_number_is_the_same_however_it_is_dictated() -> None:
    """Words before the number, points and spaces are no part of it."""
    assert normal_licence("SIP3MI No. UJI-1001-A7") == normal_licence("uji 1001 a7") == "uji1001a7"
