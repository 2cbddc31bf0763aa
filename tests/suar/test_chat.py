"""`suar chat`: a line in, the rendered replies out, over the same road as every channel."""

import io
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.rasa import Answer, Question
from channels.worker import Worker
from hotline.messages import Channel, Choice, Reply
from hotline.settings import Settings, load_settings
from store import db
from store.heartbeats import alive
from store.vault import open_vault
from suar.chat import chat
from tests.fakes import FakeBot, make_desk

MENU = (Choice("Lapor", "/report"), Choice("Tanya", "/ask"))


def behave(question: Question) -> Answer:
    if question.text == "menu":
        return Answer((Reply("Halo."), Reply("Pilih:", MENU)), "id")
    return Answer((Reply(f"re: {question.choice or question.text}"),), "id")


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Give an installation on which a worker runs already."""
    settings = load_settings({"SUAR_HOME": str(tmp_path / "suar")})
    vault = open_vault(settings)
    stop = threading.Event()
    worker = Worker(make_desk(vault, FakeBot(behave), time.time), slots=2, poll=0.01)
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with db.read(vault.engine) as connection:
            if alive(connection, "worker", time.time()):
                break
        time.sleep(0.02)
    yield settings
    stop.set()
    thread.join()
    vault.engine.dispose()


def say(
    settings: Settings,
    *lines: str,
    channel: Channel = Channel.WHATSAPP,
    name: str | None = "siti",
    as_json: bool = True,
) -> str:
    out = io.StringIO()
    typed = io.StringIO("".join(f"{line}\n" for line in lines))
    status = chat(
        settings, channel=channel, conversation=name, as_json=as_json, lines=typed, out=out
    )
    assert status == 0
    return out.getvalue()


def objects(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_each_line_is_answered_and_closed(settings: Settings) -> None:
    """One object a reply, and one that says that this line is through."""
    assert objects(say(settings, "menu", "halo")) == [
        {"text": "Halo.", "buttons": [], "segments": None},
        {
            "text": "Pilih:", "segments": None,
            "buttons": [{"title": c.title, "payload": c.payload} for c in MENU],
        },
        {"done": True},
        {"text": "re: halo", "buttons": [], "segments": None},
        {"done": True},
    ]  # fmt: skip


def test_a_later_call_continues_the_conversation(settings: Settings) -> None:
    """The choices offered in the first call can be picked from in the second."""
    say(settings, "menu")
    assert objects(say(settings, "2"))[0]["text"] == "re: /ask"


def test_without_a_name_every_call_is_a_new_conversation(settings: Settings) -> None:
    """Nobody stumbles into another one's menu."""
    say(settings, "menu", name=None)
    assert objects(say(settings, "2", name=None))[0]["text"] == "re: 2"


def test_one_name_on_two_channels_is_two_conversations(settings: Settings) -> None:
    """As with real channels."""
    say(settings, "menu")
    assert objects(say(settings, "2", channel=Channel.SMS))[0]["text"] == "re: 2"


def test_by_sms_the_menu_is_numbered_and_counted(settings: Settings) -> None:
    """What is shown is what a phone would show."""
    replies = objects(say(settings, "menu", channel=Channel.SMS))
    assert replies[1]["text"] == "Pilih:\n1 Lapor\n2 Tanya"
    assert replies[1]["segments"] == 1


def test_a_person_reads_plain_lines(settings: Settings) -> None:
    """Without --json there are texts and numbered buttons."""
    assert say(settings, "menu", as_json=False) == "Halo.\nPilih:\n  [1] Lapor\n  [2] Tanya\n"


def test_an_empty_line_is_a_message_too(settings: Settings) -> None:
    """A script's empty line is answered, or the lines would no longer match the answers."""
    assert objects(say(settings, "", "halo")).count({"done": True}) == 2
