"""The domain, the rules, the examples and the code name the same things."""

import ast
import json
import re
from collections.abc import Iterator

from actions.questions import QUESTIONS
from actions.returning import _TOLD
from hotline.register import RecruiterStatus
from hotline.tickets import State
from hotline.wishes import Wish
from store.knowledge import load_knowledge
from tests.architecture.texts import (
    PACKAGES,
    ROOT,
    domain,
    example_intents,
    parse,
    python_files,
    rule_intent,
    steps,
    variants,
)

PAYLOAD = re.compile(r"^/(?P<intent>[a-z_]+(?:/[a-z_]+)?)(?P<values>\{.*\})?$", re.DOTALL)
# Not learnt: made from a choice, from what a phone shared, or from another intent's full name.
NOT_LEARNT = {"inform", "faq", "facts", "share_location", "share_contact"}
# Never guessed at: too short to be offered as a choice (actions/unsure.py).
NOT_OFFERED = {
    *("affirm", "deny", "greet", "thanks", "goodbye", "out_of_scope"),
    *("start_over", "menu", "bot_challenge"),
}


def literals() -> Iterator[str]:
    """Give every whole response name that stands in our Python."""
    for file in python_files(*PACKAGES):
        tree = parse(file)
        parts = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
            for part in node.values
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                is_name = re.fullmatch(r"utter_[a-z_/]+[a-z]", node.value)
                if is_name and id(node) not in parts:
                    yield node.value


def made_names() -> set[str]:
    """Give the response names that the code puts together."""
    names = {f"utter_ask_{q}" for questions in QUESTIONS.values() for q in questions}
    names |= {f"utter_{kind}_start" for kind in QUESTIONS}
    names |= {f"utter_field_{field}" for field in _TOLD}
    names |= {f"utter_state_{state.value}" for state in State}
    names |= {f"utter_phrase_wish_{wish.value}" for wish in Wish}
    names |= {f"utter_status_{status.value}" for status in RecruiterStatus}
    contacts = load_knowledge(ROOT / "knowledge").contacts
    names |= {f"utter_phrase_channel_{contact.channel}" for contact in contacts}
    topics = set(example_intents("id")) - NOT_OFFERED
    names |= {f"utter_topic_{name.split('/')[-1]}" for name in topics}
    names |= {f"utter_{name}" for name in topics if name.startswith("faq/")}
    return names


def ruled() -> set[str]:
    """Name the responses and actions that the rules end in."""
    return {step["action"] for step in steps() if "action" in step}


# Names that Rasa's own machinery uses: an attribute of its answer, and its retrieval action.
RASAS = {"utter_action", "utter_faq"}


def test_every_response_the_code_says_exists() -> None:
    """A name without a text would be silence to a caller."""
    said = (set(literals()) | made_names()) - RASAS
    assert said - set(domain()["responses"]) == set()


def test_every_response_a_rule_names_exists() -> None:
    """As above, for what Rasa says itself."""
    known = {*domain()["responses"], *domain()["actions"], *domain()["forms"]} | RASAS
    assert ruled() - known == set()


def test_no_response_is_left_over() -> None:
    """A text that nobody says is translated and kept up for nothing."""
    passing = {f"utter_{name}" for name in NOT_OFFERED}
    browser = {n for n in domain()["responses"] if n.startswith("utter_try_")}
    used = set(literals()) | made_names() | ruled() | passing | browser
    assert set(domain()["responses"]) - used == set()


def test_every_text_of_the_browser_page_is_used() -> None:
    """The page puts its names together from short words."""
    page = (ROOT / "channels" / "try_page.py").read_text(encoding="utf-8")
    requests = (ROOT / "channels" / "try_requests.py").read_text(encoding="utf-8")
    files = list((ROOT / "channels").rglob("*"))
    shown = (
        page
        + requests
        + "".join(
            f.read_text(encoding="utf-8") for f in files if f.suffix in {".html", ".js", ".jinja"}
        )
    )
    for name in domain()["responses"]:
        if name.startswith("utter_try_"):
            assert re.search(rf"\b{name.removeprefix('utter_try_')}\b|{name}", shown), name


def test_every_intent_has_examples_and_a_rule() -> None:
    """An intent nobody can mean, or nobody answers, is a hole."""
    learnt = example_intents("id")
    by_rule = {rule_intent(name) for name in learnt}
    known = set(domain()["intents"])
    answered = {step["intent"] for step in steps() if "intent" in step}
    assert known - by_rule - NOT_LEARNT == set()
    assert by_rule - known == set()
    assert answered - {"nlu_fallback"} == known
    assert "nlu_fallback" in answered
    assert all(count > 0 for count in learnt.values())


def test_every_topic_with_examples_has_an_answer_and_the_other_way_round() -> None:
    """One slug names a topic everywhere."""
    asked = {name for name in example_intents("id") if name.startswith("faq/")}
    told = {n.removeprefix("utter_") for n in domain()["responses"] if n.startswith("utter_faq/")}
    assert asked == told


def test_other_languages_bring_no_intent_of_their_own() -> None:
    """A slip in a name would be learnt as a new intent."""
    known = set(example_intents("id"))
    for folder in sorted((ROOT / "data" / "nlu").iterdir()):
        if folder.is_dir():
            assert set(example_intents(folder.name)) - known == set(), folder.name


def test_every_choice_leads_somewhere() -> None:
    """A payload names a known intent, or gives a value to the task that asked."""
    known = set(example_intents("id")) - {"nlu_fallback"}
    for name, form in variants():
        for button in form.get("buttons") or []:
            found = PAYLOAD.match(button["payload"])
            assert found, (name, button)
            if found["intent"] == "inform":
                assert set(json.loads(found["values"])) == {"value"}, (name, button)
            else:
                assert found["intent"] in known, (name, button)
                assert found["values"] is None, (name, button)


def test_the_choices_of_one_reply_differ() -> None:
    """Two of one title, or of one meaning, cannot be told apart."""
    for name, form in variants():
        buttons = form.get("buttons") or []
        assert len({b["title"].lower() for b in buttons}) == len(buttons), name
        assert len({b["payload"] for b in buttons}) == len(buttons), name


def test_every_response_has_a_form_for_all_channels() -> None:
    """The first form is the one without a channel, and no channel has two."""
    for name, forms in domain()["responses"].items():
        channels = [form.get("channel") for form in forms]
        assert channels[0] is None, name
        assert len(set(channels)) == len(channels), name
