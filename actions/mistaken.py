"""What an answer looks like and is not: a town for a recruiter, an agent for the victim."""

from __future__ import annotations

from actions.desk import Desk
from actions.harvest import recruiter_in
from actions.places import only_place
from actions.turn import Turn
from hotline.folding import plain
from hotline.persons import about_whom, names_agent
from hotline.relatives import relative_alone

WHOM = frozenset({"who", "who_missing"})


def not_told(question: str, turn: Turn, desk: Desk) -> frozenset[str]:
    """Name the facts that an answer does not tell, though it holds what looks like them.

    "Haji Udin" to "who did this happen to" is the victim, and no recruiter besides.
    """
    if question in WHOM and not turn.picked and not names_agent(turn.text):
        return frozenset({"recruiter"})
    other = question == "recruiter" and (relative_in(turn) or only_place(turn, desk))
    return frozenset({"recruiter"}) if other else frozenset()


def is_another_thing(question: str, turn: Turn, desk: Desk, *, recruiter: str = "") -> bool:
    """Say whether a place came for a story or a recruiter, or an agent for the victim.

    `recruiter` is who is known already to have recruited.

    Who is asked once more is taken at her word: there are people called like a town.
    """
    if question in {"story", "recruiter"}:
        return only_place(turn, desk)
    if question not in WHOM or turn.picked or about_whom(turn.text) is not None:
        return False
    same = bool(recruiter) and plain(turn.text).strip(" .!") == plain(recruiter)
    return same or bool(recruiter_in(turn) and names_agent(turn.text))


def relative_in(turn: Turn) -> str:
    """Give the relative, or herself, whom a typed answer names and nobody else."""
    return "" if turn.picked else relative_alone(turn.text)
