"""What a ticket is: moves, and what outweighs what."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.errors import WrongMove
from hotline.tickets import (
    MOVES,
    OPEN_STATES,
    RANK,
    USUAL_URGENCY,
    Category,
    Fact,
    State,
    Urgency,
    check_move,
    higher_category,
    higher_urgency,
    merge_reasons,
)

NOON = datetime(2024, 11, 22, 5, 0, tzinfo=UTC)
URGENCIES = st.sampled_from(Urgency)
CATEGORIES = st.sampled_from(Category)


@pytest.mark.parametrize("current", State)
@pytest.mark.parametrize("wanted", State)
def test_the_table_of_moves_is_kept(current: State, wanted: State) -> None:
    """Every allowed move works, every other one says what it refuses."""
    if wanted in MOVES[current]:
        check_move(current, wanted)
        return
    with pytest.raises(WrongMove, match=f"{current} cannot become {wanted}"):
        check_move(current, wanted)


def test_a_ticket_never_closes_without_having_been_resolved() -> None:
    """Closed is reached through resolved only, so that nothing is quietly put away."""
    assert {state for state in State if State.CLOSED in MOVES[state]} == {State.RESOLVED}


def test_every_state_can_be_left() -> None:
    """No ticket is stuck: what was closed too early can be taken up again."""
    assert set(MOVES) == set(State)
    assert all(MOVES[state] - {state} for state in State)


def test_a_ticket_in_work_is_open() -> None:
    """A message that comes in meanwhile belongs to it."""
    assert State.RESOLVED in OPEN_STATES
    assert not OPEN_STATES & {State.CLOSED, State.MERGED, State.WITHDRAWN, State.UNFOUNDED}


@given(CATEGORIES, CATEGORIES)
def test_the_weightier_category_stays(one: Category, other: Category) -> None:
    """Order does not matter, and nothing outweighs danger."""
    assert higher_category(one, other) == higher_category(other, one)
    assert RANK[higher_category(one, other)] == max(RANK[one], RANK[other])
    assert higher_category(Category.EMERGENCY, other) == Category.EMERGENCY


@given(URGENCIES, URGENCIES)
def test_the_sooner_urgency_stays(one: Urgency, other: Urgency) -> None:
    """Order does not matter, and critical stays critical."""
    assert higher_urgency(one, other) == higher_urgency(other, one)
    assert higher_urgency(Urgency.CRITICAL, other) == Urgency.CRITICAL


def test_every_category_has_an_urgency_and_a_rank() -> None:
    """A new category cannot be forgotten in one of the tables."""
    assert set(USUAL_URGENCY) == set(RANK) == set(Category)
    assert len(set(RANK.values())) == len(RANK)


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abcd")))
def test_reasons_are_joined_without_repeating(old: list[str], new: list[str]) -> None:
    """Oldest first, each once, none lost."""
    merged = merge_reasons(old, new)
    assert set(merged) == {*old, *new}
    assert len(merged) == len(set(merged))
    assert merge_reasons(merged, new) == merged


def test_facts_know_who_said_them() -> None:
    """A fact is a saying of somebody at a time, not a bare value."""
    with pytest.raises(TypeError):
        Fact(field="where", value="Johor")  # type: ignore[call-arg]
