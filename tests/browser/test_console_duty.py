"""Duty in a real browser: the week, lateness in words, and the alarm that goes on."""

from __future__ import annotations

import re
import time

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from channels.escalation import Watch
from hotline.notices import Way
from hotline.staff import Role
from hotline.tickets import Urgency
from store import db, notices
from store.console_tables import staff_sessions
from store.duty_tables import duty_shifts
from store.tables import tickets
from tests.browser.barriers import barriers
from tests.browser.test_console import Console, console

__all__ = ["console"]  # the fixture


def on_duty(console: Console, login: str, hours: float = 4) -> None:
    """Put somebody on duty from an hour ago on."""
    now = time.time()
    with db.write(console.vault.engine) as connection:
        id_ = connection.execute(
            sa.text("select id from staff where login = :login"), {"login": login}
        ).scalar_one()
        row = {
            "staff_id": id_, "begins_at": now - 3600, "ends_at": now + hours * 3600,
            "zone": "Asia/Jakarta", "entered_by": id_, "at": now,
        }  # fmt: skip
        connection.execute(sa.insert(duty_shifts), row)


def doze_off(console: Console, page: Page) -> None:
    """Let the session be older than idleness allows, and the stream look at once."""
    with db.write(console.vault.engine) as connection:
        connection.execute(sa.update(staff_sessions).values(seen_at=time.time() - 46 * 60))
    console.write("sesuatu terjadi", address="+60123000099", urgency=Urgency.NORMAL)


def test_a_supervisor_plans_the_week(console: Console) -> None:
    """A shift is entered, seen, refused when it cannot be, and taken back."""
    page = console.open()
    console.come_in(page, console.invite("eka", Role.SUPERVISOR), "eka")
    page.goto(f"{console.address}/roster")
    tomorrow = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 31 * 3600))
    for begins, ends in (("08:00", "16:00"), ("15:00", "20:00")):
        page.fill("#add [name=day]", tomorrow)
        page.fill("#add [name=begins]", begins)
        page.fill("#add [name=ends]", ends)
        page.click("#add button")
    expect(page.locator("#problem")).to_contain_text("sudah punya giliran jaga")
    assert page.input_value("#add [name=begins]") == "15:00", "what was typed stays"
    expect(page.locator(".day li")).to_have_count(1)
    expect(page.locator(".day li")).to_contain_text("08:00–16:00 WIB")
    page.click(".day li button")
    expect(page.locator(".day li")).to_have_count(0)


def test_lateness_and_duty_stand_on_the_list(console: Console) -> None:
    """In words, with who is on duty above."""
    page = console.open()
    console.come_in(page, console.invite("ani", Role.SUPERVISOR), "ani")
    on_duty(console, "ani")
    code, _ = console.write("saya dikunci")
    with db.write(console.vault.engine) as connection:
        late = time.time() - 2 * 3600 - 60
        connection.execute(sa.update(tickets).values(first_response_due=late))
    Watch(console.vault).look()
    page.reload()
    expect(page.locator(f"#row-{code}")).to_contain_text("terlambat 2 jam")
    expect(page.locator(f"#row-{code}")).to_contain_text("naik ke nasional")
    expect(page.locator("#duty")).to_contain_text("Sedang jaga: Ani")
    page.click(f"#row-{code} a")
    expect(page.locator("#deadlines")).to_contain_text("terlambat 2 jam")


def test_the_alarm_goes_on_when_the_session_has_ended(
    console: Console,
) -> None:
    """Nothing of any ticket stays on the page; it rings, and one logs in again."""
    page = console.open()
    console.come_in(page, console.invite("ani", Role.SUPERVISOR), "ani")
    on_duty(console, "ani")
    code, _ = console.write("saya dikunci")
    expect(page.locator(f"#row-{code}")).to_be_visible()
    doze_off(console, page)
    expect(page.locator("#watch h1")).to_have_text("Sesi berakhir")
    assert code not in page.content()
    assert page.title() == "Suar"
    fresh, _ = console.write("tolong", address="+60123000002", urgency=Urgency.CRITICAL)
    expect(page.locator("#watch-says")).to_have_text("Ada yang menunggu. Masuk sekarang.")
    assert fresh not in page.content()
    expect(page.locator("#alarm")).to_have_attribute("data-played", re.compile("[1-9]"))
    page.click("#back-in")
    expect(page.locator("h1")).to_have_text("Masuk")


def test_off_duty_an_ended_session_leads_to_the_log_in(console: Console) -> None:
    """An empty chair by day is no alarm."""
    page = console.open()
    console.come_in(page, console.invite("ani"), "ani")
    code, _ = console.write("saya dikunci")
    expect(page.locator(f"#row-{code}")).to_be_visible()
    doze_off(console, page)
    page.wait_for_url("**/login")
    assert code not in page.content()


def test_the_pages_of_duty_fit_a_phone_and_have_no_barrier(console: Console, axe: str) -> None:
    """320 points wide, and nothing that a screen reader stumbles over."""
    page = console.open(320, 640)
    console.come_in(page, console.invite("eka", Role.SUPERVISOR), "eka")
    on_duty(console, "eka")
    console.write("saya dikunci", urgency=Urgency.CRITICAL)
    with db.write(console.vault.engine) as connection:
        notices.set_open(connection, list(Way))
    page.goto(f"{console.address}/handover")
    page.fill("[name=text]", "KBRI menelepon balik jam tiga")
    page.click("#write button")
    for path in ("/roster", "/handover", "/reminders", "/account/notices", "/watch", "/tickets"):
        page.goto(f"{console.address}{path}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, (path, wide)
        assert barriers(page, axe) == [], path
