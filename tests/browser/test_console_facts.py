"""People and elements beside the conversation, in a real browser: by hand, by keys, on a phone."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Page, expect

from hotline.staff import Role
from tests.browser.barriers import barriers
from tests.browser.test_console import Console, console  # noqa: F401 - fixtures

_SHOTS = os.environ.get("SUAR_TEST_SHOTS", "")  # noqa: TID251 - a folder to leave pictures in


def come_in(console: Console, login: str, **more: object) -> Page:  # noqa: F811
    page = console.open(**more)  # type: ignore[arg-type]
    console.come_in(page, console.invite(login, Role.SUPERVISOR), login)
    return page


def add_somebody(page: Page, name: str = "Siti Aminah", age: str = "16") -> None:
    page.click("#add-victim summary")
    page.fill("#add-victim [name=name]", name)
    page.select_option("#add-victim [name=sex]", "female")
    page.fill("#add-victim [name=age]", age)
    page.fill("#add-victim [name=whereabouts]", "Johor")
    page.select_option("#add-victim [name=condition]", "exploited")
    with page.expect_navigation():
        page.click("#add-victim button")


def choose(page: Page, item: str, answer: str) -> None:
    page.select_option(f"select:has(option[value='{item}:yes'])", f"{item}:{answer}")


def test_people_and_elements_are_filled_in_beside_the_conversation(
    console: Console,  # noqa: F811
) -> None:
    """The bot's sign is a hint; a colleague's marks come without reload and nothing is lost."""
    ani, budi = come_in(console, "ani"), come_in(console, "budi")
    code, _ = console.write("saya dikunci majikan di Johor", region="5371")
    for page in (ani, budi):
        page.goto(f"{console.address}/tickets/{code}")
    add_somebody(ani)
    expect(ani.locator("#victims")).to_contain_text("Orang 1: Siti Aminah")
    expect(budi.locator("#victims")).to_contain_text("anak di bawah 18 (16), perempuan")
    for page in (ani, budi):
        page.click("#marks-elements summary")
    expect(ani.locator("#marks-elements")).to_contain_text("Tanda dari bot, periksa: dikurung")
    choose(budi, "act.recruitment", "yes")  # begun before Ani saves hers
    budi.fill("#marks-elements [name=ground]", "kata kakaknya")
    for item in ("act.transport", "purpose.forced_labour"):
        choose(ani, item, "yes")
    ani.fill("#marks-elements [name=ground]", "ceritanya sendiri")
    with ani.expect_navigation():
        ani.click("#marks-elements button")
    expect(ani.locator(".standing")).to_contain_text("Untuk korban anak itu cukup")
    expect(budi.locator(".standing")).to_contain_text("Untuk korban anak itu cukup")
    expect(budi.locator("#marks-elements [name=ground]")).to_have_value("kata kakaknya")
    with budi.expect_navigation():
        budi.click("#marks-elements button")
    expect(budi.locator("#elements dl")).to_contain_text("perekrutan, pengangkutan")
    ani.click("#events summary")
    expect(ani.locator("#events")).to_contain_text("Perbuatan: perekrutan: ada) · Budi")


def test_a_person_is_changed_and_marked_as_a_mistake_with_keys_alone(
    console: Console,  # noqa: F811
) -> None:
    page = come_in(console, "ani")
    code, _ = console.write("adik saya dibawa agen")
    page.goto(f"{console.address}/tickets/{code}")
    add_somebody(page)
    page.locator("#victims li a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/victims/\d+$"))
    page.locator("#change [name=whereabouts]").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("KBRI Kuala Lumpur")
    page.keyboard.press("Enter")
    expect(page.locator("ol.events del").first).to_have_text("Johor")
    page.locator("#mistake [name=reason]").focus()
    page.keyboard.type("itu nama perekrutnya")
    page.keyboard.press("Enter")
    expect(page.locator(".badge").first).to_have_text("dicatat keliru")
    page.goto(f"{console.address}/tickets/{code}")
    expect(page.locator("#victims")).not_to_contain_text("Siti Aminah")


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_of_it_is_a_barrier(
    console: Console,  # noqa: F811
    axe: str,
    width: int,
) -> None:
    """With every form open, in light and dark; nothing is wider than a phone."""
    page = come_in(console, "ani", width=width, height=800)
    code, _ = console.write("saya dikunci majikan di lantai tiga", region="5371")
    page.goto(f"{console.address}/tickets/{code}")
    add_somebody(page, name="Siti Aminah binti Abdurrahman yang panjang sekali namanya")
    add_somebody(page, name="", age="")
    for part, item in (("elements", "act.transport"), ("signs", "ilo.documents")):
        page.click(f"#marks-{part} summary")
        choose(page, item, "yes")
        page.fill(f"#marks-{part} [name=ground]", "kata pelapor pada pukul dua belas")
        with page.expect_navigation():
            page.click(f"#marks-{part} button")
    paths = [f"/tickets/{code}", f"/tickets/{code}/elements"]
    paths.append(page.locator("#victims li a").first.get_attribute("href") or "")
    for path in paths:
        page.goto(console.address + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert barriers(page, axe) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        if _SHOTS:
            name = path.strip("/").replace("/", "-").replace(code, "ticket")
            page.screenshot(path=f"{_SHOTS}/{name}-{width}.png", full_page=True)
