"""What a message is about, and how Rasa answers it."""

from __future__ import annotations

import asyncio

import pytest
from rasa.core.actions.action import ActionRetrieveResponse
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.intent import SuarIntentClassifier

SETTINGS = {"embedding": "off"}


@pytest.fixture(scope="module")
def classifier(kitchen, training_data: TrainingData):
    """Return a trained classifier."""
    return kitchen.trained(SuarIntentClassifier, SETTINGS, training_data)


@pytest.mark.parametrize("text", ["😭😭", "...", "?", "12", "👍", "", "zzqxx wvvw", "งาน"])
def test_unreadable_text_is_nothing_and_never_a_yes(classifier, text: str) -> None:
    """A crying emoji must not count as consent."""
    message = classifier.read(text)
    assert message.get("intent") == {"name": None, "confidence": 0.0}
    assert message.get("intent_ranking") == []
    assert message.get("full_intent") is None


def test_a_plain_intent_is_ranked_first(classifier) -> None:
    """The ranking holds the likeliest five, best first."""
    message = classifier.read("iya betul pak")
    ranking = message.get("intent_ranking")
    assert message.get("intent") == ranking[0]
    assert ranking[0]["name"] == "affirm"
    assert [e["confidence"] for e in ranking] == sorted(
        (e["confidence"] for e in ranking), reverse=True
    )
    assert message.get("response_selector") is None


def test_a_single_letter_met_in_training_is_read(classifier) -> None:
    """Callers say yes with one letter; a letter never met says nothing."""
    assert classifier.read("y").get("intent")["name"] == "affirm"
    assert classifier.read("w").get("intent")["name"] is None


def test_a_question_keeps_its_topic(classifier) -> None:
    """Rasa's rules see faq; the topic and the full name stand beside it."""
    message = classifier.read("berapa biaya ke taiwan pak")
    assert message.get("intent")["name"] == "faq"
    assert message.get("topic") == "costs"
    assert message.get("full_intent") == "faq/costs"
    assert message.get("intent_ranking")[0]["name"] == "faq/costs"


def test_a_question_answered_from_facts_is_an_intent_of_its_own(classifier) -> None:
    """Contacts change, so an action answers them and not a response."""
    message = classifier.read("nomor telepon kedutaan di malaysia")
    assert message.get("intent")["name"] == "facts"
    assert message.get("topic") == "contacts"


def test_rasa_answers_a_question_with_the_response_of_its_topic(classifier) -> None:
    """Rasa's own action finds utter_faq/costs by what the classifier leaves on the message."""
    message = classifier.read("berapa biaya ke taiwan pak")
    answers = {"utter_faq/costs": [{"text": "Soal biaya: ..."}]}
    domain = Domain.from_dict({"intents": ["faq"], "responses": answers})
    tracker = DialogueStateTracker.from_events(
        "siti", [UserUttered("x", parse_data=message.as_dict(only_output_properties=True))]
    )
    events = asyncio.run(
        ActionRetrieveResponse("utter_faq").run(
            CollectingOutputChannel(), TemplatedNaturalLanguageGenerator(answers), tracker, domain
        )
    )
    assert [event.text for event in events] == ["Soal biaya: ..."]


def test_confidences_of_all_intents_are_probabilities(kitchen, training_data) -> None:
    """The whole ranking sums to one."""
    everything = {**SETTINGS, "ranking_length": 99}
    message = kitchen.trained(SuarIntentClassifier, everything, training_data).read("saya mau")
    assert sum(e["confidence"] for e in message.get("intent_ranking")) == pytest.approx(1.0)
