"""How a full intent name such as faq/costs looks to Rasa's rules and to its retrieval action."""

from __future__ import annotations

from typing import Any, Optional

QUESTIONS = "faq"
FACTS = "facts"
# Topics whose answers come from knowledge/ through an action, not from a response.
FACT_TOPICS = frozenset({"contacts", "destinations"})


def core_intent(full: Optional[str]) -> Optional[str]:
    """Map a full name to the one the rules see: faq/costs is faq, faq/contacts is facts."""
    family, _, topic = (full or "").partition("/")
    if family != QUESTIONS:
        return full
    return FACTS if topic in FACT_TOPICS else QUESTIONS


def selector(full: str, confidence: float) -> dict[str, Any]:
    """Give what Rasa's own ResponseSelector would say: answer with utter_<full name>."""
    response = {
        "responses": [],
        "confidence": confidence,
        "intent_response_key": full,
        "utter_action": f"utter_{full}",
    }
    return {
        "all_retrieval_intents": [QUESTIONS],
        QUESTIONS: {"response": response, "ranking": []},
        "default": {"response": response, "ranking": []},
    }
