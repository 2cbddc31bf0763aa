"""Every conversation script, spoken to the real bot over the real road."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from hotline.messages import Channel
from hotline.tickets import Ticket
from tests.installation import Installation

HERE = Path(__file__).parent
SCRIPTS = sorted(HERE.glob("*/*.yml"))

pytestmark = pytest.mark.model


def wrong_words(said: str, expected: list[str], replies: str) -> list[str]:
    """List the fragments that are missing, or that stand where they must not."""
    low = replies.lower()
    wrong = []
    for fragment in expected:
        forbidden = fragment.startswith("!")
        stands = fragment.removeprefix("!").lower() in low
        if stands == forbidden:
            wrong.append(f"after {said[:60]!r}: {fragment!r} in {replies!r}")
    return wrong


def wrong_ticket(expected: dict[str, Any] | None, ticket: Ticket | None) -> list[str]:
    """List in what a ticket differs from what the script promises."""
    if expected is None or ticket is None:
        return [] if ticket is None and expected is None else [f"ticket: {ticket}"]
    known = ticket.known()
    wrong = [
        f"{name} is {getattr(ticket, name)}, not {expected[name]}"
        for name in ("category", "urgency", "conflict_of_interest")
        if name in expected and getattr(ticket, name) != expected[name]
    ]
    for name, part in (expected.get("facts") or {}).items():
        if str(part).lower() not in known.get(name, "").lower() or name not in known:
            wrong.append(f"fact {name} is {known.get(name)!r}, not {part!r}")
    wrong += [f"fact {n} is {known[n]!r}" for n in expected.get("absent") or [] if n in known]
    return wrong


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_the_conversation_goes_as_its_script_says(script: Path, running: Installation) -> None:
    """The replies hold what they must, and the ticket says what was told."""
    content = yaml.safe_load(script.read_text(encoding="utf-8"))
    channel = Channel(content["channel"])
    wrong: list[str] = []
    for turn in content["turns"]:
        replies = running.say(channel, script.stem, turn["caller"])
        assert replies.strip(), f"silence after {turn['caller']!r}"
        wrong += wrong_words(turn["caller"], turn.get("bot") or [], replies)
    wrong += wrong_ticket(content.get("ticket"), running.ticket(channel, script.stem))
    assert not wrong, "\n".join(wrong)
