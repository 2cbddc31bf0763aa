"""A try-out page with a working worker behind it, and browsers to visit it."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from channels.rasa import Answer, Question
from channels.try_page import add_try_page
from channels.turns import Desk
from channels.worker import Worker
from hotline.errors import NoAnswer
from hotline.messages import Choice, OutboxState, Reply
from hotline.settings import ROOT, Settings, load_settings
from store import db, outbox
from store.crypto import Keyring
from store.danger import load_guard
from store.tables import conversations, inbox
from store.texts import load_texts
from store.vault import Vault

ORIGIN = {"Sec-Fetch-Site": "same-origin"}
MENU = (
    Choice("Cek perusahaan", "/check_recruiter"),
    Choice("Lapor masalah", "/report_trafficking"),
)
SENT = "Majikan Siti di Johor menahan paspornya."


class Echo:
    """A bot that repeats what it was asked; "biaya" brings two messages, "rusak" none."""

    def __init__(self) -> None:
        """Remember what is asked."""
        self.asked: list[Question] = []

    def ask(self, question: Question) -> Answer:
        """Answer as the class says."""
        self.asked.append(question)
        if question.text == "rusak":
            raise NoAnswer("rusak")
        first = Reply(f"Anda menulis: {question.text}", MENU)
        more = (Reply("Lalu?", MENU[:1]),) if question.text == "biaya" else ()
        return Answer((first, *more), "id")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give the settings of an installation of its own."""
    return load_settings({"SUAR_HOME": str(tmp_path)})


@pytest.fixture
def vault(settings: Settings) -> Iterator[Vault]:
    """Give an empty database on disk with fresh keys."""
    engine = db.connect(settings.database_url)
    db.migrate(engine)
    yield Vault(engine, Keyring.new())
    engine.dispose()


@pytest.fixture
def bot() -> Echo:
    """Give the stand-in for Rasa."""
    return Echo()


@pytest.fixture
def working(vault: Vault, bot: Echo) -> Iterator[None]:
    """Let the real worker answer in the background."""
    guard = load_guard(ROOT / "data" / "danger")
    desk = Desk(
        vault=vault,
        bot=bot,
        guard=guard,
        texts=load_texts(),
        max_text=2000,
        burst_limit=20,
        lease=3600,  # no slow machine outlives it
    )
    stop = threading.Event()
    thread = threading.Thread(target=Worker(desk, slots=2, poll=0.02).run, args=(stop,))
    thread.start()
    yield
    stop.set()
    thread.join(120)
    assert not thread.is_alive()


class Clock:
    """A clock that goes on only when told to, so that a slow machine is no patient visitor."""

    now = 0.0

    def __call__(self) -> float:
        """Tell the seconds."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Give the clock by which visitors are slowed down."""
    return Clock()


@pytest.fixture
def visit(vault: Vault, settings: Settings, clock: Clock) -> Iterator[Callable[[], TestClient]]:
    """Give a function that opens one more browser."""
    app = FastAPI()
    add_try_page(app, vault, settings, clock)
    opened: list[TestClient] = []

    def browser() -> TestClient:
        opened.append(TestClient(app, headers=ORIGIN, follow_redirects=False))
        return opened[-1]

    yield browser
    for client in opened:
        client.close()


@pytest.fixture
def siti(visit: Callable[[], TestClient]) -> TestClient:
    """Open Siti's browser."""
    return visit()


def write(browser: TestClient, text: str, message_id: str = "pesan-0001") -> int:
    """Send one message and give the status."""
    return browser.post("/try/messages", json={"id": message_id, "text": text}).status_code


def look(browser: TestClient, after: int = 0) -> Any:
    """Look as the page does, again and again, until there is something new."""
    deadline = time.monotonic() + 120
    while True:
        answer = browser.get("/try/messages", params={"after": after, "wait": 10}).json()
        if answer["messages"] or time.monotonic() > deadline:
            return answer


def texts(browser: TestClient, after: int = 0) -> list[str]:
    """Fetch the texts that are new."""
    return [message["text"] for message in look(browser, after)["messages"]]


def stored(vault: Vault) -> list[str]:
    """Read the inbound texts of the whole installation."""
    with db.read(vault.engine) as connection:
        rows = connection.execute(sa.select(inbox.c.text_sealed).order_by(inbox.c.id)).scalars()
        return [vault.keyring.open(row, "inbox.text") for row in rows]


def say(vault: Vault, text: str, state: OutboxState) -> None:
    """Let a responder write to the only conversation there is."""
    with db.write(vault.engine) as connection:
        conversation = connection.execute(sa.select(conversations.c.id)).scalar_one()
        outbox.add(
            connection,
            vault.keyring,
            conversation,
            [Reply(text)],
            inbox_id=None,
            author="responder",
            now=time.time(),
            state=state,
        )
