"""Which language a sentence names."""

import pytest

from hotline.languages import Answers
from store.languages import load_languages

KNOWN = load_languages()


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("bahasa jawa", "jv"),
        ("dari bahasa indonesia ke bahasa madura", "mad"),
        ("bahasa indonesia", "id"),
        ("ban", "ban"),
        ("saya mau ke ban serep", None),
        ("bahasa ambon", None),
        ("", None),
    ],
)
def test_a_language_is_found_by_what_people_call_it(sentence: str, code: str | None) -> None:
    """Indonesian is meant only where no other is named; a code counts only by itself."""
    found = KNOWN.named(sentence.split())
    assert (found.code if found else None) == code


def test_there_are_thirteen_and_no_name_means_two_of_them() -> None:
    """A caller who names her language gets that one."""
    assert len(KNOWN.all) == 13
    names = [name for one in KNOWN.all for name in one.called]
    assert len(names) == len(set(names))
    assert KNOWN.codes(Answers.FULL) == ("id", "jv", "su", "en")
