"""Desk work in a browser: calls, conflicts, the small menu, other roles, notices, a provider."""

# ruff: noqa: F811 - fixtures are named as what they give

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyotp
import pytest
import sqlalchemy as sa
import uvicorn
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Page, expect

from console.app import build_app
from hotline.messages import OutboxState
from hotline.notices import Way
from hotline.settings import load_settings
from hotline.staff import Role
from store import db, notice_ways, notices, staff_identities
from store.tables import outbox
from tests.browser.barriers import barriers
from tests.browser.test_console import PASSWORD, Console, console  # noqa: F401 - fixtures
from tests.console.provider import CLIENT, SECRET

EMAIL = "ani@example.go.id"
_SHOTS = os.environ.get("SUAR_TEST_SHOTS", "")  # noqa: TID251 - a folder to leave pictures in
# What every role that reads tickets has; a page its role may not see is not in its menu.
PAGES = (
    "/tickets", "/tickets?view=all", "/search", "/referrals", "/follow-ups", "/roster", "/handover",
    "/reminders", "/account", "/account/secrets", "/account/notices", "/filters",
)  # fmt: skip
OF_TICKET = ("", "/referrals", "/links", "/follow-ups")


def shot(page: Page, name: str) -> None:
    if _SHOTS:
        page.screenshot(path=f"{_SHOTS}/{name}.png", full_page=True)


def fill_in(page: Page) -> None:
    """Write down a call."""
    page.select_option("[name=how]", "phone")
    page.fill("[name=name]", "Siti Aminah")
    page.fill("[name=phone]", "0812 3456 7890")
    page.fill("[name=story]", "Paspor dipegang majikan, lima bulan tidak digaji.")
    page.select_option("[name=category]", "report")
    page.select_option("[name=urgency]", "high")
    page.check("[name=sign][value=phone_taken]")
    page.fill("[name=origin]", "Kota Kupang")
    page.fill("[name=destination]", "Malaysia")
    page.check("[name=rule][value=never_call]")


def test_a_call_is_written_down_and_kept(
    console: Console,
    axe: str,
) -> None:
    """From the menu to the key; the ticket says that nobody can be written to."""
    page = console.open()
    console.come_in(page, console.invite("eka", Role.SUPERVISOR), "eka")
    found: dict[str, list[str]] = {}
    page.click("nav >> text=Buka tiket baru")
    fill_in(page)
    page.fill("[name=origin]", "Atlantis")
    page.click("#intake button")
    expect(page.locator("#wrong-origin")).to_contain_text("Atlantis")
    assert page.input_value("[name=story]").startswith("Paspor dipegang")
    assert page.is_checked("[name=sign][value=phone_taken]")
    found["form"] = barriers(page, axe)
    shot(page, "intake")
    page.fill("[name=origin]", "Kota Kupang")
    page.click("#intake button")
    expect(page.locator("h1")).to_have_text("Tiket dibuka")
    code, key = page.locator("#told dd").all_inner_texts()
    found["done"] = barriers(page, axe)
    page.click("text=Ke tiket")
    expect(page.locator("h1")).to_contain_text(code)
    expect(page.locator("#no-way")).to_contain_text("tidak ada yang dapat ditulisi")
    expect(page.locator("#reply-form")).to_have_count(0)
    expect(page.locator("#wishes")).to_contain_text("JANGAN menelepon")
    expect(page.locator("main")).not_to_contain_text("Aminah")
    for summary in page.locator("main summary").all():
        summary.click()
    found["ticket"] = barriers(page, axe)
    shot(page, "ticket-without-channel")
    page.fill("#unmask [name=reason]", "menelepon kembali")
    page.click("#unmask button")
    expect(page.locator("main")).to_contain_text("Siti Aminah")
    expect(page.locator("main")).to_contain_text(key)
    assert {name: bad for name, bad in found.items() if bad} == {}


