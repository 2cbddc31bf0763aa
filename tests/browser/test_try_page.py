"""The try-out page in a real browser: by touch, by keyboard, on a small phone, without a script."""

import time

from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import barriers
from tests.browser.conftest import PATIENCE

STORY = "Siti di Johor, paspornya ditahan majikan"


def write(page: Page, text: str) -> None:
    """Type a message and press the button."""
    page.get_by_label("Pesan Anda").fill(text)
    page.get_by_role("button", name="Kirim").click()


def wide(page: Page) -> int:
    """Measure by how many pixels the page can be scrolled sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def gap(page: Page) -> float:
    """Measure how far below the top bar the answer begins."""
    bar, answer = (page.locator(one).bounding_box() for one in ("header", ".us"))
    assert bar
    assert answer
    return answer["y"] - (bar["y"] + bar["height"])


def test_a_message_shows_typing_and_then_the_answer(phone: Page, site) -> None:
    """The caller sees her message at once, then that somebody writes, then the answer."""
    site.bot.may_answer.clear()
    write(phone, STORY)
    expect(phone.locator(".you p")).to_have_text(f"Anda: {STORY}")
    expect(phone.get_by_role("status")).to_have_text("Suar sedang menulis…")
    expect(phone.get_by_label("Pesan Anda")).to_be_empty()
    site.bot.may_answer.set()
    expect(phone.locator(".us p")).to_have_text(f"Suar: Anda menulis: {STORY}")
    expect(phone.get_by_role("status")).to_be_hidden()


def test_a_tapped_choice_is_said_by_the_caller_and_meant_by_the_bot(phone: Page, site) -> None:
    """Only the newest message has choices; a tapped one stands there as the caller's own words."""
    write(phone, "halo")
    phone.get_by_role("button", name="Cek perusahaan").click()
    expect(phone.locator(".you p").last).to_have_text("Anda: Cek perusahaan")
    expect(phone.locator(".us")).to_have_count(2)
    expect(phone.get_by_role("button", name="Cek perusahaan")).to_have_count(1)
    assert site.bot.asked[-1].choice == "/check_recruiter"


def test_everything_can_be_done_with_the_keyboard(phone: Page) -> None:
    """Enter sends, Shift and Enter make a line, Tab reaches the choices, focus is never lost."""
    phone.get_by_label("Pesan Anda").focus()
    phone.keyboard.type("baris satu")
    phone.keyboard.press("Shift+Enter")
    phone.keyboard.type("baris dua")
    phone.keyboard.press("Enter")
    expect(phone.locator(".us p")).to_have_text("Suar: Anda menulis: baris satu\nbaris dua")
    expect(phone.get_by_label("Pesan Anda")).to_be_focused()
    phone.keyboard.press("Shift+Tab")
    expect(phone.get_by_role("button", name="Lapor masalah")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.locator(".us")).to_have_count(2)
    expect(phone.get_by_label("Pesan Anda")).to_be_focused()


def test_nothing_runs_off_a_narrow_phone(phone: Page) -> None:
    """Not even a word without spaces makes the page scroll sideways at 320 pixels."""
    assert wide(phone) <= 0
    write(phone, "https://lowongan.test/" + "x" * 200)
    expect(phone.locator(".us")).to_have_count(1)
    assert wide(phone) <= 0
    expect(phone.locator(".choices button").last).to_be_in_viewport()
    expect(phone.get_by_role("button", name="Kirim")).to_be_in_viewport()


def test_an_answer_longer_than_the_screen_is_read_from_its_beginning(phone: Page) -> None:
    """Its first line stands below the top bar, now and after a reload."""
    deadline = time.monotonic() + 120
    write(phone, "baris\n" * 60)
    for _ in range(2):
        expect(phone.locator(".us")).to_have_count(1)
        while not 0 <= gap(phone) < 40:  # until it has been scrolled to
            assert time.monotonic() < deadline, gap(phone)
            phone.wait_for_timeout(50)
        phone.reload()


def test_markup_stays_text_before_and_after_a_reload(phone: Page) -> None:
    """What is written is shown, never run: by the script, and by the server."""
    evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
    write(phone, evil)
    for _ in range(2):
        expect(phone.locator(".us p")).to_have_text(f"Suar: Anda menulis: {evil}")
        assert phone.locator("#log img, #log script").count() == 0
        assert phone.title() == "Suar"
        phone.reload()


def test_a_reload_keeps_the_conversation_and_its_choices(phone: Page, site) -> None:
    """The page comes back as it was, and a choice tapped then still works."""
    write(phone, STORY)
    expect(phone.locator(".us")).to_have_count(1)
    before = phone.locator(".message p").all_inner_texts()
    phone.reload()
    assert phone.locator(".message p").all_inner_texts() == before
    phone.get_by_role("button", name="Lapor masalah").click()
    expect(phone.locator(".us")).to_have_count(2)
    expect(phone.locator(".message")).to_have_count(4)
    assert site.bot.asked[-1].choice == "/report_trafficking"


def test_a_reload_in_the_middle_of_an_answer_still_brings_it(phone: Page, site) -> None:
    """Whoever reloads impatiently sees that somebody writes, and then the answer, once."""
    site.bot.may_answer.clear()
    write(phone, STORY)
    expect(phone.get_by_role("status")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("status")).to_have_text("Suar sedang menulis…")
    site.bot.may_answer.set()
    expect(phone.locator(".us")).to_have_count(1)
    expect(phone.locator(".you")).to_have_count(1)


