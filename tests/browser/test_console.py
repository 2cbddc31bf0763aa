"""The console in a real browser: from the invitation to the answer, with keys, on a phone."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyotp
import pytest
import sqlalchemy as sa
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from console.app import build_app
from hotline.settings import load_settings
from hotline.staff import Level, Role, Scope
from hotline.tickets import Category, Urgency
from store import db, overview, tickets
from store import staff as accounts
from store.console_tables import ticket_regions
from store.crypto import Keyring
from store.vault import Vault
from tests.browser.barriers import barriers
from tests.browser.conftest import PATIENCE
from tests.fakes import message, receive
from tests.store.conversations_of import conversation_of

PASSWORD = "kuda hitam di bukit"
KUPANG = "5371"


@dataclass
class Console:
    """A running console and the callers who write to it."""

    vault: Vault
    address: str
    browser: Browser
    number: int = 0
    broken: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def invite(self, login: str, role: Role = Role.RESPONDER, region: str = "") -> str:
        level = {0: Level.NATIONAL, 2: Level.PROVINCE, 4: Level.REGENCY}[len(region)]
        with db.write(self.vault.engine) as connection:
            token = accounts.invite(
                connection, login=login, name=login.title(), role=role,
                scope=Scope(level, region), unit="sapa-129", now=time.time(),
            )  # fmt: skip
        return f"{self.address}/invitation/{token}"

    def open(self, width: int = 1280, height: int = 900, **more: str) -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="id-ID", **more  # type: ignore[arg-type]
        )  # fmt: skip
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.on(
            "console",
            lambda told: self.broken.append(told.text) if "Content Security" in told.text else None,
        )
        return page

    def come_in(self, page: Page, link: str, login: str) -> None:
        """Take up an invitation and log in, as somebody new does."""
        page.goto(link)
        secret = page.locator("fieldset code").inner_text()
        totp = pyotp.TOTP(secret)
        page.fill("[name=password]", PASSWORD)
        page.fill("[name=again]", PASSWORD)
        page.fill("[name=code]", totp.now())
        page.click("button")
        expect(page.locator(".codes li")).to_have_count(8)
        page.click("text=Masuk")
        page.fill("[name=name]", login)
        page.fill("[name=password]", PASSWORD)
        page.fill("[name=code]", totp.now())
        page.click("button")
        expect(page.locator("h1")).to_have_text("Tiket")

    def write(
        self, text: str, *, address: str = "+60123000001", urgency: Urgency = Urgency.HIGH,
        region: str = "", ticket: bool = True,
    ) -> tuple[str, str]:  # fmt: skip
        """Let a caller write; returns the ticket's code and the conversation."""
        self.number += 1
        row = receive(
            self.vault,
            message(text, provider_id=f"b{self.number}", address=address, at=time.time()),
        )
        conversation = conversation_of(self.vault, row)
        if not ticket:
            return "", conversation
        with db.write(self.vault.engine) as connection:
            made = tickets.open_or_raise(
                connection, self.vault.keyring, conversation=conversation,
                category=Category.REPORT, urgency=urgency, reasons=("locked_in",), message_id=row,
                language="id", now=time.time(),
            )  # fmt: skip
            for name, value in (("story", text), ("contact_rule", "no_police")):
                tickets.add_fact(
                    connection, self.vault.keyring, made.id, name, value, said_by="caller",
                    message_id=row, now=time.time(),
                )  # fmt: skip
            if region:
                connection.execute(
                    sa.insert(ticket_regions),
                    {"ticket_id": made.id, "part": "origin", "region": region},
                )
        return made.code, conversation

    def got(self, conversation: str) -> list[str]:
        """Read what the caller was written."""
        with db.read(self.vault.engine) as connection:
            lines = overview.lines(connection, self.vault.keyring, conversation)
        return [line.text for line in lines if not line.inbound]


@pytest.fixture
def console(tmp_path: Path, browser: Browser) -> Iterator[Console]:
    """Serve a console with an empty database; any fault of its scripts fails the test."""
    engine = db.connect(f"sqlite:///{tmp_path / 'suar.db'}")
    db.migrate(engine)
    vault = Vault(engine, Keyring.new())
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    app = build_app(vault, load_settings({"SUAR_HOME": str(tmp_path)}))
    app.state.live.seconds = 0.2
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    running = Console(vault, address, browser)
    yield running
    for context in running.contexts:
        context.close()
    server.should_exit = True
    thread.join(60)
    engine.dispose()
    assert running.broken == []


