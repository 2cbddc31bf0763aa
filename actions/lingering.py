"""What stays in mind for some turns after an answer: "ini aman ga" is about the offer before."""

from __future__ import annotations

from dataclasses import dataclass

from actions.state import State

AFTER = "after"  # the state's `asked` once the answer was given
_TURNS = 4


@dataclass(frozen=True)
class Followed:
    """A message that was about the last answer, and what waits after it."""

    state: State | None


def linger(state: State) -> State:
    """Remember a state for the next few turns; nothing is being asked."""
    state.asked = AFTER
    state.tries = 0
    state.data["left"] = _TURNS
    return state


def fade(state: State) -> State | None:
    """Let one turn pass that was about something small; None when it is too long ago."""
    state.data["left"] = int(state.data.get("left", _TURNS)) - 1
    return state if state.data["left"] > 0 else None
