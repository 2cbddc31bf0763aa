"""What benchmarks/classifiers.py makes of examples and answers."""

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from benchmarks.tools.rival_data import Task, Text, massive, unmarked
from benchmarks.tools.rival_figures import Answer, answers, together

MEANT = ["costs", "costs", "greet", "greet"]


def answer(name: str, chances: list[list[float]], **changes: Any) -> Answer:
    """Make what one way of reading says of four messages in two languages."""
    kept: dict[str, Any] = {
        "name": name, "mark": "a", "seconds": 1.0, "ms": 1.0, "load": 1.0, "at": 1.0,
        "learned": 9, "meant": MEANT, "languages": ["id", "sas", "id", "sas"],
        "labels": ["costs", "greet"], "chances": chances,
    }  # fmt: skip
    return Answer(**{**kept, **changes})


OURS = answer("ours", [[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.0, 0.0]])
OTHER = answer("other", [[0.9, 0.1], [0.7, 0.3], [0.6, 0.4], [0.3, 0.7]], at=2.0)


def test_marks_of_facts_are_taken_out_and_their_places_kept() -> None:
    """The language model reads an example without its names and places."""
    text, entities = unmarked("Siti di [Johor](country) digaji [3jt](amount)")
    assert text == "Siti di Johor digaji 3jt"
    assert [text[e["start"] : e["end"]] for e in entities] == ["Johor", "3jt"]
    assert [e["entity"] for e in entities] == ["country", "amount"]


def test_a_text_that_cannot_be_read_is_wrong_and_could_mean_anything() -> None:
    """No label has a chance there, so the first one is not taken by accident."""
    assert OURS.told == ["costs", "greet", "greet", ""]
    assert OURS.accuracy().hits == 2
    assert OURS.accuracy("sas").hits == 0
    expected = -(math.log(0.9) + math.log(0.2) + math.log(0.6) + math.log(0.5)) / 4
    assert OURS.surprise() == pytest.approx(expected)


def test_labels_count_alike_however_many_messages_they_have() -> None:
    """Macro-F1: costs is found once of two, greet once of two with one too many."""
    assert OURS.macro_f1() == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_being_ahead_is_told_on_the_same_messages() -> None:
    """Two messages more and one fewer of four is a quarter ahead, and no proof of anything."""
    difference, half = OTHER.ahead_of(OURS)
    assert difference == 0.25
    assert half > difference
    assert OURS.ahead_of(OURS) == (0.0, 0.0)


def test_two_that_are_asked_together_have_half_a_say_each() -> None:
    """Labels are matched by name, whatever their order."""
    turned = answer("turned", [[0.4, 0.6]] * 4, labels=["greet", "costs"])
    both = together(OURS, turned)
    assert both.labels == ["costs", "greet"]
    assert both.chances[1] == pytest.approx([0.4, 0.6])
    assert both.name == "mean of ours and turned"


def test_answers_to_other_texts_are_left_out(tmp_path: Path) -> None:
    """Figures of two states of the training data must not stand in one table."""
    for kept in (OTHER, OURS, answer("old", OTHER.chances.copy(), mark="b")):
        (tmp_path / f"{kept.name}.json").write_text(json.dumps(asdict(kept)), encoding="utf-8")
    assert [found.name for found in answers(tmp_path)] == ["ours", "other"]
    assert answers(tmp_path / "nowhere") == []


def test_no_sentence_is_learned_in_one_language_and_asked_in_the_other(tmp_path: Path) -> None:
    """MASSIVE says everything twice."""
    lines = [f"{code}\t{code} {at}\tweather" for code in ("id", "jv") for at in range(3500)]
    text = "\n".join(["lang\ttext\tintent", *lines])
    (tmp_path / "massive_id_jv.tsv").write_text(text, encoding="utf-8")
    one, both = massive(tmp_path)
    assert (len(one.train), len(both.train), len(both.test)) == (2000, 4000, 2000)
    learned = {e.text.split()[1] for e in both.train}
    assert learned.isdisjoint(e.text.split()[1] for e in both.test)
    assert {e.language for e in one.train} == {"id"}


def test_the_mark_changes_with_any_text() -> None:
    """It tells answers to one state of the texts from those to another."""
    first, second = Text("bara biaya", "faq/costs", "min"), Text("bara biayo", "faq/costs", "min")
    assert Task("t", [first], [first]).mark != Task("t", [first], [second]).mark
    assert Task("t", [first], [first]).mark == Task("u", [first], [first]).mark