def test_from_the_invitation_to_the_answer(console: Console) -> None:
    """A new responder logs in, hears of a ticket, claims, answers, notes, closes; no reload."""
    page = console.open()
    console.come_in(page, console.invite("ani", Role.SUPERVISOR), "ani")
    expect(page.locator(".empty")).to_be_visible()
    page.evaluate("window.samePage = true")
    code, conversation = console.write("saya dikunci", urgency=Urgency.CRITICAL)
    link = page.locator(f"#row-{code} a")
    expect(link).to_be_visible()
    expect(page.locator("#news")).to_contain_text(code)
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    assert page.evaluate("window.samePage")
    expect(page.locator("#alarm")).to_have_attribute("data-played", "1")
    link.click()
    expect(page.locator("#wishes")).to_contain_text("JANGAN melapor ke polisi")
    page.click("text=Ambil dari bot")
    expect(page.locator("#ways")).to_contain_text("Anda yang menjawab")
    page.fill("#reply-text", "Saya Ani. Apakah aman")
    expect(page.locator("#measure")).to_contain_text("konsep tersimpan")
    page.evaluate("window.samePage = true")
    console.write("tolong cepat", ticket=False)
    expect(page.locator("#talk")).to_contain_text("tolong cepat")
    assert page.input_value("#reply-text") == "Saya Ani. Apakah aman", "what is typed stays"
    assert page.evaluate("window.samePage")
    page.locator("#reply-text").press_sequentially(" membalas?")
    page.click("text=Kirim kepada pelapor")
    expect(page.locator("#talk li").last).to_contain_text("Saya Ani. Apakah aman membalas?")
    assert console.got(conversation)[-1] == "Saya Ani. Apakah aman membalas?"
    # The answer may stand on the old page before the new one is there.
    expect(page.locator("#reply-text")).to_have_value("")
    page.fill("#note-text", "KBRI sudah tahu")
    page.click("text=Simpan catatan dalam")
    expect(page.locator("#notes")).to_contain_text("KBRI sudah tahu")
    assert "KBRI sudah tahu" not in console.got(conversation)
    page.click("#take")
    for state in ("in_progress", "resolved"):
        page.select_option("form[action$='/state'] select", state)
        page.click("form[action$='/state'] button")
    page.select_option("form[action$='/close'] select", "safe_home")
    page.fill("form[action$='/close'] [name=next_owner]", "UPTD PPA")
    page.click("form[action$='/close'] button")
    expect(page.locator("#work")).to_contain_text("Sudah aman di rumah")
    expect(page.locator(".badge.state")).to_have_text("Ditutup")


def test_a_ticket_opened_while_the_page_loads_rings_too(console: Console) -> None:
    """Between the page and its stream nobody listens; a critical ticket must not slip through."""
    page = console.open()
    console.come_in(page, console.invite("ani", Role.SUPERVISOR), "ani")
    made: list[str] = []

    def late(route: Route) -> None:
        if not made:
            made.append(console.write("saya dikunci", urgency=Urgency.CRITICAL)[0])
            time.sleep(2.5)  # longer than the console takes between two looks
        route.continue_()

    page.route("**/events?*", late)
    page.reload()
    expect(page.locator("#news")).to_contain_text(re.compile("SR-"))
    expect(page.locator("#news")).to_contain_text(made[0])


@pytest.mark.parametrize("how", ["dead line", "refused"])
def test_a_stream_that_never_opened_is_opened_again(console: Console, how: str) -> None:
    """Nobody may sit before a page that cannot ring and looks as if it could."""
    page = console.open()
    console.come_in(page, console.invite("ani", Role.SUPERVISOR), "ani")
    down = [True]

    def broken(route: Route) -> None:
        if not down[0]:
            route.continue_()
        elif how == "refused":
            route.fulfill(status=503, body="")
        else:
            route.abort()

    page.route("**/events?*", broken)
    page.reload()
    expect(page.locator("#cut")).to_be_visible()
    code, _ = console.write("saya dikunci", urgency=Urgency.CRITICAL)
    down[0] = False
    expect(page.locator("#news")).to_contain_text(code)
    expect(page.locator("#cut")).to_be_hidden()
    expect(page.locator(f"#row-{code}")).to_be_visible()


