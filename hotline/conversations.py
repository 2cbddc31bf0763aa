"""Who answers a conversation: the bot, or the responder who has claimed it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Answerer(StrEnum):
    """Whose turn it is to answer the caller."""

    BOT = "bot"
    PERSON = "person"


class Notice(StrEnum):
    """What the caller must be told once about who answers."""

    PERSON_HERE = "person_here"
    BOT_BACK = "bot_back"


@dataclass(frozen=True)
class Claim:
    """A responder's hold on a conversation; it runs out by itself."""

    by: str | None = None
    until: float | None = None
    told_at: float | None = None  # when the caller was told that a person answers

    def holder(self, now: float) -> str | None:
        """Name who holds the conversation at `now`."""
        if self.by is None or self.until is None or self.until <= now:
            return None
        return self.by


def who_answers(claim: Claim, now: float) -> Answerer:
    """Say whose turn it is; a claim that has run out counts for nothing."""
    return Answerer.PERSON if claim.holder(now) else Answerer.BOT


def notice(claim: Claim, now: float) -> Notice | None:
    """Say what the caller does not know yet about who answers.

    That the bot is back is told with its next answer, not before: nobody has asked for a message.
    """
    if who_answers(claim, now) is Answerer.PERSON:
        return Notice.PERSON_HERE if claim.told_at is None else None
    return Notice.BOT_BACK if claim.told_at is not None else None
