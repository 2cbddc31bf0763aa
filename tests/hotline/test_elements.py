"""Act, means, purpose and the eleven signs: what they come to, and where the bot says to look."""

import pytest

from hotline.elements import (
    ITEMS,
    LISTS,
    Answer,
    Part,
    Standing,
    changed,
    hints,
    marked,
    summary,
)

YES, NO = Answer.YES, Answer.NO
ALL = {"act.transport": YES, "means.fraud": YES, "purpose.forced_labour": YES}


@pytest.mark.parametrize(
    ("answers", "child", "standing", "missing"),
    [
        ({}, False, Standing.NOTHING, ("act", "means", "purpose")),
        ({"ilo.wages": YES}, True, Standing.NOTHING, ("act", "means", "purpose")),
        ({"act.transport": YES}, False, Standing.OPEN, ("means", "purpose")),
        (ALL, False, Standing.ALL, ()),
        ({**ALL, "means.fraud": NO}, False, Standing.OPEN, ("means",)),
        ({**ALL, "means.fraud": NO}, True, Standing.CHILD, ("means",)),
        ({"act.transport": YES, "means.fraud": YES}, True, Standing.OPEN, ("purpose",)),
        ({**ALL, "act.transport": Answer.UNKNOWN}, True, Standing.OPEN, ("act",)),
    ],
)
def test_all_three_are_needed_and_for_a_child_no_means(
    answers: dict[str, Answer], child: bool, standing: Standing, missing: tuple[str, ...]
) -> None:
    found = summary(answers, child=child)
    assert (found.standing, found.missing) == (standing, missing)


def test_the_eleven_signs_are_counted() -> None:
    found = summary({"ilo.wages": YES, "ilo.debt": YES, "ilo.overtime": NO}, child=False)
    assert found.signs == {YES: 2, NO: 1, Answer.UNKNOWN: 8}
    assert len(LISTS[Part.SIGN]) == 11


def test_what_is_there_is_listed_in_the_order_of_the_lists() -> None:
    answers = {"means.fraud": YES, "means.threat": YES, "act.transport": NO, "ilo.debt": YES}
    assert marked(answers) == {Part.MEANS: ("threat", "fraud"), Part.SIGN: ("debt",)}


def test_a_reason_of_the_bot_points_at_lines_of_the_lists() -> None:
    """To look there, no more; what it does not know points nowhere."""
    found = hints(["locked_in", "beaten", "confined", "locked_in", "asked_human"])
    assert found["means.confinement"] == ("locked_in", "confined")
    assert found["ilo.violence"] == ("beaten",)
    assert set(found) <= set(ITEMS)


def test_every_hint_names_a_line() -> None:
    """Of all the reasons there are."""
    everything = hints(
        ["threatened", "weapon", "held_for_ransom", "beaten", "violence", "injury",
         "sexual_violence", "carried_off", "locked_in", "confined", "kept_here",
         "scam_compound_captive", "being_sold", "moved_across_border", "phone_taken",
         "no_food_or_medicine"]
    )  # fmt: skip
    assert set(everything) <= set(ITEMS)
    assert len({reason for reasons in everything.values() for reason in reasons}) == 16


def test_only_what_differs_from_the_page_is_changed() -> None:
    shown = {"act.transport": YES}
    wanted = {"act.transport": YES, "act.sending": Answer.UNKNOWN, "means.fraud": NO}
    assert changed(shown, wanted) == {"means.fraud": NO}
    assert changed(shown, {"act.transport": Answer.UNKNOWN}) == {"act.transport": Answer.UNKNOWN}
