"""The pages that count, in a real browser: no barrier, no foreign script, readable on a phone."""

from __future__ import annotations

import os
import random
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import uvicorn
from playwright.sync_api import Browser, Page

from hotline.settings import ROOT
from hotline.staff import Role
from hotline.tickets import Urgency
from store import db
from store.console_tables import ticket_regions, ticket_work
from store.crypto import Keyring
from store.register import import_file
from store.tables import tickets
from store.vault import Vault
from tests.browser.barriers import barriers
from tests.browser.conftest import PATIENCE
from tests.console.conftest import Office
from tests.fakes import Clock

PAGES = (
    "/figures", "/map", "/map?province=53&part=destination", "/network?period=all", "/exports",
    "/register", "/knowledge",
)  # fmt: skip
_SHOTS = os.environ.get("SUAR_TEST_SHOTS", "")  # noqa: TID251 - a folder to leave pictures in


def _fill(office: Office) -> None:
    """Open tickets from all over, with answers, recruiters and numbers."""
    chance = random.Random(53)
    homes = ["5371", "5302", "3578", "3212", "33", "1171", "6371", "9171", "5201"]
    for n in range(60):
        opened = office.clock() - chance.randrange(80) * 86_400
        one = office.report(
            address=f"+62811{n:06d}", urgency=chance.choice(list(Urgency)),
            region=chance.choice(homes[: 3 + n % 7]),
        )  # fmt: skip
        office.fact(one, "recruiter", chance.choice(["PT Pelita Rantau Berseri", "bu rina", "x y"]))
        office.fact(one, "story", f"dihubungi 0812345678{n % 7}{n % 3}")
        rows = [
            {"ticket_id": one.id, "part": "destination", "region": place}
            for place in (chance.choice(["MY", "SA", "TW"]), "5371")
        ]
        work = {"ticket_id": one.id, "first_answer_at": opened + chance.randrange(90_000)}
        with db.write(office.vault.engine) as connection:
            connection.execute(sa.insert(ticket_regions), rows)
            if n % 4:
                connection.execute(sa.insert(ticket_work), work)
            change = sa.update(tickets).where(tickets.c.id == one.id)
            connection.execute(change.values(opened_at=opened))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Office, str]]:
    """Serve a console with tickets and the invented register."""
    engine = db.connect(f"sqlite:///{tmp_path / 'suar.db'}")
    db.migrate(engine)
    clock = Clock()
    clock.advance(time.time() - clock())  # a browser drops cookies of another time
    office = Office(Vault(engine, Keyring.new()), clock, tmp_path)
    _fill(office)
    today = datetime.fromtimestamp(clock(), UTC)
    import_file(
        engine, ROOT / "knowledge" / "register_demo.csv", source="daftar uji",
        as_of=today.date(), demo=True, now=today,
    )  # fmt: skip
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(office.app, log_level="warning", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield office, f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(60)
    office.open.close()
    engine.dispose()


def _come_in(office: Office, browser: Browser, address: str, **more: object) -> Page:
    """Log in as somebody who may see all of these pages."""
    person = office.hire("ani", Role.DATA_OFFICER)
    page = browser.new_context(locale="id-ID", **more).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/login")
    office.clock.advance(30)  # the code before was used up by the log-in of the fixture
    for name, value in (("name", "ani"), ("password", "kuda hitam di bukit")):
        page.fill(f"[name={name}]", value)
    page.fill("[name=code]", person.code())
    page.click("button")
    page.wait_for_url("**/tickets")
    return page


def _shoot(page: Page, path: str, kind: str) -> None:
    if _SHOTS:
        name = path.strip("/").replace("?", "-").replace("&", "-")
        page.screenshot(path=f"{_SHOTS}/{name}-{kind}.png", full_page=True)


def test_no_page_that_counts_has_a_barrier(
    place: tuple[Office, str], browser: Browser, axe: str
) -> None:
    office, address = place
    page = _come_in(office, browser, address)
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
    found: dict[str, list[str]] = {}
    for path in PAGES:
        page.goto(address + path)
        found[path] = barriers(page, axe)
        _shoot(page, path, "wide")
    page.context.close()
    assert found == {path: [] for path in PAGES}
    assert broken == []


def test_no_page_that_counts_is_wider_than_a_phone(
    place: tuple[Office, str], browser: Browser
) -> None:
    office, address = place
    page = _come_in(office, browser, address, viewport={"width": 360, "height": 740})
    wide: dict[str, int] = {}
    for path in PAGES:
        page.goto(address + path)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            wide[path] = over
        _shoot(page, path, "phone")
    page.context.close()
    assert wide == {}
