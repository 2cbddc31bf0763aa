"""The door into Rasa: which replies belong to a message, and what follows its language."""

import pytest
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.connector import (
    Collector,
    SuarInput,
    _follow_language,
    answer_of,
    honest_store,
    understood_of,
)
from bot.context import from_choice, understand


def told(*events):
    """Build a conversation of these events."""
    return DialogueStateTracker.from_events("c0ffee", list(events))


def said(number, text="halo"):
    """Make an inbound message with our number."""
    return UserUttered(text, message_id=number)


def reply(text, buttons=None, custom=None):
    """Make a reply."""
    return BotUttered(text, {"buttons": buttons, "custom": custom})


def test_a_message_that_had_no_turn_has_no_answer():
    """None, not an empty list: only then may the turn be run."""
    assert answer_of(told(said("1"), reply("ya")), "2") is None


def test_a_repeat_gets_exactly_its_own_replies():
    """Not those of the message before or after it."""
    tracker = told(
        said("1"),
        reply("satu"),
        said("2"),
        reply("dua a"),
        reply("dua b"),
        said("3"),
        reply("tiga"),
    )
    assert [r["text"] for r in answer_of(tracker, "2")] == ["dua a", "dua b"]
    assert [r["text"] for r in answer_of(tracker, "1")] == ["satu"]
    assert [r["text"] for r in answer_of(tracker, "3")] == ["tiga"]


@pytest.mark.parametrize(
    ("before", "after"), [([], "ban"), (["halo"], "ban"), (["saya mau tanya biaya"], "id")]
)
def test_the_first_words_that_say_enough_set_the_language(before, after):
    """A greeting before them does not count; what follows them is heard with more care."""
    tracker = told(*(said(str(n), text) for n, text in enumerate(before)))
    heard = {"code": "ban", "confidence": 0.82}
    _follow_language(tracker, {"text": "tiang jagi nakenang prabea", "language": heard})
    assert (tracker.get_slot("language") or "id") == after


def test_a_turn_without_replies_is_an_empty_answer():
    """It has been run: asking again must not run it a second time."""
    assert answer_of(told(said("1"), said("2"), reply("dua")), "1") == []


def test_slots_between_replies_do_not_end_the_answer():
    """Rasa mixes its own events in."""
    tracker = told(said("1"), reply("a"), SlotSet("country", "MY"), reply("b"))
    assert [r["text"] for r in answer_of(tracker, "1")] == ["a", "b"]


def test_buttons_and_the_wish_to_erase_come_along():
    """The worker needs both; a reply without them has empty ones."""
    buttons = [{"title": "Ya", "payload": "/affirm"}]
    tracker = told(said("1"), reply("a", buttons), reply("b", None, {"erase": True}))
    first, second = answer_of(tracker, "1")
    assert (first["buttons"], first["custom"]) == (buttons, {})
    assert (second["buttons"], second["custom"]) == ([], {"erase": True})


def speaking(domain, **slots):
    """Give an empty conversation of the real domain with some slots set."""
    tracker = DialogueStateTracker.from_events("c0ffee", [], slots=domain.slots)
    for name, value in slots.items():
        tracker.update(SlotSet(name, value))
    return tracker


JAVANESE = {
    "text": "kulo badhe tanglet prekawis paspor",
    "language": {"code": "jv", "confidence": 0.95},
}


def test_the_language_slot_follows_a_clear_message(domain):
    """The next reply is in the caller's language."""
    tracker = speaking(domain, language="id")
    _follow_language(tracker, JAVANESE)
    assert tracker.get_slot("language") == "jv"


def test_a_chosen_language_is_never_guessed_away(domain):
    """The caller's own choice is for good."""
    tracker = speaking(domain, language="su", language_fixed=True)
    _follow_language(tracker, JAVANESE)
    assert tracker.get_slot("language") == "su"


def test_a_reading_without_a_language_changes_nothing(domain):
    """A pipeline without the component still answers."""
    tracker = speaking(domain, language="jv")
    _follow_language(tracker, {"text": "halo"})
    assert tracker.get_slot("language") == "jv"


def test_the_wrapper_that_hides_errors_is_taken_away(domain):
    """What cannot be written must be heard of."""
    inner = InMemoryTrackerStore(domain)
    agent = Agent(domain=domain, tracker_store=inner)
    assert agent.tracker_store is not inner
    assert honest_store(agent) is inner
    assert honest_store(agent) is inner


@pytest.mark.parametrize("channel", ["whatsapp", "telegram", "sms", "local"])
def test_a_collector_bears_the_callers_channel(channel):
    """The texts choose their form by this name."""
    assert Collector(channel).name() == channel


def test_the_door_has_the_name_that_credentials_give_it():
    """Rasa mounts it under this name, and the worker asks there."""
    assert SuarInput.name() == "suar"


PARSE = {
    "text": "pinten ongkose",
    "intent": {"name": "faq", "confidence": 0.81},
    "full_intent": "faq/costs",
    "language": {"code": "jv", "confidence": 0.9},
}
UNSURE = {**PARSE, "intent": {"name": "faq", "confidence": 0.2}}


def heard(number, meaning):
    """Make an inbound message with its meaning, as Rasa keeps it."""
    return UserUttered("pinten ongkose", meaning["intent"], [], meaning, message_id=number)


@pytest.mark.parametrize(
    ("meaning", "intent", "confidence", "language"),
    [
        (understand(PARSE, danger=False, in_task=False), "faq/costs", 0.81, "jv"),
        (understand(PARSE, danger=True, in_task=False), "emergency", 1.0, "jv"),
        (understand(UNSURE, danger=False, in_task=False), "nlu_fallback", 0.2, "jv"),
        (understand(UNSURE, danger=False, in_task=True), "inform", 0.2, "jv"),
        (from_choice("/faq/costs", "Biaya"), "faq/costs", 1.0, None),
    ],
)
def test_what_a_message_was_taken_for_goes_back_with_the_answer(
    meaning, intent, confidence, language
):
    """Where the bot was too unsure to act, it tells how unsure the model was."""
    tracker = told(heard("1", meaning), reply("ya"), said("2"), reply("tidak"))
    expected = {"intent": intent, "confidence": confidence, "language": language}
    assert understood_of(tracker, "1") == expected
    assert understood_of(tracker, "7") is None
