"""What the danger guard must hear, and what it must let pass."""

import time
from pathlib import Path

import pytest
import yaml

from hotline.danger import Context, Guard, Rule
from store.danger import load_guard

GUARD = load_guard(Path(__file__).parents[2] / "data" / "danger")

PHRASES = yaml.safe_load((Path(__file__).parent / "danger.yml").read_text(encoding="utf-8"))
DANGER: list[str] = PHRASES["danger"]
SAFE: list[str] = PHRASES["safe"]


@pytest.mark.parametrize("text", DANGER)
def test_danger_now_rings_the_alarm(text: str) -> None:
    """A message that shows danger now is heard whatever its language and spelling."""
    assert GUARD.read(text) is not None


@pytest.mark.parametrize("text", SAFE)
def test_questions_past_events_and_films_pass(text: str) -> None:
    """A message without danger now does not ring the alarm."""
    assert GUARD.read(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("saya dikurung di kamar", "locked_in"),
        ("dipukul majikan tiap hari", "beaten"),
        ("anak saya diperkosa", "sexual_violence"),
        ("adik saya dijual ke bos lain", "being_sold"),
        ("kami dipaksa naik perahu", "moved_across_border"),
        ("diancam mau dibunuh", "threatened"),
        ("saya baru kabur dari rumah majikan", "on_the_run"),
        ("pengen bunuh diri", "suicidal"),
        ("tolong saya", "cry_for_help"),
        ("mereka minta tebusan 50 juta", "held_for_ransom"),
        ("tidak dikasih makan", "no_food_or_medicine"),
        ("dipaksa nipu orang di kamboja", "scam_compound_captive"),
    ],
)
def test_the_alarm_names_its_reason(text: str, reason: str) -> None:
    """A responder sees which kind of danger was heard."""
    alarm = GUARD.read(text)
    assert alarm is not None
    assert reason in alarm.reasons


def test_several_dangers_are_all_named_with_their_words() -> None:
    """Budi's message about two dangers gives two reasons and the words for each."""
    alarm = GUARD.read("Saya dikurung dan dipukul di Riyadh")
    assert alarm is not None
    assert alarm.reasons == ("locked_in", "beaten")
    assert alarm.words == ("dikurung", "dipukul")


def test_a_long_message_is_read_in_a_few_milliseconds() -> None:
    """A story of 300 words never holds up the worker."""
    story = " ".join(text for text in SAFE if text)
    story = " ".join((story + " " + story).split()[:300])
    best = min(_seconds(story) for _ in range(20))
    # The bound is wide because the machine that runs the tests may be busy.
    assert best < 0.005


def test_danger_at_the_end_of_a_very_long_paste_is_heard() -> None:
    """A pasted page does not hide the cry at its end."""
    assert GUARD.read("lowongan kerja ke taiwan. " * 5000 + "saya dikurung di kamar") is not None


def test_a_context_takes_back_only_the_rules_that_name_it() -> None:
    """A joke silences the rule that lists jokes, not the one that does not."""
    joke = {"joke": Context(near=("canda",))}
    rules = [Rule("beaten", ("dipukul",), ("joke",)), Rule("suicidal", ("bunuh diri",))]
    guard = Guard(rules, joke)
    assert guard.read("canda kok dipukul") is None
    assert guard.read("canda kok bunuh diri") is not None


def test_an_unknown_context_is_refused() -> None:
    """A rule that leans on a context nobody wrote does not load."""
    with pytest.raises(ValueError, match="joke"):
        Guard([Rule("beaten", ("dipukul",), ("joke",))])


def _seconds(text: str) -> float:
    started = time.perf_counter()
    GUARD.read(text)
    return time.perf_counter() - started
