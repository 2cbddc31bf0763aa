"""How long what was said is kept: the rules, and when something falls under one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DAY = 86_400.0
NOTICE = 30 * DAY  # a ticket's owner is told this long before it is cleared


class Rule(StrEnum):
    """What a rule clears."""

    MESSAGES = "messages"  # of conversations that no ticket needs, once nobody writes any more
    HANDOVERS = "handovers"  # notes from one shift to the next
    CLOSED = "closed"  # all that a ticket tells, long after it ended


@dataclass(frozen=True)
class Retention:
    """After how many days each rule clears; 0 is never."""

    messages_days: int
    closed_days: int

    def seconds(self, rule: Rule) -> float | None:
        """Say how long a rule keeps; None for ever."""
        days = self.closed_days if rule is Rule.CLOSED else self.messages_days
        return days * DAY if days else None

    def before(self, rule: Rule, now: float) -> float | None:
        """Give the moment before which things are cleared now; None when nothing ever is."""
        kept = self.seconds(rule)
        return None if kept is None else now - kept

    def clears_at(self, ended_at: float) -> float | None:
        """Say when a ticket that ended then is cleared; None when never."""
        kept = self.seconds(Rule.CLOSED)
        return None if kept is None else ended_at + kept
