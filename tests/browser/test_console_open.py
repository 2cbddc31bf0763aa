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


def test_a_macro_keeps_what_is_being_written_and_sends_nothing(console: Console) -> None:
    """With keys alone: words typed a moment ago stay above the canned answer."""
    page = console.open()
    console.come_in(page, console.invite("ani"), "ani")
    code, conversation = console.write("paspor saya diambil")
    page.goto(f"{console.address}/tickets/{code}")
    page.focus("#macros summary")
    page.keyboard.press("Enter")
    page.fill("#reply-text", "Ibu, saya Ani.")
    page.focus("button[name=macro][value=aman]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#work")).to_contain_text("Dipegang: Ani")
    expect(page.locator(".badges")).to_contain_text("cek aman")
    expect(page.locator("#notes article")).to_contain_text("Langkah pertama")
    assert page.input_value("#reply-text").startswith("Ibu, saya Ani.\n\nApakah Anda aman")
    assert console.got(conversation) == []
