"""What a message means before the task sees it: language, choice, danger, doubt."""

import json

import pytest

from bot.context import (
    UNSURE_BELOW,
    WEIGHTS,
    BadPayloadError,
    Hearing,
    core_intent,
    danger_chance,
    danger_signs,
    from_choice,
    hear,
    is_danger,
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


@pytest.mark.parametrize(("confidence", "words"), [(0.8, 4), (0.65, 6), (0.99, 30)])
def test_the_first_message_is_answered_in_its_language(confidence, words):
    """Whoever begins in Balinese is not answered in Indonesian first."""
    assert hear(Hearing("id"), "ban", confidence, words, first=True) == Hearing("ban")


@pytest.mark.parametrize(("confidence", "words"), [(0.79, 4), (0.64, 20), (0.99, 3)])
def test_a_first_message_that_says_too_little_waits_for_another(confidence, words):
    """A wrong language is worse than Indonesian."""
    assert hear(Hearing("id"), "ban", confidence, words, first=True) == Hearing("id", "ban")


def test_the_language_of_the_first_message_stays():
    """Short answers in Indonesian, or with a loan word, do not take it back."""
    state = hear(Hearing("id"), "ban", 0.81, 4, first=True)
    for heard in [("id", 0.95, 3), ("ban", 0.7, 6), ("id", 0.7, 4), ("ban", 0.9, 4)]:
        state = hear(state, *heard)
        assert state.current == "ban"


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


@pytest.mark.parametrize("name", ["report_trafficking", "report_missing", "ask_return"])
def test_a_ticket_needs_more_than_a_guess(name):
    """Where a question would be answered, a report is asked about first."""
    asked = understand(parsed(name, 0.49), danger=False, in_task=False)
    assert asked["full_intent"] == "nlu_fallback"
    assert asked["guess"] == name
    taken = understand(parsed(name, 0.5), danger=False, in_task=False)
    assert taken["full_intent"] == name


def test_danger_is_not_asked_about():
    """A report waits for an answer to "did you mean ...?"; somebody in danger may not."""
    taken = understand(parsed("emergency", UNSURE_BELOW), danger=False, in_task=False)
    assert taken["full_intent"] == "emergency"


def test_a_reading_without_an_intent_is_unsure():
    """A pipeline that said nothing is no reason to break."""
    meaning = understand({"text": "😭", "intent": {}}, danger=False, in_task=False)
    assert meaning["full_intent"] == "nlu_fallback"


def test_every_intent_of_a_rule_comes_out_of_a_full_name():
    """The mapping to Rasa's names invents none."""
    assert core_intent("faq/destinations") == "facts"
    assert core_intent("faq/costs") == "faq"
    assert core_intent("emergency") == "emergency"


STORY = "tadi malam dia lari ke hutan tanpa sandal dan tanpa air, kami takut"


@pytest.mark.parametrize(
    ("chance", "reasons", "sure", "danger"),
    [
        (0.0, ["locked_in", "beaten"], True, True),
        (0.8, [], True, True),
        (0.2, [], True, False),
        (0.2, ["locked_in"], False, True),
        (0.001, ["locked_in"], False, False),
        (0.2, ["several_signs"], False, True),
        (0.02, ["several_signs"], False, False),
    ],
)
def test_guard_and_model_decide_together(chance, reasons, sure, danger):
    """What the guard is sure of is danger; the less it saw, the more the model must see."""
    parse = {"emergency_chance": chance, "text": STORY}
    assert is_danger(parse, reasons=reasons, sure=sure) is danger


@pytest.mark.parametrize("words", [1, 3, 12, 60, 300])
@pytest.mark.parametrize("reasons", [[], ["several_signs"], ["beaten"], ["beaten", "knife"]])
def test_more_to_see_is_never_less_danger(words, reasons):
    """Whatever the length: a likelier reading, a likelier part or one reason more adds."""
    text = "kata " * words
    steps = [0.0, 0.01, 0.1, 0.5, 0.9, 1.0]
    by_model = [danger_chance({"text": text, "emergency_chance": c}, reasons) for c in steps]
    assert by_model == sorted(by_model)
    assert by_model[0] < 0.2 < by_model[-1]
    parts = [{"text": text, "emergency_chance": 0.3, "emergency_in_parts": c} for c in steps[1:]]
    by_part = [danger_chance(parse, reasons) for parse in parts]
    assert by_part == sorted(by_part)
    reading = {"text": text, "emergency_chance": 0.3}
    assert danger_chance(reading, [*reasons, "locked_in"]) > danger_chance(reading, reasons)


def test_every_sign_has_its_weight():
    """What is measured when the weights are learned is what is weighed for callers."""
    assert set(danger_signs({}, [])) == set(WEIGHTS)


def test_a_model_that_does_not_say_how_likely_danger_is_takes_nothing_back():
    """In doubt it is danger."""
    assert is_danger({}, reasons=["locked_in"], sure=False) is True
    assert is_danger({}, reasons=[], sure=True) is False


@pytest.mark.parametrize("in_task", [True, False])
@pytest.mark.parametrize("shared", ["location", "contact"])
def test_what_a_phone_shared_is_not_guessed_at(shared, in_task):
    """The words are the gateway's own; a model would take them for anything."""
    meaning = understand(parsed("greet", 0.99), danger=False, in_task=in_task, shared=shared)
    assert (meaning["intent"]["name"], meaning["full_intent"]) == (f"share_{shared}",) * 2
    assert meaning["intent"]["confidence"] == 1.0


def test_a_caption_is_read_and_danger_comes_first():
    """Words beside a picture are hers; a cry with a place is a cry."""
    meaning = understand(parsed("faq/costs", 0.9), danger=False, in_task=False, shared="caption")
    assert meaning["full_intent"] == "faq/costs"
    meaning = understand(parsed("greet", 0.9), danger=True, in_task=False, shared="location")
    assert meaning["full_intent"] == "emergency"


def test_a_cry_beside_a_question_counts_by_its_own_part():
    """Read as a whole the message looks like neither; what the guard heard is asked of the part."""
    parse = {"emergency_chance": 0.01, "emergency_in_parts": 0.97}
    assert is_danger(parse, reasons=["locked_in"], sure=False) is True
    assert is_danger(parse, reasons=[], sure=False) is False


def test_within_a_task_the_model_alone_must_be_surer():
    """An answer about safe hours is an answer, unless the guard or the model sees more in it."""
    parse = {"emergency_chance": 0.55, "text": STORY}
    assert is_danger(parse, reasons=[], sure=True, in_task=True) is False
    assert is_danger(parse, reasons=[], sure=True, in_task=False) is True
    assert is_danger(parse, reasons=["locked_in"], sure=False, in_task=True) is True
    assert is_danger({**parse, "emergency_chance": 0.9}, reasons=[], sure=True, in_task=True)


def test_the_longer_a_message_the_surer_the_model_must_be():
    """A long text about anything has a word or two of danger somewhere."""
    short, long = {"emergency_chance": 0.6, "text": STORY}, {"emergency_chance": 0.6}
    long["text"] = STORY * 10
    assert is_danger(short, reasons=[], sure=True) is True
    assert is_danger(long, reasons=[], sure=True) is False
    assert is_danger({**long, "emergency_chance": 0.9}, reasons=[], sure=True) is True


@pytest.mark.parametrize(
    ("confidence", "in_task", "intent"),
    [(0.79, False, "nlu_fallback"), (0.79, True, "inform"), (0.81, False, "out_of_scope")],
)
def test_nobody_is_turned_away_on_a_guess(confidence, in_task, intent):
    """What is hardly known to be none of ours is asked about; the second miss offers a person."""
    parse = {"text": "blubub trantam", "intent": {"name": "out_of_scope", "confidence": confidence}}
    assert understand(parse, danger=False, in_task=in_task)["intent"]["name"] == intent
