"""What the evaluation reports of readings beside what was meant."""

import io
import sys
from datetime import date
from pathlib import Path
from typing import Any

from hotline.danger import Guard
from suar.evaluate import compare, confused, emergency_shares, report, row_of
from suar.gate import Judge

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


def test_the_report_says_how_right_the_model_is_where_it_is_sure() -> None:
    """All four were wholly sure, one was right."""
    text = report({"id": PAIRS}, {}, TODAY)
    assert "| 0.9 to 1.0 | 4 | 1.00 | 0.250 (0.05-0.70) |" in text


# A model of these tests is a file that holds the text it reads wrongly.
READS = """
import json, pathlib, sys
wrong = pathlib.Path(sys.argv[1]).read_text()
for line in sys.stdin:
    text = json.loads(line)["text"]
    intent = "greet" if text == wrong else "emergency"
    sure = float(intent == "emergency")
    print(json.dumps({"text": text, "intent": intent, "emergency_chance": sure}), flush=True)
"""
SETS = {"danger": [{"text": "tolong pak", "emergency": True, "language": "id"}]}
JUDGE = Judge(SETS, Guard(()), "code", lambda model: [sys.executable, "-c", READS, str(model)])


def test_the_newest_model_is_compared_with_the_one_in_use(tmp_path: Path) -> None:
    """Exit code 1 and the emergency by its number, for a machine that watches."""
    old, new, out = tmp_path / "suar-1.tar.gz", tmp_path / "suar-2.tar.gz", io.StringIO()
    old.write_text("")
    new.write_text("tolong pak")
    told: list[str] = []
    assert compare(out, model=new, used=old, judge=JUDGE, tell=told.append) == 1
    assert "an emergency that was seen is lost: danger.jsonl:1" in out.getvalue()
    assert compare(out, model=old, used=new, judge=JUDGE, tell=told.append) == 0
    assert "suar-1.tar.gz reads no worse than suar-2.tar.gz" in out.getvalue()


def test_the_model_in_use_is_compared_with_nothing(tmp_path: Path) -> None:
    """Nor is the first one."""
    model, out = tmp_path / "suar-1.tar.gz", io.StringIO()
    for used in (None, model):
        assert compare(out, model=model, used=used, judge=JUDGE, tell=out.write) == 0
    assert out.getvalue().count("nothing to compare") == 2
