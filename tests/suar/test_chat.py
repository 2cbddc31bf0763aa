"""`suar chat`: a line in, the rendered replies out, over the same road as every channel."""

import io
import json
import os
import socket
import subprocess
import sys
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
from store.heartbeats import alive, beat, beats, is_here
from store.vault import Vault, open_vault
from suar.chat import _send, _somebody_lives, _wait, chat
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
    deadline = time.monotonic() + 60
    while not lives(vault):
        assert time.monotonic() < deadline, "the worker does not start"
        time.sleep(0.02)
    yield settings
    stop.set()
    thread.join()
    vault.engine.dispose()


def lives(vault: Vault) -> bool:
    with db.read(vault.engine) as connection:
        return alive(connection, "worker", time.time())


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


def dead_worker(vault: Vault, host: str) -> None:
    """Leave the traces of a worker that was killed a moment ago."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with db.write(vault.engine) as connection:
        beat(connection, f"{host}-{ended.pid}-{'0' * 8}", "worker", time.time())


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[Vault]:
    """Give a database on which nobody works any more."""
    vault = open_vault(load_settings({"SUAR_HOME": str(tmp_path / "suar")}))
    yield vault
    vault.engine.dispose()


def test_a_killed_worker_of_this_machine_is_not_waited_for(killed: Vault) -> None:
    """Its last sign of life is seconds old, but the process is not there."""
    dead_worker(killed, socket.gethostname()[:20])
    assert not lives(killed)
    assert not _somebody_lives(killed)


def test_a_killed_worker_of_another_machine_is_not_waited_for(killed: Vault) -> None:
    """Nobody can look for it there, so a new sign of life is asked for."""
    dead_worker(killed, "elsewhere")
    began = time.monotonic()
    assert not _somebody_lives(killed)
    assert time.monotonic() - began < 60


def test_a_worker_of_another_machine_that_lives_is_used(killed: Vault) -> None:
    """Its next sign of life is enough."""
    seen = threading.Event()

    def live() -> None:
        # Again and again: on a slow machine the first look may come after the second sign.
        while not seen.wait(0.3):
            with db.write(killed.engine) as connection:
                beat(connection, f"elsewhere-1-{'0' * 8}", "worker", time.time())

    dead_worker(killed, "elsewhere")
    thread = threading.Thread(target=live)
    thread.start()
    found = _somebody_lives(killed)
    seen.set()
    thread.join()
    assert found


def test_the_worker_names_itself_so_that_its_end_is_seen(settings: Settings) -> None:
    """Else a killed one would be trusted for ten seconds."""
    vault = open_vault(settings)
    with db.read(vault.engine) as connection:
        [name] = beats(connection, "worker", time.time())
    vault.engine.dispose()
    assert is_here(name)
    assert f"-{os.getpid()}-" in name


def test_a_worker_that_ends_in_the_middle_is_noticed(
    killed: Vault,
) -> None:
    """After the time a restart may take, the one who waits is told that her words are kept."""
    began = time.monotonic()
    message_id = _send(killed, Channel.LOCAL, "siti", "halo")
    assert not _wait(killed, message_id)
    assert time.monotonic() - began < 60, "far less than the patience for an answer"