def test_a_ticket_is_hidden_from_who_is_involved_and_shown_again(
    console: Console, axe: str
) -> None:
    """Told before it happens; the reason stays with those above, also afterwards."""
    page, dekat = console.open(), console.open()
    console.come_in(page, console.invite("eka", Role.SUPERVISOR), "eka")
    console.come_in(dekat, console.invite("dekat", Role.RESPONDER, "5371"), "dekat")
    code, _ = console.write("saya dikunci", region="5371")
    found: dict[str, list[str]] = {}
    dekat.goto(f"{console.address}/tickets/{code}")
    expect(dekat.locator("h1")).to_contain_text(code)
    page.goto(f"{console.address}/tickets/{code}")
    page.click("#conflict-set summary")
    page.select_option("#conflict-set [name=of]", "level:5371")
    page.fill("#conflict-set [name=reason]", "Kepala kantor ipar perekrut")
    page.click("#conflict-set button")
    expect(page.locator("#losing")).to_contain_text("Dekat")
    found["ask"] = barriers(page, axe)
    shot(page, "conflict-ask")
    page.click("#hide")
    expect(page.locator("#conflict")).to_contain_text("Disembunyikan dari:")
    found["hidden"] = barriers(page, axe)
    # The open page leaves by itself, without waiting for a click.
    expect(dekat.locator("h1")).to_have_text("Tiket")
    dekat.goto(f"{console.address}/tickets/{code}")
    expect(dekat.locator("h1")).to_have_text("Tidak ditemukan")
    page.fill("#conflict form[action$=lift] [name=reason]", "Sudah diperiksa")
    page.click("#conflict form[action$=lift] button")
    expect(page.locator("#conflict")).to_contain_text("Tidak ada yang dicatat")
    dekat.reload()
    expect(dekat.locator("h1")).to_contain_text(code)
    expect(dekat.locator("main")).not_to_contain_text("ipar perekrut")
    assert {name: bad for name, bad in found.items() if bad} == {}