def test_a_message_survives_a_server_that_was_away(phone: Page, site) -> None:
    """It is sent again by itself, arrives once, and the page says what is going on."""
    write(phone, "halo")
    expect(phone.locator(".us")).to_have_count(1)
    site.stop()
    write(phone, STORY)
    expect(phone.get_by_role("alert")).to_contain_text("Sambungan terputus")
    site.start(site.port)
    expect(phone.locator(".us p").last).to_have_text(f"Suar: Anda menulis: {STORY}")
    expect(phone.get_by_role("alert")).to_be_hidden()
    assert [question.text for question in site.bot.asked] == ["halo", STORY]


def test_a_message_too_long_comes_back_to_be_shortened(phone: Page) -> None:
    """Nothing of what was written is lost when it is refused."""
    long = "ñ" * 9000
    write(phone, long)
    expect(phone.get_by_role("alert")).to_contain_text("terlalu panjang")
    expect(phone.get_by_label("Pesan Anda")).to_have_value(long)
    expect(phone.locator(".message")).to_have_count(0)


def test_a_page_opened_from_another_site_finds_its_conversation(phone: Page, site) -> None:
    """The browser hides the cookie from such a visit; the script fetches what is missing."""
    write(phone, STORY)
    expect(phone.locator(".us")).to_have_count(1)
    other = "http://lain.test/"
    link = f'<a href="{site.address}">Suar</a>'
    phone.route(other, lambda route: route.fulfill(body=link, content_type="text/html"))
    phone.goto(other)
    phone.get_by_role("link", name="Suar").click()
    expect(phone.locator(".you p")).to_have_text(f"Anda: {STORY}")
    expect(phone.locator(".us")).to_have_count(1)


def test_clearing_the_screen_leaves_nothing_to_read(phone: Page) -> None:
    """Neither the page nor a way back shows what was written."""
    write(phone, STORY)
    expect(phone.locator(".us")).to_have_count(1)
    phone.get_by_role("button", name="Hapus layar").click()
    expect(phone.get_by_role("alert")).to_contain_text("Layar sudah dihapus")
    expect(phone.locator(".message")).to_have_count(0)
    phone.go_back()
    expect(phone.get_by_label("Pesan Anda")).to_be_visible()
    expect(phone.locator(".message")).to_have_count(0)


def test_the_quick_way_out_is_no_way_back(phone: Page) -> None:
    """It leads to a harmless page that takes this one's place in the history."""
    phone.route("https://www.google.com/", lambda route: route.fulfill(body="cari"))
    before = phone.evaluate("history.length")
    phone.get_by_role("link", name="Keluar cepat").click()
    phone.wait_for_url("https://www.google.com/")
    assert phone.evaluate("history.length") == before


def test_the_page_works_without_a_script(browser: Browser, site) -> None:
    """Plain forms carry messages and choices, and the page looks for the answer itself."""
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(site.address)
    expect(page.locator("noscript p")).to_contain_text("JavaScript mati")
    expect(page.locator("noscript p")).to_be_visible()
    write(page, STORY)
    expect(page.locator(".us")).to_have_count(1)
    page.get_by_role("button", name="Lapor masalah").click()
    expect(page.locator(".us")).to_have_count(2)
    assert [question.choice for question in site.bot.asked] == [None, "/report_trafficking"]
    context.close()


def test_no_barrier_is_found_in_light_or_dark(phone: Page, site, axe: str) -> None:
    """The accessibility checker finds nothing, on the empty page or in a conversation."""
    for step in ("empty", "conversation", "typing"):
        if step == "typing":
            site.bot.may_answer.clear()
        if step != "empty":
            write(phone, STORY)
            expect(phone.get_by_role("status")).to_be_visible(visible=step == "typing")
            expect(phone.locator(".us")).to_have_count(1)
        assert barriers(phone, axe) == [], step


def test_messages_that_come_too_fast_stay_in_the_box(phone: Page, site) -> None:
    """She is told, nothing of hers is lost, and she sends it once more when she likes."""
    refuse = {"error": "Pesannya masuk terlalu cepat. Tunggu sebentar, lalu kirim lagi."}
    phone.route(
        "**/try/messages",
        lambda route: (
            route.fulfill(status=429, json=refuse)
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    write(phone, STORY)
    expect(phone.get_by_role("alert")).to_have_text(refuse["error"])
    expect(phone.get_by_label("Pesan Anda")).to_have_value(STORY)
    expect(phone.locator(".you")).to_have_count(0)
    phone.unroute("**/try/messages")
    phone.get_by_role("button", name="Kirim").click()
    expect(phone.locator(".us p")).to_have_text(f"Suar: Anda menulis: {STORY}")
    expect(phone.locator("#note")).to_be_empty()


def test_the_browser_has_nothing_to_block(browser: Browser, site) -> None:
    """Not even the icon: the console of the browser stays empty."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.address)
    expect(page.get_by_label("Pesan Anda")).to_be_visible()
    assert page.evaluate("fetch('/try/icon.svg').then((answer) => answer.status)") == 200
    assert said == []
    assert {url.split("/try")[0] for url in asked} == {site.address.removesuffix("/try")}
    page.close()
