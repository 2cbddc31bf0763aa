"""Somebody concerned: what may be written of them, and what others get to read."""

import pytest

from hotline.errors import Refused
from hotline.victims import (
    Condition,
    Details,
    Minor,
    Relation,
    Sex,
    as_facts,
    checked,
    counted_only,
    for_others,
    read_details,
)

SITI = Details(
    name="Siti", relation=Relation.SIBLING, sex=Sex.FEMALE, age=16, minor=Minor.YES,
    whereabouts="Johor", condition=Condition.EXPLOITED,
)  # fmt: skip


@pytest.mark.parametrize(("age", "minor"), [(0, "yes"), (17, "yes"), (18, "no"), (120, "no")])
def test_an_age_says_whether_it_is_a_child(age: int, minor: str) -> None:
    assert checked(Details(age=age)).minor == minor


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (Details(age=17, minor=Minor.NO), "disagree"),
        (Details(age=18, minor=Minor.YES), "disagree"),
        (Details(age=121), "an age lies"),
        (Details(name="a" * 121), "too long"),
        (Details(whereabouts="a" * 201), "too long"),
    ],
)
def test_what_cannot_be_so_is_refused(wrong: Details, why: str) -> None:
    with pytest.raises(Refused, match=why):
        checked(wrong)


def test_nothing_known_is_somebody_too() -> None:
    """A caller may know only that there was another girl."""
    assert checked(Details()) == Details()
    assert Details().filled() == ()


def test_line_breaks_do_not_make_two_people_of_one() -> None:
    assert checked(Details(name=" Siti\n Aminah ")).name == "Siti Aminah"


def test_of_an_anonymous_callers_people_no_name_and_no_place_goes_on() -> None:
    """Her sister's name finds her."""
    told = for_others(SITI, anonymous=True)
    assert told == Details(sex=Sex.FEMALE, age=16, minor=Minor.YES, condition=Condition.EXPLOITED)
    assert for_others(SITI, anonymous=False) == SITI


def test_what_is_counted_names_nobody() -> None:
    assert counted_only(SITI) == Details(
        sex=Sex.FEMALE, minor=Minor.YES, condition=Condition.EXPLOITED
    )


def test_what_was_written_is_read_again() -> None:
    told = {"name": "Siti", "age": 16, "minor": "yes", "condition": "exploited"}
    assert read_details(told) == Details(
        name="Siti", age=16, minor=Minor.YES, condition=Condition.EXPLOITED
    )


def test_people_answer_the_questions_about_who_how_many_and_children() -> None:
    assert as_facts([]) == set()
    assert as_facts([()]) == {"victim_count"}
    assert as_facts([("relation",), ("minor",)]) == {"victim_count", "who", "is_minor"}