def test_two_at_one_ticket_see_each_other_and_lose_nothing(console: Console) -> None:
    """The second sees the first's claim without reload, and cannot talk over them."""
    ani, budi = console.open(), console.open()
    console.come_in(ani, console.invite("ani"), "ani")
    console.come_in(budi, console.invite("budi"), "budi")
    code, conversation = console.write("saya dikunci")
    for page in (ani, budi):
        page.goto(f"{console.address}/tickets/{code}")
    expect(budi.locator("#here")).to_contain_text("Ani")
    ani.click("text=Ambil dari bot")
    expect(budi.locator("#ways")).to_contain_text("Ani yang menjawab")
    expect(budi.locator("#reply-text")).to_be_disabled()
    ani.fill("#reply-text", "Saya di sini.")
    ani.click("text=Kirim kepada pelapor")
    expect(budi.locator("#talk")).to_contain_text("Saya di sini.")
    ani.click("text=Kembalikan ke bot")
    expect(budi.locator("#reply-text")).to_be_enabled()
    assert console.got(conversation).count("Saya di sini.") == 1


def test_another_region_and_the_conflicted_one_see_nothing(console: Console) -> None:
    """Neither in the list, nor by address, nor over the stream."""
    from store.ticket_changes import flag_conflict

    pages = {}
    for login, region in (("jauh", "35"), ("dekat", KUPANG), ("provinsi", "53")):
        pages[login] = console.open()
        console.come_in(pages[login], console.invite(login, region=region), login)
    code, conversation = console.write("kepala desa terlibat")
    with db.write(console.vault.engine) as connection:
        id_ = connection.execute(sa.text("select id from tickets")).scalar_one()
        flag_conflict(connection, id_, message_id=None, now=time.time())
        connection.execute(
            sa.insert(ticket_regions), {"ticket_id": id_, "part": "origin", "region": KUPANG}
        )
    console.write("tambah cerita", ticket=False)
    expect(pages["provinsi"].locator(f"#row-{code}")).to_be_visible()
    for login in ("jauh", "dekat"):
        page = pages[login]
        assert code not in page.content()
        page.goto(f"{console.address}/tickets?view=all")
        assert code not in page.content()
        page.goto(f"{console.address}/tickets/{code}")
        expect(page.locator("h1")).to_have_text("Tidak ditemukan")
    assert console.got(conversation) == []


def test_everything_is_done_with_keys_alone(console: Console) -> None:
    """j, o, r, a canned answer by /, n, ?; and they can be switched off."""
    page = console.open()
    console.come_in(page, console.invite("ani"), "ani")
    first, conversation = console.write("satu", urgency=Urgency.CRITICAL)
    second, _ = console.write("dua", address="+60123000002")
    expect(page.locator(f"#row-{second}")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(f"#row-{first} a")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(f"#row-{second} a")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator(f"#row-{first} input")).to_be_checked()
    with page.expect_navigation():  # and the script is there: else a key does nothing
        page.keyboard.press("o")
    expect(page.locator("#ticket")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator("#reply-text")).to_be_focused()
    page.keyboard.type("/wak")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#reply-text")).to_be_focused()
    assert page.input_value("#reply-text").startswith("Jam berapa aman")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#talk li").last).to_contain_text("Jam berapa aman")
    assert console.got(conversation)[-1].startswith("Jam berapa aman")
    page.keyboard.press("n")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.type("j ? n")
    assert page.input_value("#note-text") == "j ? n", "keys are letters where one writes"
    page.locator("#back").focus()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.locator("#keys-on").press("Space")
    page.keyboard.press("Escape")
    page.locator("#back").focus()
    page.keyboard.press("r")
    expect(page.locator("#reply-text")).not_to_be_focused()


def test_ticked_tickets_stay_ticked_while_the_list_changes(console: Console) -> None:
    """Who is choosing is not disturbed by news."""
    page = console.open()
    console.come_in(page, console.invite("ani"), "ani")
    first, _ = console.write("satu")
    expect(page.locator(f"#row-{first}")).to_be_visible()
    page.check(f"#row-{first} input")
    second, _ = console.write("dua", address="+60123000002", urgency=Urgency.CRITICAL)
    expect(page.locator(f"#row-{second}")).to_be_visible()
    expect(page.locator(f"#row-{first} input")).to_be_checked()
    expect(page.locator(f"#row-{second} input")).not_to_be_checked()
    page.click("#many summary")
    page.select_option("[name=work]", "label")
    page.fill("#many [name=label]", "malam")
    page.click("#many button")
    expect(page.locator("main")).to_contain_text("berhasil")


