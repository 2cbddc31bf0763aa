"""Rows for publication: nobody stands alone in them, and nothing is made up."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hotline.ctdc import COLUMNS, Known, anonymous, row_of
from hotline.elements import Answer

_KNOWN = st.builds(
    Known,
    year=st.sampled_from([2025, 2026]),
    country=st.sampled_from(["", "MY", "SA", "TW"]),
    minor=st.booleans(),
    occupation=st.sampled_from(["", "prt", "abk", "buruh sawit"]),
    reasons=st.frozensets(st.sampled_from(["beaten", "locked_in", "drugged"])),
    answers=st.dictionaries(
        st.sampled_from(["means.confinement", "ilo.wages", "purpose.sexual"]),
        st.sampled_from(Answer),
    ),
)


@given(st.lists(_KNOWN, max_size=80), st.integers(2, 6))
def test_every_row_has_enough_equals_in_all_its_columns(known: list[Known], k: int) -> None:
    rows = anonymous(map(row_of, known), k)
    alike = Counter(tuple(row.values()) for row in rows)
    assert all(number >= k for number in alike.values())
    assert len(rows) <= len(known)


@given(st.lists(_KNOWN, max_size=60), st.integers(2, 6))
def test_nothing_is_said_that_nobody_said(known: list[Known], k: int) -> None:
    """Blanking takes away; every row that is left fits some ticket."""
    told = [row_of(one) for one in known]
    for row in anonymous(told, k):
        assert any(all(not v or v == one[c] for c, v in row.items()) for one in told)


def test_a_crowd_stays_as_it_is_and_the_one_apart_loses_what_sets_her_apart() -> None:
    crowd = [Known(2026, "MY", minor=False, occupation="prt", reasons=frozenset({"beaten"}))] * 11
    apart = Known(2026, "TW", minor=True, occupation="abk", reasons=frozenset())
    rows = anonymous(map(row_of, [*crowd, apart]))
    assert rows == [row_of(crowd[0])] * 11


def test_what_was_done_to_one_alone_is_not_told_of_one_alone() -> None:
    """Blanked it would still stand alone among rows that say more: it goes."""
    crowd = [Known(2026, "MY", minor=False, occupation="prt", reasons=frozenset({"beaten"}))] * 11
    apart = Known(2026, "MY", minor=False, occupation="prt", reasons=frozenset({"drugged"}))
    assert anonymous(map(row_of, [*crowd, apart])) == [row_of(crowd[0])] * 11


def test_a_ticket_fills_the_columns_it_can() -> None:
    row = row_of(Known(2026, "MY", True, "asisten rumah tangga", frozenset({"locked_in"})))
    assert list(row) == list(COLUMNS)
    assert {name: value for name, value in row.items() if value} == {
        "yearOfRegistration": "2026",
        "Datasource": "Hotline",
        "majorityStatus": "Minor",
        "meansOfControlRestrictsMovement": "1",
        "typeOfLabourDomesticWork": "1",
        "CountryOfExploitation": "MY",
    }


def told(answers: dict[str, Answer], *reasons: str) -> set[str]:
    """Name the columns that say "there" of a ticket."""
    row = row_of(Known(2026, "", False, "", frozenset(reasons), answers))
    return {name for name, value in row.items() if value == "1"}


def test_what_responders_mark_outweighs_what_the_bot_saw() -> None:
    """Yes adds, no takes away, and of two lines for one column one yes is enough."""
    movement = "meansOfControlRestrictsMovement"
    assert told({}, "locked_in") == {movement}
    assert told({"ilo.movement": Answer.NO}, "locked_in") == set()
    assert told({"ilo.movement": Answer.UNKNOWN}, "locked_in") == {movement}
    assert told({"ilo.movement": Answer.NO, "means.confinement": Answer.YES}) == {movement}
    both = {"purpose.sexual": Answer.YES, "purpose.forced_labour": Answer.YES}
    assert told(both) == {"isSexualExploit", "isForcedLabour", "isSexAndLabour"}


def test_rare_means_go_before_the_form_of_exploitation() -> None:
    """Eleven alike but for one debt: what they share stays."""
    alike = Known(2026, "MY", False, "prt", frozenset(), {"purpose.forced_labour": Answer.YES})
    debt = {"purpose.forced_labour": Answer.YES, "ilo.debt": Answer.YES}
    apart = Known(2026, "MY", False, "prt", frozenset(), debt)
    assert anonymous(map(row_of, [*[alike] * 11, apart])) == [row_of(alike)] * 12
