"""A critical ticket is ended by two people in a real browser, and the log says who read it."""

from __future__ import annotations

from playwright.sync_api import expect

from hotline.staff import Role
from hotline.tickets import Urgency
from tests.browser.barriers import barriers
from tests.browser.test_console import Console, console  # noqa: F401 - fixtures


def test_one_proposes_with_a_reason_and_another_ends(console: Console, axe: str) -> None:  # noqa: F811
    """Until then it stays open and says who must do what; the log names its readers."""
    ani, dewi = console.open(), console.open()
    console.come_in(ani, console.invite("ani", Role.RESPONDER), "ani")
    console.come_in(dewi, console.invite("dewi", Role.SUPERVISOR), "dewi")
    code, _ = console.write("saya dikunci majikan", region="5371", urgency=Urgency.CRITICAL)
    ani.goto(f"{console.address}/tickets/{code}")
    ani.click("#end summary")
    ani.select_option("#end [name=to]", "unfounded")
    ani.fill("#end [name=reason]", "Telepon salah")
    ani.click("#end button")
    expect(ani.locator("#ending")).to_contain_text("Menunggu: seorang pengawas")
    assert barriers(ani, axe) == []
    dewi.goto(f"{console.address}/tickets/{code}")
    expect(dewi.locator("#ending")).to_contain_text("mengusulkan")
    dewi.click("text=Setujui, akhiri tiket")
    expect(dewi.locator("#ending-log")).to_contain_text("Telepon salah")
    expect(dewi.locator(".badge.state")).to_have_text("Tidak terbukti")
    dewi.goto(f"{console.address}/log")
    expect(dewi.locator("main")).to_contain_text(code)
    expect(dewi.locator("main")).to_contain_text("membaca tiket")
    assert barriers(dewi, axe) == []