def test_a_slash_typed_before_the_script_has_come_opens_the_list(console: Console) -> None:
    """On a slow line the box is there first, and whoever works at night types at once."""
    page = console.open()
    console.come_in(page, console.invite("ani"), "ani")
    code, _ = console.write("saya dikunci")
    page.goto(f"{console.address}/tickets/{code}")
    page.click("text=Ambil dari bot")
    expect(page.locator("#ways")).to_contain_text("Kembalikan ke bot")
    held: list[Route] = []
    page.route("**/static/console.js", lambda route: held.append(route))
    page.goto(f"{console.address}/tickets/{code}", wait_until="commit")
    page.fill("#reply-text", "/aman")
    expect(page.locator("#canned")).to_be_hidden()
    held[0].continue_()
    expect(page.locator("#canned")).to_be_visible()


def test_it_fits_a_phone(console: Console) -> None:
    """320 points wide: nothing to push sideways, on any page."""
    page = console.open(320, 640)
    console.come_in(page, console.invite("ani", Role.SUPERVISOR), "ani")
    code, _ = console.write("saya dikunci di kamar majikan, paspor diambil " + "x" * 80)
    for path in ("/tickets", f"/tickets/{code}", "/search", "/account"):
        page.goto(f"{console.address}{path}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, (path, wide)


def test_no_page_has_a_barrier(console: Console, axe: str) -> None:
    """axe finds nothing, in light and dark, on every page."""
    page = console.open()
    link = console.invite("ani", Role.SUPERVISOR)
    found: dict[str, list[str]] = {}

    def check(name: str) -> None:
        found[name] = barriers(page, axe)

    page.goto(f"{console.address}/login")
    check("login")
    page.goto(link)
    check("invitation")
    console.come_in(page, link, "ani")
    check("empty list")
    code, conversation = console.write("saya dikunci", urgency=Urgency.CRITICAL)
    expect(page.locator(f"#row-{code}")).to_be_visible()
    page.click("#many summary")
    check("list")
    page.goto(f"{console.address}/tickets/{code}")
    # Each form leads to a new page: what is typed into the old one would be lost.
    page.click("text=Ambil dari bot")
    expect(page.locator("#ways")).to_contain_text("Kembalikan ke bot")
    page.fill("#reply-text", "Halo")
    page.click("text=Kirim kepada pelapor")
    expect(page.locator("#talk")).to_contain_text("Halo")
    page.fill("#note-text", "catatan")
    page.click("text=Simpan catatan dalam")
    expect(page.locator("#notes article")).to_contain_text("catatan")
    for summary in page.locator("main summary").all():
        summary.click()
    page.click("#canned-open")
    check("ticket")
    page.keyboard.press("Escape")
    page.click("#keys-open")
    check("keys")
    page.goto(f"{console.address}/search")
    page.fill("[name=q]", code)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("1 tiket")
    check("search")
    page.goto(f"{console.address}/account")
    check("account")
    page.goto(f"{console.address}/nowhere")
    check("error")
    assert {name: bad for name, bad in found.items() if bad} == {}
    assert conversation


def test_a_page_weighs_little(console: Console) -> None:
    """First load with all its files, over the wire; nothing from elsewhere."""
    page = console.open()
    console.come_in(page, console.invite("ani"), "ani")
    for n in range(50):
        console.write("saya dikunci", address=f"+6012300{n:04d}")
    fresh = console.browser.new_context()
    fresh.set_default_timeout(PATIENCE)
    console.contexts.append(fresh)
    fresh.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    other = fresh.new_page()
    seen: dict[str, int] = {}
    other.on(
        "requestfinished",
        lambda request: seen.__setitem__(request.url, request.sizes()["responseBodySize"]),
    )
    other.goto(f"{console.address}/tickets", wait_until="load")
    other.wait_for_timeout(500)
    assert all(url.startswith((console.address, "data:")) for url in seen)
    total = sum(seen.values())
    print(f"page weight: {total} bytes", seen)
    assert total < 150_000
