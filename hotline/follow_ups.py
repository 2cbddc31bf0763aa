"""Asking after somebody who came home: when, about what, and in which short words."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from hotline.errors import Refused
from hotline.hours import JAKARTA, zone_named

MONTHS = (1, 3, 6, 12)
HOME = "safe_home"  # the outcome after which somebody is asked after


class Topic(StrEnum):
    """What is asked about; all of it every time, so that the answers can be compared."""

    HOUSING = "housing"
    HEALTH = "health"
    INCOME = "income"
    SCHOOL = "school"
    LEGAL = "case"
    RESTITUTION = "restitution"
    THREATS = "threats"


class Standing(StrEnum):
    """How things are."""

    GOOD = "good"
    TROUBLE = "trouble"
    NOT_NEEDED = "not_needed"
    UNKNOWN = "unknown"


def due_at(from_at: float, months: int) -> float:
    """Give the same day some months later, or that month's last, by Jakarta's calendar."""
    start = datetime.fromtimestamp(from_at, zone_named(JAKARTA))
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    day = min(start.day, monthrange(year, month)[1])
    return start.replace(year=year, month=month, day=day).timestamp()


def check_answers(answers: Mapping[str, str]) -> dict[Topic, Standing]:
    """Read a checklist; raises Refused unless every topic has one of the words."""
    try:
        return {topic: Standing(answers[topic.value]) for topic in Topic}
    except (KeyError, ValueError):
        raise Refused("every topic of a follow-up needs an answer") from None


def needs_work(answers: Mapping[Topic, Standing]) -> bool:
    """Say whether a closed ticket must be worked on again: somebody at home is threatened."""
    return answers.get(Topic.THREATS) is Standing.TROUBLE
