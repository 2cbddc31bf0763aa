"""What the bot says when it has not understood: two guesses, then a person."""

from dataclasses import replace
from typing import Any

import pytest

from actions.talk import Talk
from actions.turn import missed_before
from actions.unsure import guess

RANKING = ["greet", "faq/costs", "affirm", "check_offer", "report_missing"]


def heard(caller: Any, text: str, *, again: bool = False) -> Talk:
    """Let a message be misunderstood."""
    caller.writes(text, intent="nlu_fallback", confidence=1.0)
    talk = Talk()
    turn = replace(caller.turn, ranking=tuple(RANKING), missed_before=again)
    guess(turn, talk, caller.desk)
    return talk


def test_the_two_likeliest_topics_are_offered(siti: Any) -> None:
    """Greetings and yes are no topics; the titles fit a button."""
    [said] = heard(siti, "yg itu lho pak").said
    assert said["response"] == "utter_unsure"
    assert [b["payload"] for b in said["buttons"]] == ["/faq/costs", "/check_offer"]
    assert all(0 < len(b["title"]) <= 20 for b in said["buttons"])


def test_without_a_guess_the_most_wanted_are_offered(siti: Any) -> None:
    """The question never stands there without choices."""
    siti.writes("blubub trantam", intent="nlu_fallback", confidence=1.0)
    talk = Talk()
    guess(replace(siti.turn, ranking=("out_of_scope", "greet")), talk, siti.desk)
    payloads = [b["payload"] for b in talk.said[0]["buttons"]]
    assert payloads == ["/report_trafficking", "/check_recruiter"]


def test_the_second_time_a_person_is_offered(siti: Any) -> None:
    """Nobody is asked to rephrase for ever."""
    [said] = heard(siti, "itu lho", again=True).said
    assert said["response"] == "utter_unsure_person"


@pytest.mark.parametrize("text", ["😭", "...", "?", "123"])
def test_a_message_without_letters_is_asked_for_words(siti: Any, text: str) -> None:
    """And told the word for danger: perhaps she cannot write more."""
    [said] = heard(siti, text).said
    assert said["response"] == "utter_unsure_empty"
    assert "DARURAT" in siti.desk.texts.get("utter_unsure_empty", "id", "whatsapp")


def user(intent: str) -> dict[str, Any]:
    """Make an inbound event as Rasa stores it."""
    return {"event": "user", "parse_data": {"intent": {"name": intent}}}


@pytest.mark.parametrize(
    ("intents", "missed"),
    [
        (["nlu_fallback"], False),
        (["nlu_fallback", "nlu_fallback"], True),
        (["nlu_fallback", "greet", "nlu_fallback"], False),
        (["greet", "nlu_fallback"], False),
    ],
)
def test_only_the_message_just_before_counts(intents: list[str], missed: bool) -> None:
    """Two misses with an answer between them are two first misses."""
    events = [event for name in intents for event in (user(name), {"event": "bot"})]
    assert missed_before(events) is missed


def test_every_topic_that_can_be_guessed_has_a_title(siti: Any) -> None:
    """Whatever stands in the ranking can be offered."""
    from actions.tasks import INTAKES, OTHERS, RETURNING

    faq = [
        n.removeprefix("utter_") for n in siti.desk.texts.responses if n.startswith("utter_faq/")
    ]
    siti.writes("itu", intent="nlu_fallback")
    for name in (*INTAKES, *OTHERS, *RETURNING, *faq):
        talk = Talk()
        guess(replace(siti.turn, ranking=(name,)), talk, siti.desk)
        assert talk.said[0]["buttons"][0]["payload"] == f"/{name}"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("di berita ada tkw disiksa", "faq/contacts"),
        ("viral di tiktok tkw dipukul majikan", "report_trafficking"),
        ("saw on the news a maid was beaten", "nlu_fallback"),
    ],
)
def test_a_case_in_the_news_is_asked_about(siti: Any, text: str, intent: str) -> None:
    """No ticket and no telephone numbers, but the way to report is one tap away."""
    assert siti.writes(text, intent=intent) == ["utter_about_whom"]
    assert siti.ticket() is None
    siti.picks("Lapor masalah")
    assert siti.state.kind == "report"


@pytest.mark.parametrize(
    "text",
    [
        "saya lihat di berita adik saya disiksa",
        "sudah setahun tidak ada berita dari anak saya di arab",
        "di berita ada tkw disiksa, saya juga disiksa",
    ],
)
def test_the_news_about_somebody_she_knows_is_a_report(siti: Any, text: str) -> None:
    """Whoever names a relative or herself is believed at once."""
    siti.writes(text, intent="report_trafficking")
    assert siti.ticket() is not None


def test_danger_is_never_only_news(siti: Any) -> None:
    """What the guard hears goes first."""
    siti.writes("di berita ada tkw disiksa", danger=("violence",))
    assert siti.ticket().urgency == "critical"
