"""What somebody has opened on a ticket's page stays as it is while the page renews itself."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.test_console import Console, console

__all__ = ["console"]  # the fixture


def test_an_open_form_does_not_shut_when_the_caller_writes(console: Console) -> None:
    """A half-written fact stays in sight, and what was shut stays shut."""
    page = console.open()
    console.come_in(page, console.invite("ani"), "ani")
    code, _ = console.write("saya dikunci")
    page.goto(f"{console.address}/tickets/{code}")
    page.click("#edit summary")
    page.fill("#edit [name=value]", "rumah di Johor")
    console.write("tolong cepat", ticket=False)
    expect(page.locator("#talk")).to_contain_text("tolong cepat")
    expect(page.locator("#edit [name=value]")).to_be_visible()
    assert page.input_value("#edit [name=value]") == "rumah di Johor"
    expect(page.locator("#unmask [name=reason]")).to_be_hidden()
