"""What a message means before the task sees it: language, choice, danger, doubt."""

import json

import pytest

from bot.context import (
    UNSURE_BELOW,
    BadPayloadError,
    Hearing,
    core_intent,
    from_choice,
    hear,
    understand,
)


def follow(*heard, start="id"):
    """Hear several messages in a row; gives the language after each."""
    state, after = Hearing(start), []
    for code, confidence, words in heard:
        state = hear(state, code, confidence, words)
        after.append(state.current)
    return after


def test_a_long_clear_message_switches_at_once():
    """Somebody who writes a whole sentence in Javanese is answered in Javanese."""
    assert follow(("jv", 0.95, 9)) == ["jv"]


def test_one_short_foreign_message_does_not_switch():
    """A greeting in Sundanese is only a greeting."""
    assert follow(("su", 0.9, 2), ("id", 0.9, 6), ("su", 0.9, 2)) == ["id", "id", "id"]


def test_two_short_messages_in_a_row_switch():
    """The second one makes sure."""
    assert follow(("su", 0.7, 3), ("su", 0.7, 3)) == ["id", "su"]


def test_two_different_foreign_messages_do_not_switch():
    """They must agree with each other."""
    assert follow(("su", 0.7, 3), ("jv", 0.7, 3)) == ["id", "id"]


@pytest.mark.parametrize("heard", [("jv", 0.99, 1), ("jv", 0.3, 20), (None, 0.0, 10)])
def test_one_word_or_a_weak_guess_or_none_changes_nothing(heard):
    """However often it comes."""
    assert follow(heard, heard, heard) == ["id"] * 3


def test_the_way_back_is_as_careful():
    """One Indonesian word in a Javanese talk does not switch it back."""
    assert follow(("id", 0.9, 1), ("id", 0.9, 2), start="jv") == ["jv", "jv"]


@pytest.mark.parametrize(
    ("payload", "intent", "core"),
    [
        ("/check_offer", "check_offer", "check_offer"),
        ("/faq/costs", "faq/costs", "faq"),
        ("/faq/contacts", "faq/contacts", "facts"),
    ],
)
def test_a_choice_is_certain(payload, intent, core):
    """Its intent is named in full, and Rasa sees the one its rules know."""
    meaning = from_choice(payload, "2")
    assert meaning["full_intent"] == intent
    assert meaning["intent"] == {"name": core, "confidence": 1.0}
    assert meaning["picked"] is True
    assert meaning["text"] == "2"


def test_the_values_of_a_choice_become_entities():
    """The task reads the value, not the title."""
    [entity] = from_choice('/inform{"value": "none_of_these"}', "3")["entities"]
    assert (entity["entity"], entity["value"]) == ("value", "none_of_these")


def test_a_choice_with_a_quote_in_a_name_is_read_whole():
    """Firms' names hold quotes and braces."""
    [entity] = from_choice('/inform{"value": "PT \\"Bahari\\" {Jaya}"}', "1")["entities"]
    assert entity["value"] == 'PT "Bahari" {Jaya}'


@pytest.mark.parametrize("payload", ["", "check_offer", "/Check", "/faq/a/b", "/x y", "/inform{"])
def test_a_payload_of_another_form_is_refused(payload):
    """Nothing but our own choices passes here."""
    with pytest.raises(BadPayloadError):
        from_choice(payload, "1")


def test_a_payload_with_broken_values_is_refused():
    """Braces around no JSON are no value."""
    with pytest.raises(json.JSONDecodeError):
        from_choice("/inform{value}", "1")


def parsed(name, confidence):
    """Give a reading as the pipeline makes it."""
    return {"text": "x", "intent": {"name": name, "confidence": confidence}, "full_intent": name}


def test_danger_outweighs_what_the_model_says():
    """The guard's word is certain; the guess is kept for the log."""
    meaning = understand(parsed("faq/costs", 0.99), danger=True, in_task=False)
    assert meaning["full_intent"] == "emergency"
    assert meaning["intent"]["confidence"] == 1.0
    assert meaning["guess"] == "faq/costs"


@pytest.mark.parametrize(("in_task", "name"), [(True, "inform"), (False, "nlu_fallback")])
def test_too_unsure_is_said_to_be_unsure(in_task, name):
    """Inside a task the task decides; outside it the caller is asked."""
    meaning = understand(parsed("affirm", UNSURE_BELOW - 0.01), danger=False, in_task=in_task)
    assert meaning["full_intent"] == name


def test_sure_enough_is_taken_as_read():
    """A question keeps its topic and the text that answers it."""
    meaning = understand(parsed("faq/costs", UNSURE_BELOW + 0.01), danger=False, in_task=True)
    assert meaning["full_intent"] == "faq/costs"
    assert meaning["intent"]["name"] == "faq"
    assert meaning["response_selector"]["faq"]["response"]["utter_action"] == "utter_faq/costs"


def test_a_reading_without_an_intent_is_unsure():
    """A pipeline that said nothing is no reason to break."""
    meaning = understand({"text": "😭", "intent": {}}, danger=False, in_task=False)
    assert meaning["full_intent"] == "nlu_fallback"


def test_every_intent_of_a_rule_comes_out_of_a_full_name():
    """The mapping to Rasa's names invents none."""
    assert core_intent("faq/destinations") == "facts"
    assert core_intent("faq/costs") == "faq"
    assert core_intent("emergency") == "emergency"
