"""A console in memory with people of several roles, and a browser's worth of HTTP for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pyotp
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from starlette.testclient import TestClient

import store.console_tables
import store.paper_tables
import store.victim_tables  # noqa: F401 - each adds its tables to those that are emptied
from console.app import build_app
from console.pages import Pages
from hotline.messages import Channel
from hotline.settings import load_settings
from hotline.staff import Level, Role, Scope
from hotline.tickets import Category, Urgency
from store import audit, db, overview, tickets
from store import staff as accounts
from store.console_tables import ticket_regions
from store.overview import Line
from store.vault import Vault
from tests.fakes import SITI, Clock, message, receive
from tests.store.conversations_of import conversation_of

PASSWORD = "kuda hitam di bukit"
# As slow as ours, half of these tests would be hashing; taking up an invitation is tried with ours.
HASH = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
PAGES = Pages()  # compiled once


@dataclass
class Person:
    """Somebody at the desk with a browser of their own."""

    login: str
    secret: str
    browser: TestClient
    clock: Clock
    codes: list[str] = field(default_factory=list)

    def code(self) -> str:
        """Give what the authenticator app shows now."""
        return pyotp.TOTP(self.secret).at(int(self.clock()))

    def log_in(self, password: str = PASSWORD, code: str | None = None) -> httpx2.Response:
        """Fill in the form."""
        form = {"name": self.login, "password": password, "code": code or self.code()}
        return self.browser.post("/login", data=form)

    def csrf(self) -> str:
        """Read the token out of a page, as a form holds it."""
        page = self.browser.get("/account").text
        return page.split('name="csrf" value="', 1)[1].split('"', 1)[0]

    def post(self, path: str, **form: object) -> httpx2.Response:
        """Send a form of one of our own pages."""
        return self.browser.post(path, data={"csrf": self.csrf(), **form})


@dataclass
class Report:
    """A ticket with its caller's conversation."""

    id: int
    code: str
    conversation: str
    message: int


class Office:
    """The console and everybody who works there."""

    def __init__(self, vault: Vault, clock: Clock, home: Path, **environment: str) -> None:
        self.vault, self.clock = vault, clock
        self.open = ExitStack()
        self.number = 0
        self.settings = settings = load_settings({"SUAR_HOME": str(home), **environment})
        self.app = build_app(vault, settings, now=clock, pages=PAGES)

    def browser(self) -> TestClient:
        """Open a browser nobody is logged in with."""
        client = TestClient(self.app, follow_redirects=False, base_url="http://127.0.0.1:8081")
        # Entered, it keeps one event loop; else it would start a thread for every request.
        return self.open.enter_context(client)

    def report(
        self,
        text: str = "paspor saya diambil",
        *,
        address: str = SITI,
        channel: Channel = Channel.WHATSAPP,
        transport: str = "twilio",
        urgency: Urgency = Urgency.HIGH,
        region: str = "",
        **more: object,
    ) -> Report:
        """Let a caller write, and a ticket be opened for it."""
        self.number += 1
        one = message(
            text, provider_id=f"r{self.number}", address=address, channel=channel,
            at=self.clock(), **more,
        )  # fmt: skip
        row = receive(self.vault, one, transport=transport)
        conversation = conversation_of(self.vault, row)
        with db.write(self.vault.engine) as connection:
            opened = tickets.open_or_raise(
                connection, self.vault.keyring, conversation=conversation,
                category=Category.REPORT, urgency=urgency, reasons=(), message_id=row,
                language="id", now=self.clock(),
            )  # fmt: skip
            if region:
                row_of = {"ticket_id": opened.id, "part": "origin", "region": region}
                connection.execute(sa.insert(ticket_regions), row_of)
        return Report(opened.id, opened.code, conversation, row)

    def fact(self, report: Report, field: str, value: str) -> None:
        """Let the caller tell something."""
        with db.write(self.vault.engine) as connection:
            tickets.add_fact(
                connection, self.vault.keyring, report.id, field, value, said_by="caller",
                message_id=report.message, now=self.clock(),
            )  # fmt: skip

    def lines(self, report: Report) -> list[Line]:
        """Read the conversation."""
        with db.read(self.vault.engine) as connection:
            return overview.lines(connection, self.vault.keyring, report.conversation)

    def sent(self, report: Report) -> list[str]:
        """Read what was written to the caller."""
        return [line.text for line in self.lines(report) if not line.inbound]

    def logged(self, action: str) -> int:
        """Count the lines of the audit log about an action."""
        with db.read(self.vault.engine) as connection:
            found = audit.newest(connection, limit=500)
        return sum(line["action"] == action for line in found)

    def hire(
        self, login: str, role: Role, *, region: str = "", unit: str = "", log_in: bool = True
    ) -> Person:
        """Make an account, take up its invitation and log in."""
        level = {0: Level.NATIONAL, 2: Level.PROVINCE, 4: Level.REGENCY}[len(region)]
        secret = pyotp.random_base32()
        with db.write(self.vault.engine) as connection:
            token = accounts.invite(
                connection,
                login=login,
                name=login.title(),
                role=role,
                scope=Scope(level, region),
                unit=unit,
                now=self.clock(),
            )
            _, codes = accounts.take_up(
                connection,
                self.vault.keyring,
                token,
                password_hash=HASH,
                totp_secret=secret,
                now=self.clock(),
            )
        person = Person(login, secret, self.browser(), self.clock, codes)
        if log_in:
            assert person.log_in().status_code == 303
        return person

    def invite_again(self, person: Person) -> None:
        """Give somebody a new link and let them take it up, as after a reopened account."""
        with db.write(self.vault.engine) as connection:
            token = accounts.invite(
                connection, login=person.login, name="", role=Role.RESPONDER, scope=Scope(),
                unit="", now=self.clock(),
            )  # fmt: skip
            _, person.codes = accounts.take_up(
                connection, self.vault.keyring, token, password_hash=HASH,
                totp_secret=person.secret, now=self.clock(),
            )  # fmt: skip


@pytest.fixture
def office(vault: Vault, clock: Clock, tmp_path: Path) -> Iterator[Office]:
    """Give an empty console."""
    made = Office(vault, clock, tmp_path)
    with made.open:
        yield made
