"""Two models laid side by side: which emergencies are lost, and when a drop is more than chance."""

from pathlib import Path
from typing import Any

import pytest

from suar import figures
from suar.figures import ALL, Verdict, compare, figures_of

Reads = dict[str, str]  # what a model makes of a text; of all others, what is meant


def asked(count: int, intent: str = "faq/costs") -> list[dict[str, Any]]:
    """Make messages that mean the same."""
    texts = [f"{intent} nomor {n}" for n in range(count)]
    return [{"text": text, "intent": intent, "language": "id"} for text in texts]


def cries(*texts: str, emergency: bool = True) -> list[dict[str, Any]]:
    """Make messages of a danger set."""
    return [{"text": text, "emergency": emergency, "language": "id"} for text in texts]


def read(sets: dict[str, list[dict[str, Any]]], reads: Reads) -> Any:
    """Let a model read them."""

    def reading(example: dict[str, Any]) -> dict[str, Any]:
        meant = example.get("intent") or ("emergency" if example["emergency"] else "greet")
        intent = reads.get(example["text"], str(meant))
        return {"intent": intent, "emergency": intent == "emergency"}

    return {stem: [(e, reading(e)) for e in examples] for stem, examples in sets.items()}


def verdict(sets: dict[str, list[dict[str, Any]]], old: Reads, new: Reads) -> Verdict:
    before, now = (figures_of(read(sets, reads), "code") for reads in (old, new))
    return compare(before, now, sets)


def test_the_same_reading_is_good() -> None:
    """Nothing is lost where nothing changes, however wrong it is."""
    sets = {"id": asked(9), "danger": cries("tolong pak")}
    wrong = {"faq/costs nomor 1": "greet", "tolong pak": "greet"}
    assert verdict(sets, wrong, wrong).good


def test_an_emergency_that_is_lost_is_named_by_file_and_line() -> None:
    """One is enough, whatever was won elsewhere."""
    sets = {"danger": cries("aku dikunci", "tolong pak"), "id": asked(3, "emergency")}
    found = verdict(
        sets,
        {"aku dikunci": "greet"},
        {"tolong pak": "greet", "emergency nomor 0": "greet"},
    )
    assert found.lost == ("danger.jsonl:2", "id.jsonl:1")
    assert "  an emergency that was seen is lost: danger.jsonl:2" in found.lines()


def test_what_the_guard_sees_with_the_model_is_not_lost() -> None:
    """The intent may be another one: callers are heard by both together."""
    sets = {"danger": cries("kami disekap di sini")}
    heard = [(sets["danger"][0], {"intent": "report_trafficking", "emergency": True})]
    old, new = figures_of(read(sets, {}), "code"), figures_of({"danger": heard}, "code")
    assert compare(old, new, sets).good


@pytest.mark.parametrize(("lost", "good"), [(1, True), (5, True), (6, False)])
def test_a_drop_counts_when_chance_would_seldom_make_it(lost: int, good: bool) -> None:
    """Five wrong and none right happens by chance one time in sixteen, six one in thirty-two."""
    wrong = {f"faq/costs nomor {n}": "greet" for n in range(lost)}
    found = verdict({"id": asked(40)}, {}, wrong)
    assert found.good is good
    assert not found.lost


def test_gains_weigh_against_losses() -> None:
    """Seven lost and four won are no drop; seven lost and none won are, here and over all."""
    old = {f"faq/costs nomor {n}": "greet" for n in range(10, 14)}
    new = {f"faq/costs nomor {n}": "greet" for n in range(7)}
    assert verdict({"jv": asked(40)}, old, new).good
    drops = verdict({"jv": asked(40)}, {}, new).drops
    assert drops == (
        "intents right, jv: 7 worse, 0 better (chance 0.016)",
        f"intents right, {ALL}: 7 worse, 0 better (chance 0.016)",
    )


def test_a_little_less_in_every_language_is_a_drop_over_all() -> None:
    """Too little in each to be seen there."""
    sets = {code: asked(10, f"faq/{code}") for code in ("id", "jv", "su")}
    new = {f"faq/{code} nomor {n}": "greet" for code in sets for n in range(3)}
    assert verdict(sets, {}, new).drops == (
        f"intents right, {ALL}: 9 worse, 0 better (chance 0.004)",
    )


def test_a_model_that_cries_wolf_is_worse() -> None:
    """Seeing every emergency is easy for one that sees nothing else."""
    sets = {"danger_more": cries(*(f"cerita film {n}" for n in range(8)), emergency=False)}
    new = {f"cerita film {n}": "emergency" for n in range(8)}
    assert any("false alarms" in drop for drop in verdict(sets, {}, new).drops)


def test_figures_come_back_as_they_were_written(tmp_path: Path) -> None:
    """And hold no word of any message."""
    sets = {"id": asked(3), "danger": cries("tolong pak")}
    pairs = read(sets, {"faq/costs nomor 1": "greet"})
    file, found = tmp_path / "suar-1.json", figures_of(pairs, "code")
    figures.save(found, pairs, file)
    assert figures.load(file) == found
    assert found.covers(sets)
    assert not found.covers({"id": asked(4)})
    text = file.read_text()
    assert "tolong" not in text
    assert '"id": {"n": 3, "emergencies": 0' in text
    assert '"intent_right": 2' in text


@pytest.mark.parametrize("content", ["", "{", "[]", '{"messages": {"a": 1}, "code": "x"}'])
def test_figures_that_cannot_be_read_are_none(tmp_path: Path, content: str) -> None:
    """They are measured anew."""
    file = tmp_path / "suar-1.json"
    file.write_text(content)
    assert figures.load(file) is None
    assert figures.load(tmp_path / "missing.json") is None


def test_a_message_whose_meaning_was_put_right_is_another_one() -> None:
    """Its old outcome says nothing any more."""
    one = asked(1)[0]
    assert figures.mark(one) != figures.mark({**one, "intent": "greet"})
