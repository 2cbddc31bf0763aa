"""A real browser, a real server and the real worker; only Rasa is a stand-in."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from channels.gateway import build_app
from channels.rasa import Answer, Question
from channels.turns import Desk
from channels.worker import Worker
from hotline.messages import Choice, Reply
from hotline.settings import ROOT, load_settings
from store import db
from store.crypto import Keyring
from store.danger import load_guard
from store.texts import load_texts
from store.vault import Vault
from tests.nobody import nobody_at

# A machine that does other things too is slow, not wrong; a wait ends as soon as it may.
PATIENCE = 120_000  # milliseconds
expect.set_options(timeout=PATIENCE)
_PLACES = (
    os.environ.get("SUAR_TEST_CHROMIUM", ""),  # noqa: TID251
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
)
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MENU = (
    Choice("Cek perusahaan", "/check_recruiter"),
    Choice("Cek tawaran kerja", "/check_offer"),
    Choice("Lapor masalah", "/report_trafficking"),
)


def _do_without(what: str) -> NoReturn:
    # Where nothing may be skipped, a program that is not there is a failure.
    strict = os.environ.get("SUAR_TEST_STRICT")  # noqa: TID251
    (pytest.fail if strict else pytest.skip)(what)


@dataclass
class SlowBot:
    """A bot that repeats what it was asked, when it is let."""

    may_answer: threading.Event = field(default_factory=threading.Event)
    asked: list[Question] = field(default_factory=list)

    def ask(self, question: Question) -> Answer:
        """Wait for leave, then answer with the menu."""
        self.asked.append(question)
        self.may_answer.wait(600)
        return Answer((Reply(f"Anda menulis: {question.text}", MENU),), "id")


@dataclass
class Site:
    """A running try-out page and the bot behind it."""

    vault: Vault
    bot: SlowBot
    home: Path
    address: str = ""
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None
    _away: ExitStack = field(default_factory=ExitStack)

    def start(self, port: int = 0) -> None:
        """Serve on a free port, or again on the one of before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._away.close()
        listener.bind(("127.0.0.1", port))
        self.address = f"http://127.0.0.1:{listener.getsockname()[1]}/try"
        settings = load_settings({"SUAR_HOME": str(self.home)})
        config = uvicorn.Config(
            build_app(self.vault, settings), log_level="critical", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        self._thread = threading.Thread(target=server.run, args=([listener],))
        self._thread.start()
        self._server = server
        while not server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        """End the server, as a power cut would."""
        assert self._server
        assert self._thread
        self._server.should_exit = True
        self._thread.join(60)
        self._away.enter_context(nobody_at(self.port))  # nobody else may take its place

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.split(":")[2].split("/")[0])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Serve the page with an empty database, with the worker beside it."""
    engine = db.connect(f"sqlite:///{tmp_path / 'suar.db'}")
    db.migrate(engine)
    vault, bot = Vault(engine, Keyring.new()), SlowBot()
    bot.may_answer.set()
    guard = load_guard(ROOT / "data" / "danger")
    desk = Desk(
        vault=vault,
        bot=bot,
        guard=guard,
        texts=load_texts(),
        max_text=2000,
        burst_limit=20,
        lease=600,  # no answer may be begun anew because the browser is slow
    )
    stop = threading.Event()
    worker = threading.Thread(target=Worker(desk, slots=2, poll=0.02).run, args=(stop,))
    worker.start()
    running = Site(vault, bot, tmp_path)
    running.start()
    yield running
    bot.may_answer.set()
    running.stop()
    running._away.close()
    stop.set()
    worker.join(60)
    engine.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the Chromium that SUAR_TEST_CHROMIUM names, or Debian's."""
    program = next((place for place in _PLACES if place and Path(place).is_file()), None)
    if program is None:
        _do_without("no Chromium: install Debian's chromium or set SUAR_TEST_CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=_ARGUMENTS, timeout=PATIENCE
        )
        yield chromium
        chromium.close()


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    """Open the page on a small phone; any error in its script fails the test."""
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale="id-ID")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(site.address)
    yield page
    context.close()
    assert broken == []


@pytest.fixture(scope="session")
def axe() -> str:
    """Read the accessibility checker, which `npm install` puts beside the code."""
    beside = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    file = Path(os.environ.get("SUAR_TEST_AXE") or beside)  # noqa: TID251
    if not file.is_file():
        _do_without("no axe-core: run npm install or set SUAR_TEST_AXE to axe.min.js")
    return file.read_text(encoding="utf-8")
