"""Two units and a data officer work together in a real browser: refer, accept, merge, follow up."""

from __future__ import annotations

import time

from playwright.sync_api import Page, expect

from hotline.staff import Level, Role, Scope
from store import db
from store import staff as accounts
from tests.browser.barriers import barriers
from tests.browser.test_console import Console, console  # noqa: F401 - fixtures

EAST = "35"


def hire_unit(console: Console, login: str, unit: str) -> str:  # noqa: F811
    """Invite somebody of a service unit far from the ticket's region."""
    with db.write(console.vault.engine) as connection:
        token = accounts.invite(
            connection, login=login, name=login.title(), role=Role.RESPONDER,
            scope=Scope(Level.PROVINCE, EAST), unit=unit, now=time.time(),
        )  # fmt: skip
    return f"{console.address}/invitation/{token}"


def fill_in(page: Page) -> None:
    page.select_option("#ask [name=unit]", "uptd-ppa")
    page.select_option("#ask [name=service]", "shelter")
    page.fill("#ask [name=request]", "Mohon rumah aman dua malam")
    page.check("#ask [name=fields][value=story]")
    page.check("#ask [name=consent][value=given]")
    page.click("#ask button")


def test_a_unit_is_asked_accepts_and_reads_the_ticket(console: Console) -> None:  # noqa: F811
    """From another account: before it accepts, it reads what goes along and no more."""
    ani, dewi = console.open(), console.open()
    console.come_in(ani, console.invite("ani", Role.SUPERVISOR), "ani")
    console.come_in(dewi, hire_unit(console, "dewi", "uptd-ppa"), "dewi")
    code, _ = console.write("saya dikunci majikan di Johor", region="5371")
    ani.goto(f"{console.address}/tickets/{code}")
    ani.click("text=Rujukan dan daerah")
    expect(ani.locator("#wishes")).to_contain_text("JANGAN melapor ke polisi")
    fill_in(ani)
    dewi.click("text=Rujukan")
    dewi.click(f"text={code}")
    expect(dewi.locator("#wishes")).to_contain_text("JANGAN melapor ke polisi")
    expect(dewi.locator("main")).to_contain_text("saya dikunci majikan di Johor")
    expect(dewi.locator("main >> text=Buka tiket")).to_have_count(0)
    dewi.click("text=Terima rujukan")
    dewi.click("main >> text=Buka tiket")
    expect(dewi.locator("h1")).to_contain_text(code)
    expect(dewi.locator(".badge.state")).to_have_text("Dirujuk")


def test_two_tickets_are_merged_and_parted(console: Console) -> None:  # noqa: F811
    """The target shows both callers' words; parting takes them apart again."""
    page = console.open()
    console.come_in(page, console.invite("ani", Role.SUPERVISOR), "ani")
    first, _ = console.write("saya dikunci majikan di lantai tiga")
    second, _ = console.write("adik saya hilang", address="+6281200000003")
    page.goto(f"{console.address}/tickets/{second}/links")
    page.fill("#merge [name=other]", first)
    page.click("#merge button")
    expect(page.locator("main")).to_contain_text("tiket ini digabung ke sana")
    page.goto(f"{console.address}/tickets/{first}")
    expect(page.locator("#talk")).to_contain_text("adik saya hilang")
    page.goto(f"{console.address}/tickets/{first}/links")
    page.click("text=Pisahkan lagi")
    page.goto(f"{console.address}/tickets/{first}")
    expect(page.locator("#talk")).not_to_contain_text("adik saya hilang")


def test_these_pages_have_no_barrier(console: Console, axe: str) -> None:  # noqa: F811
    """axe finds nothing, in light and dark; nothing is wider than a phone."""
    page = console.open(width=390, height=800)
    hire_unit(console, "dewi", "uptd-ppa")
    console.come_in(page, console.invite("ani", Role.SUPERVISOR), "ani")
    code, _ = console.write("saya dikunci majikan di lantai tiga", region="5371")
    page.goto(f"{console.address}/tickets/{code}/referrals")
    ways = ["referrals", "links", "follow-ups", "verification"]
    for path in [*(f"/tickets/{code}/{way}" for way in ways), *(f"/{way}" for way in ways)]:
        if path == "/links":
            continue
        page.goto(console.address + path)
        assert barriers(page, axe) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
