"""What the evaluation reports of readings beside what was meant."""

from datetime import date
from typing import Any

from suar.evaluate import confused, emergency_shares, report, row_of

TODAY = date(2026, 11, 22)


def pair(meant: str, read: str | None, *, alarm: bool = False) -> tuple[Any, Any]:
    """Return an Indonesian example that names Taiwan, and its reading."""
    taiwan = [{"entity": "country", "value": "Taiwan"}]
    reading = {"intent": read, "confidence": 1.0, "language": "id", "emergency": alarm}
    return (
        {"text": "x", "intent": meant, "language": "id", "entities": taiwan},
        {**reading, "entities": [{"entity": "country", "value": "taiwan"}]},
    )


PAIRS = [
    pair("emergency", "report_missing", alarm=True),
    pair("greet", "greet"),
    pair("greet", "thanks", alarm=True),
    pair("affirm", None),
]


def test_an_emergency_counts_as_seen_when_the_guard_alone_saw_it() -> None:
    """One of one is seen; one of three others is a false alarm."""
    seen, false = emergency_shares(PAIRS)
    assert (seen.hits, seen.total, false.hits, false.total) == (1, 1, 1, 3)


def test_a_row_holds_the_figures_of_a_language() -> None:
    """One of four intents is right though all were sure; values match in any case."""
    row = row_of("id", PAIRS)
    assert row[:2] == ["id", "4"]
    assert row[2].startswith("0.250")
    assert row[5:] == ["1.000", "1.000 (0.51-1.00)", "0.750"]


def test_unread_messages_are_counted_among_the_confused() -> None:
    """A message without an intent is a mistake like any other."""
    assert confused(PAIRS)["affirm", "nothing"] == 1


def test_the_report_names_its_day_and_its_languages() -> None:
    """A figure without a date is worth little."""
    text = report({"id": PAIRS}, {"Look-alikes.": PAIRS}, TODAY)
    assert "2026-11-22" in text
    assert "| id | 4 |" in text
    assert "Look-alikes." in text
