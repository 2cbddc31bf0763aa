"""Somebody logged in at the console, and the requests that its benchmark times."""

from __future__ import annotations

import gzip
import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from starlette.testclient import TestClient

from benchmarks.tools import console_data
from console import passwords
from console.app import build_app
from hotline.figures import Period
from hotline.settings import load_settings
from hotline.staff import Level, Role, Scope, Staff
from store import db, figures_sheet, news
from store import staff as accounts
from store.vault import Vault

PASSWORD = "kuda hitam di bukit"  # noqa: S105 - of an account that lives as long as the benchmark
_ASSET = re.compile(r'(?:src|href)="(/static/[^"]+)"')


class Browser:
    """Somebody logged in."""

    def __init__(
        self, vault: Vault, home: Path, name: str, region: str = "", unit: str = ""
    ) -> None:
        """Make an account with a scope and log in."""
        login = f"{name}-{uuid4().hex[:6]}"
        settings = load_settings({"SUAR_HOME": str(home), "SUAR_CONSOLE_TOTP": "optional"})
        level = {0: Level.NATIONAL, 2: Level.PROVINCE, 4: Level.REGENCY}[len(region)]
        now = time.time()
        with db.write(vault.engine) as connection:
            token = accounts.invite(
                connection, login=login, name=login, role=Role.SUPERVISOR,
                scope=Scope(level, region), unit=unit, now=now,
            )  # fmt: skip
            accounts.take_up(
                connection, vault.keyring, token, password_hash=passwords.make_hash(PASSWORD),
                totp_secret=None, now=now,
            )  # fmt: skip
        self.client = TestClient(
            build_app(vault, settings), base_url="http://127.0.0.1:8081", follow_redirects=False
        )
        form = {"name": login, "password": PASSWORD}
        assert self.client.post("/login", data=form).status_code == 303
        page = self.client.get("/account").text
        self.csrf = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]

    def get(self, path: str) -> None:
        """Ask for a page."""
        assert self.client.get(path).status_code == 200, path

    def search(self, words: str) -> None:
        """Send the search form."""
        answer = self.client.post("/search", data={"csrf": self.csrf, "q": words})
        assert answer.status_code == 200

    def weigh(self, path: str) -> tuple[int, int]:
        """Give the bytes of a page, and those with every file it loads, as they are sent."""
        answer = self.client.get(path)
        assert answer.status_code in {200, 303}, path
        page, files = len(answer.content), 0
        for file in set(_ASSET.findall(answer.text)):
            got = self.client.get(file)
            packed = got.headers.get("content-encoding") == "gzip"
            # The client unpacks what it got; the header says how much was sent.
            sent = int(got.headers.get("content-length", 0)) if not packed else 0
            files += sent or len(gzip.compress(got.content))
        return page, page + files


def kinds_of(
    vault: Vault, home: Path, count: int, chance: random.Random
) -> dict[str, Callable[[], object]]:
    """Name what is timed."""
    nation, town = Browser(vault, home, "nation"), Browser(vault, home, "town", "3578", "unit-7")
    province = Browser(vault, home, "province", "35")

    def counted(period: Period) -> Callable[[], object]:
        reader = Staff(id=0, login="", name="", role=Role.SUPERVISOR, scope=Scope(), unit="")
        asked = figures_sheet.asked_at(reader, period, time.time())

        def count() -> None:
            with db.read(vault.engine) as connection:
                figures_sheet.count(connection, vault.keyring, asked)

        return count

    def any_code() -> str:
        return console_data.code(chance.randint(1, count))

    def any_number() -> str:
        return f"+62812{chance.randint(1, count):08d}"

    return {
        "inbox, the nation, open": lambda: nation.get("/tickets"),
        "inbox, the nation, late": lambda: nation.get("/tickets?view=escalated"),
        "inbox, the nation, all": lambda: nation.get("/tickets?view=all"),
        "inbox, the nation, unassigned": lambda: nation.get("/tickets?view=unassigned"),
        "inbox, the nation, waiting": lambda: nation.get("/tickets?view=waiting"),
        "inbox, the nation, mine": lambda: nation.get("/tickets?view=mine"),
        "inbox, the nation, normal ones": lambda: nation.get("/tickets?urgency=normal"),
        "inbox, one province, open": lambda: province.get("/tickets"),
        "inbox, one province, all": lambda: province.get("/tickets?view=all"),
        "inbox, one regency, open": lambda: town.get("/tickets"),
        "inbox, one regency, all": lambda: town.get("/tickets?view=all"),
        "search by code": lambda: nation.search(any_code()),
        "search by telephone number": lambda: nation.search(any_number()),
        "search by words, many fit": lambda: nation.search("paspor"),
        "search by words, one fits": lambda: nation.search(f"nomor {chance.randint(1, count)}"),
        "one ticket": lambda: nation.get(f"/tickets/{any_code()}"),
        "reminders": lambda: nation.get("/reminders"),
        "data check, queue": lambda: nation.get("/verification"),
        "figures, the nation, 13 weeks": lambda: nation.get("/figures"),
        "figures, the nation, everything": lambda: nation.get("/figures?period=all"),
        "figures, one province, 13 weeks": lambda: province.get("/figures"),
        "figures, one province, everything": lambda: province.get("/figures?period=all"),
        "counting the nation's 13 weeks": counted(Period.QUARTER),
        "counting the nation's everything": counted(Period.ALL),
        "look for changes": lambda: _look(vault),
    }


def _look(vault: Vault) -> None:
    with db.read(vault.engine) as connection:
        news.fingerprint(connection)
