"""The actions as rasa-sdk runs them: what they read of a tracker, and what an error leaves."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.state import State
from actions.talk import Talk
from actions.task_form import TaskForm
from actions.turn import read_turn

ROOT = Path(__file__).parents[2]
SECRET = "nama saya Siti Maimunah saya dipukul di Johor"


def tracker(
    text: str,
    intent: str,
    *,
    conversation: str = "c0ffee",
    slots: dict[str, Any] | None = None,
    loop: str | None = None,
    **message: Any,
) -> Tracker:
    """Build the tracker that Rasa would send."""
    latest = {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "entities": [],
        **message,
    }
    return Tracker(
        conversation, slots or {}, latest, [], False, None,
        {"name": loop} if loop else {}, "action_listen",
    )  # fmt: skip


def test_a_turn_is_read_from_the_tracker() -> None:
    """Number, full name of the intent, danger and what was picked all arrive."""
    turn = read_turn(
        tracker(
            "saya dikurung",
            "facts",
            message_id="41",
            full_intent="faq/contacts",
            danger=["locked_in"],
            picked=True,
            entities=[{"entity": "country", "value": "johor", "start": 0, "end": 5}],
            slots={"language": "jv"},
        )
    )
    assert (turn.message_id, turn.intent, turn.language) == (41, "faq/contacts", "jv")
    assert turn.dangers == ("locked_in",)
    assert turn.picked is True
    assert turn.first("country") == "johor"


@pytest.mark.parametrize("raw", [None, "", "abc", "12-3"])
def test_a_message_id_of_another_form_is_none(raw: str | None) -> None:
    """Rasa makes ids of its own when it is given none."""
    assert read_turn(tracker("halo", "greet", message_id=raw)).message_id is None


def test_a_task_that_waits_keeps_the_loop_open(siti: Any, desk: Any) -> None:
    """The state lies in the slot, the loop keeps Rasa's rules away."""
    heard = tracker("mau lapor", "report_trafficking", conversation=siti.conversation)
    events = TaskForm().converse(heard, Talk(), desk)
    slot, loop = events
    assert slot["value"]["kind"] == "report"
    assert loop["name"] == "task_form"


def test_a_task_that_has_ended_closes_the_loop(siti: Any, desk: Any) -> None:
    """Nothing is left in the slot."""
    state = State("recruiter", asked="name").to_dict()
    heard = tracker("batal", "start_over", conversation=siti.conversation,
                    slots={"task": state}, loop="task_form")  # fmt: skip
    slot, loop = TaskForm().converse(heard, Talk(), desk)
    assert slot["value"] is None
    assert loop["name"] is None


def test_a_stale_task_without_a_loop_is_not_taken_up(siti: Any, desk: Any) -> None:
    """A slot carried over from an old session does not swallow a new message."""
    state = State("recruiter", asked="name").to_dict()
    heard = tracker("halo", "check_offer", conversation=siti.conversation, slots={"task": state})
    talk = Talk()
    TaskForm().converse(heard, talk, desk)
    assert [reply["response"] for reply in talk.said] == ["utter_ask_offer_text"]


def test_a_state_survives_its_plain_form() -> None:
    """Three tasks inside each other come back whole."""
    state = State("language", asked="language", outer=State("recruiter", outer=State("report")))
    state.outer.data["query"] = "PT Bahari Laksana"
    assert State.from_dict(state.to_dict()) == state
    assert State.from_dict(None) is None


BROKEN_TURN = f"""
import logging, sys
import sqlalchemy as sa
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from actions.desk import the_desk
from actions.task_form import TaskForm
logging.basicConfig(stream=sys.stderr, level=logging.DEBUG)
desk = the_desk()
with desk.vault.engine.begin() as connection:
    connection.execute(sa.text("drop table ticket_facts"))
latest = {{"text": {SECRET!r}, "intent": {{"name": "report_trafficking", "confidence": 0.9}},
          "entities": [], "message_id": "7"}}
tracker = Tracker("c0ffee", {{}}, latest, [], False, None, {{}}, "action_listen")
out = CollectingDispatcher()
events = TaskForm().run(out, tracker, {{}})
print(len(out.messages), len(events))
"""


def test_an_error_inside_a_turn_says_nothing_and_logs_no_text(tmp_path: Path) -> None:
    """The worker then sends its safe text; a log that quotes a caller would betray her."""
    done = subprocess.run(
        [sys.executable, "-c", BROKEN_TURN],
        cwd=ROOT,
        env={"SUAR_HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout.split() == ["0", "0"], done.stderr
    assert "task_form failed" in done.stderr
    for word in ("Siti", "Maimunah", "dipukul", "Johor"):
        assert word not in done.stderr + done.stdout