@pytest.mark.parametrize("width", [320, 390])
def test_the_menu_of_a_phone_is_one_row_and_opens(
    console: Console,
    axe: str,
    width: int,
) -> None:
    """Everything is behind one word; by keyboard too, and without a script."""
    page = console.open(width, 844)
    console.come_in(page, console.invite("eka", Role.SUPERVISOR), "eka")
    bar = page.locator("header.bar")
    shut = bar.bounding_box()
    assert shut
    assert shut["height"] < 150, shut
    shot(page, f"menu-shut-{width}")
    expect(bar.locator(".slim a").first).to_be_hidden()
    page.locator(".slim summary").focus()
    page.keyboard.press("Enter")
    names = bar.locator(".slim a").all_inner_texts()
    assert names == [one.strip() for one in bar.locator(".wide a").all_text_contents()]
    assert {"Tiket", "Cari", "Buka tiket baru", "Jaga", "Pengetahuan"} <= set(names)
    for one in bar.locator(".slim a").all():
        expect(one).to_be_visible()
    shot(page, f"menu-open-{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert barriers(page, axe) == []
    bar.locator(".slim >> text=Buka tiket baru").click()
    expect(page.locator("h1")).to_have_text("Buka tiket baru")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shot(page, f"intake-{width}")


@pytest.mark.parametrize("role", [Role.RESPONDER, Role.DATA_OFFICER])
def test_no_page_of_another_role_has_a_barrier(
    console: Console,
    axe: str,
    role: Role,
) -> None:
    """Every page in their menu, and every page of a ticket, with all that opens on it open."""
    page = console.open()
    console.come_in(page, console.invite("ani", role), "ani")
    code, _ = console.write("saya dikunci", region="5371")
    found: dict[str, list[str]] = {}
    page.goto(f"{console.address}/tickets")
    links = page.locator(".wide a").all()
    menu = [str(one.get_attribute("href")) for one in links]
    own = OF_TICKET + (("/verification",) if role is Role.DATA_OFFICER else ())
    for path in dict.fromkeys((*menu, *PAGES, *(f"/tickets/{code}{one}" for one in own))):
        answer = page.goto(f"{console.address}{path}")
        assert answer
        assert answer.status == 200, path
        for summary in page.locator("main summary").all():
            summary.click()
        found[path] = barriers(page, axe)
    assert len(found) > 14
    assert {path: bad for path, bad in found.items() if bad} == {}


def test_a_failed_message_is_sent_again(console: Console) -> None:
    """By its own button; the failed one stays with the provider's words."""
    page = console.open()
    console.come_in(page, console.invite("ani"), "ani")
    code, conversation = console.write("saya dikunci")
    page.goto(f"{console.address}/tickets/{code}")
    page.fill("#reply-text", "Saya Ani.")
    page.click("text=Kirim kepada pelapor")
    expect(page.locator("#talk")).to_contain_text("Saya Ani.")
    with db.write(console.vault.engine) as connection:
        newest = sa.select(sa.func.max(outbox.c.id)).scalar_subquery()
        connection.execute(
            sa.update(outbox)
            .where(outbox.c.id == newest)
            .values(state=OutboxState.FAILED.value, error_code="30008", error="Unknown error")
        )
    page.reload()
    expect(page.locator("#talk")).to_contain_text("Unknown error")
    page.click("text=Kirim lagi")
    expect(page.locator("#talk li", has_text="Saya Ani.")).to_have_count(2)
    expect(page.locator(".tick.failed")).to_have_count(1)
    assert console.got(conversation).count("Saya Ani.") == 2


def test_telegram_and_e_mail_are_entered_for_notices(
    console: Console,
    axe: str,
) -> None:
    """The code of the page, sent from one's own Telegram, links it; a trial stands in the list."""
    with db.write(console.vault.engine) as connection:
        notices.set_open(connection, [Way.TELEGRAM, Way.EMAIL])
    page = console.open()
    console.come_in(page, console.invite("ani"), "ani")
    page.click("text=Ani")
    page.click("text=Pemberitahuan saya")
    expect(page.locator("#telegram")).to_contain_text("Belum tersambung")
    page.click("text=Minta kode")
    code = page.locator("#code").inner_text()
    assert barriers(page, axe) == []
    with db.write(console.vault.engine) as connection:
        keyring, now = console.vault.keyring, time.time()
        assert not notice_ways.link(connection, keyring, "SUAR 000000", "1", now=now)
        assert notice_ways.link(connection, keyring, code, "777", now=now)
        assert not notice_ways.link(connection, keyring, code, "888", now=now)
    page.goto(f"{console.address}/account/notices")
    expect(page.locator("#telegram")).to_contain_text("Tersambung.")
    page.fill("[name=address]", EMAIL)
    page.click("form[action$='/email'] button")
    assert page.input_value("[name=address]") == EMAIL
    page.click("#test")
    expect(page.locator("#last")).to_contain_text("percobaan")
    expect(page.locator("#last li", has_text="E-mail")).to_have_count(1)
    assert barriers(page, axe) == []
    page.click("text=Lepaskan")
    expect(page.locator("#telegram")).to_contain_text("Belum tersambung")


@contextmanager
def with_provider(console: Console, home: Path) -> Iterator[str]:
    """Serve the same desk once more, with a provider before it; gives the address."""
    there = User(sub="ani-7", claims={"email": EMAIL, "email_verified": True})
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with run_server_in_thread(user_claims=[there]) as provider:
        settings = load_settings({
            "SUAR_HOME": str(home), "SUAR_CONSOLE_URL": address,
            "SUAR_OIDC_ISSUER": f"http://localhost:{provider.server_port}",
            "SUAR_OIDC_CLIENT_ID": CLIENT, "SUAR_OIDC_CLIENT_SECRET": SECRET,
        })  # fmt: skip
        assert settings.console.oidc
        with db.write(console.vault.engine) as connection:
            staff_identities.link(
                connection, console.vault.keyring, "ani", issuer=settings.console.oidc.issuer,
                email=EMAIL, now=time.time(),
            )  # fmt: skip
        app = build_app(console.vault, settings)
        config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join(60)


def test_the_way_over_a_provider_and_back(
    console: Console,
    axe: str,
    tmp_path: Path,
) -> None:
    """To its page, back, our own code, in; and out again."""
    page = console.open()
    page.goto(console.invite("ani"))
    secret = page.locator("fieldset code").inner_text()
    for name in ("password", "again"):
        page.fill(f"[name={name}]", PASSWORD)
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.click("button")
    expect(page.locator(".codes li")).to_have_count(8)
    with with_provider(console, tmp_path) as address:
        page.goto(f"{address}/login")
        page.click("text=Masuk lewat penyedia lembaga")
        page.click("button[name=sub][value=ani-7]")
        expect(page.locator("h1")).to_have_text("Satu langkah lagi")
        assert barriers(page, axe) == []
        page.fill("[name=code]", "000000")
        page.click("main button")
        expect(page.locator("[role=alert]")).to_be_visible()
        page.fill("[name=code]", pyotp.TOTP(secret).now())
        page.click("main button")
        expect(page.locator("h1")).to_have_text("Tiket")
        page.click("text=Keluar")
        expect(page.locator("h1")).to_have_text("Masuk")
        page.context.close()
