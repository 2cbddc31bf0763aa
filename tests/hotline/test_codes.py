"""Ticket codes: dictated, typed sloppily, and still never mistaken for another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline import codes
from hotline.codes import (
    ALPHABET,
    find_code,
    find_key,
    format_code,
    format_key,
    near_codes,
    new_code,
)


def six(code: str) -> str:
    return code.removeprefix("SR-").replace("-", "")


def complete(body: str) -> str:
    """Add the one character that makes a code of five others."""
    [code] = {code for end in ALPHABET if (code := find_code(f"SR{body}{end}"))}
    return code


BODIES = st.text(ALPHABET, min_size=5, max_size=5)
CODES = BODIES.map(complete)


def test_a_new_code_is_found_in_its_own_form() -> None:
    """What we hand out we can read, for a thousand codes."""
    for code in (new_code() for _ in range(1000)):
        assert find_code(f"kode saya {code} pak") == code


def test_a_code_holds_no_look_alikes() -> None:
    """Nothing that is misread on a cracked screen: no 0 O, no 1 I L, no U beside V."""
    assert not set("01OILU") & set(ALPHABET)
    assert all(set(six(new_code())) <= set(ALPHABET) for _ in range(200))


@pytest.mark.parametrize("place", range(6))
def test_every_single_wrong_character_is_caught(place: int) -> None:
    """One wrong character never leads to somebody else's ticket."""
    passing = set()
    for base in (six(new_code()) for _ in range(300)):
        for wrong in set(ALPHABET) - {base[place]}:
            if find_code(f"SR{base[:place]}{wrong}{base[place + 1 :]}") is not None:
                passing.add(base[place] + wrong)
    assert not passing


def test_nearly_every_pair_of_swapped_neighbours_is_caught() -> None:
    """The usual slip of quick fingers is noticed, but for a few pairs."""
    tried = missed = 0
    for code in (six(new_code()) for _ in range(2000)):
        for place in range(5):
            swapped = f"{code[:place]}{code[place + 1]}{code[place]}{code[place + 2 :]}"
            tried += swapped != code
            missed += swapped != code and find_code(f"SR{swapped}") is not None
    assert missed / tried < 0.02


@given(CODES, st.data())
def test_sloppy_forms_are_found(code: str, data: st.DataObject) -> None:
    """Lower case, no dashes, spaces and dots anywhere between the characters."""
    gap = st.sampled_from(["", " ", "-", ".", " - "])
    typed = "".join(char + data.draw(gap) for char in f"SR{six(code)}")
    assert find_code(typed) == code
    assert find_code(f"no tiket {typed.lower()}, tolong") == code


@given(CODES)
def test_misread_characters_are_read_as_meant(code: str) -> None:
    """Who reads Q as 0 or J as 1 still finds her ticket."""
    body = six(code)
    for right, misread in (("Q", "0"), ("Q", "O"), ("J", "1"), ("J", "I"), ("J", "L"), ("V", "U")):
        assert find_code(f"SR-{body.replace(right, misread)}") == code


@pytest.mark.parametrize(
    "text",
    ["", "SR", "SR-", "srikandi", "saya SRI dari Malang", "SR-7K4M", "SR-7K4M-2QQQ", "08123456789"],
)
def test_ordinary_words_are_no_code(text: str) -> None:
    """A name or a telephone number opens nothing."""
    assert find_code(text) is None


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    """Whatever is typed, the search ends with a code in our form or without one."""
    found = find_code(text)
    assert found is None or format_code(six(found)) == found


def test_the_second_of_two_codes_is_found_when_the_first_is_wrong() -> None:
    """A mistyped code followed by the right one is no reason to give up."""
    right = new_code()
    wrong = six(right)[:5] + next(c for c in ALPHABET if c != right[-1])
    assert find_code(f"SR{wrong} eh maaf {right}") == right


@pytest.mark.parametrize("typed", ["12345678", "1234 5678", "1234-5678", "kunci 1234.5678 ya"])
def test_a_key_is_found_however_it_is_grouped(typed: str) -> None:
    """Two groups of four, or eight digits in a row."""
    assert find_key(typed) == "12345678"


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "+62 812 3456 7890"])
def test_other_numbers_are_no_key(typed: str) -> None:
    """Too short, too long, or a telephone number."""
    assert find_key(typed) is None


def test_a_key_is_written_as_it_is_read_aloud() -> None:
    """What we write we find again."""
    assert format_key("12345678") == "1234 5678"
    assert find_key(format_key("12345678")) == "12345678"


def test_a_code_with_a_wrong_check_character_is_called_mistyped() -> None:
    """The caller is told to look again, rather than that there is no report."""
    code = codes.new_code()
    other = next(c for c in codes.ALPHABET if c != code[-1])
    assert codes.mistyped_code(f"status {code[:-1]}{other}")
    assert not codes.mistyped_code(f"status {code}")
    assert not codes.mistyped_code("status laporan saya gimana")


def test_a_five_for_an_s_is_guessed_at_and_never_taken_for_sure() -> None:
    """The guess names her code; the check character still refuses the code as typed."""
    code = "SR-" + next(
        c for c in (new_code()[3:] for _ in range(500)) if "S" in c.replace("-", "")
    )
    typed = "SR-" + code[3:].replace("S", "5", 1)
    assert find_code(typed) is None
    assert code in near_codes(f"kode saya {typed.lower()}")


def test_a_right_code_has_no_neighbours_and_words_have_none() -> None:
    """Nothing is guessed where nothing was misread."""
    assert near_codes(new_code()) == []
    assert near_codes("saya SRI dari Malang") == []
