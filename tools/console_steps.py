"""The steps of docs/panduan-petugas.md, each as somebody takes it in the browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tools import console_example as example
from tools import console_office_steps as office

if TYPE_CHECKING:
    from tools.console_pictures import Walk


def come_in(walk: Walk) -> None:
    """A new responder follows the invitation and logs in; the list is empty."""
    page = walk.open(480, 900)
    walk.take_up(page, "ani", shoot=True)
    walk.log_in(page, "ani", shoot=True)
    expect(page.locator(".empty")).to_be_visible()
    page.set_viewport_size({"width": 1100, "height": 760})
    walk.people["ani"] = page
    for login in ("budi", "citra", "dewi"):
        walk.people[login] = walk.comes(login)


def see_the_list(walk: Walk) -> None:
    """Tickets come in by themselves; a critical one rings; the list fits a phone."""
    page = walk.people["ani"]
    walk.go(page, "/tickets?view=open")
    for story in example.STORIES[1:]:
        walk.codes[story.name] = example.let_write(walk.vault, story)
    expect(page.locator(f"#row-{walk.codes['offer']}")).to_be_visible()
    page.click("h1")
    example.put_on_duty(walk.vault, "ani", time.time() - 2 * example.HOUR)
    walk.codes["locked"] = example.let_write(walk.vault, example.STORIES[0])
    expect(page.locator("#news")).to_contain_text(walk.codes["locked"])
    expect(page.locator("#duty")).to_contain_text("Sedang jaga: Ani")
    expect(page.locator("#alarm")).to_have_attribute("data-played", "1")
    walk.shoot(page, "list")
    page.click("#keys-open")
    page.click("#sound-try")
    walk.shoot(page, "keys", page.locator("#keys article"))
    page.click("#keys-close")
    page.set_viewport_size({"width": 390, "height": 760})
    walk.go(page, "/tickets?view=open")
    walk.shoot(page, "phone")
    page.set_viewport_size({"width": 1100, "height": 760})


def filter_and_search(walk: Walk) -> None:
    """Narrow the list, keep that under a name, search, work on ticked ones."""
    page = walk.people["ani"]
    walk.go(page, "/tickets?view=open")
    page.click(".filters summary >> nth=0")
    page.select_option("[name=urgency]", "high")
    walk.press(page, "form[role=search] button")
    page.fill("[name=name]", "Mendesak")
    walk.shoot(page, "filter", page.locator("details.filters >> nth=0"))
    walk.press(page, "form[action='/filters'] button")
    expect(page.locator("nav[aria-label='Saringan tersimpan']")).to_contain_text("Mendesak")
    walk.go(page, "/search")
    page.fill("[name=q]", "contoh karya")
    walk.press(page, "main form button")
    expect(page.locator("main")).to_contain_text("2 tiket")
    walk.go(page, "/tickets?view=open")
    page.check(f"#row-{walk.codes['offer']} input")
    page.click("#many summary")
    page.select_option("[name=work]", "label")
    page.fill("#many [name=label]", "biaya")
    walk.press(page, "#many button")
    expect(page.locator("main")).to_contain_text("berhasil")


def take_a_ticket(walk: Walk) -> None:
    """Read the red box, take the ticket, take the conversation from the bot."""
    page, code = walk.people["ani"], walk.codes["locked"]
    example.send_picture(walk.vault, walk.settings, example.STORIES[0])
    walk.go(page, "/tickets")
    walk.go(page, f"/tickets/{code}")
    walk.press(page, "#take")
    expect(page.locator("#work")).to_contain_text("Dipegang: Ani")
    walk.shoot(page, "wishes", page.locator("#ticket h1"), page.locator("#wishes"),
               page.locator(".badges"))  # fmt: skip
    walk.shoot(page, "work", page.locator("#work"))
    page.click(".picture summary")
    expect(page.locator(".picture img")).to_be_visible()
    walk.press(page, "text=Ambil dari bot")
    expect(page.locator("#ways")).to_contain_text("Anda yang menjawab")


def use_a_macro(walk: Walk) -> None:
    """Label, note and prepare the first answer with one button; nothing is sent."""
    page = walk.people["ani"]
    page.fill("#reply-text", "Ibu, saya Ani.")
    page.click("#macros summary")
    walk.shoot(page, "macros", page.locator("#macros"))
    walk.press(page, "button[name=macro][value=aman]")
    assert page.input_value("#reply-text").startswith("Ibu, saya Ani.\n\nApakah Anda aman")
    expect(page.locator(".badges")).to_contain_text("cek aman")
    expect(page.locator("#notes article")).to_contain_text("Langkah pertama")
    expect(page.locator("#talk")).not_to_contain_text("Ibu, saya Ani.")


def answer(walk: Walk) -> None:
    """Pick a canned answer with the slash, change it, send it."""
    page = walk.people["ani"]
    page.fill("#reply-text", "/")
    expect(page.locator("#canned")).to_be_visible()
    walk.shoot(page, "reply", page.locator("#ways"), page.locator("#reply"))
    page.fill("#reply-text", "/am")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("#reply-text")
    page.fill("#reply-text", "Saya Ani, petugas. Apakah aman membalas sekarang?")
    expect(page.locator("#measure")).to_contain_text("konsep tersimpan")
    walk.press(page, "text=Kirim kepada pelapor")
    expect(page.locator("#talk li").last).to_contain_text("Saya Ani")
    page.fill("#note-text", "KBRI sudah dihubungi, menunggu jawaban. @budi")
    walk.press(page, "text=Simpan catatan dalam")
    expect(page.locator("#notes article").last).to_contain_text("KBRI")
    page.evaluate("document.querySelector('.picture').open = false")
    walk.shoot(page, "talk", page.locator("#talk"))
    walk.shoot(page, "note", page.locator("#notes"))
    walk.press(page, "text=Kembalikan ke bot")
    expect(page.locator("#ways")).to_contain_text("bot yang menjawab")
    walk.go(walk.people["budi"], "/tickets")
    expect(walk.people["budi"].locator("#list")).to_contain_text("Anda dipanggil")


def be_held(walk: Walk) -> None:
    """WhatsApp's window is shut: the page says so, and the reply is kept."""
    page = walk.people["ani"]
    walk.go(page, f"/tickets/{walk.codes['wages']}")
    expect(page.locator("#ways")).to_contain_text("Jendela WhatsApp sudah tertutup")
    page.fill("#reply-text", "Selamat pagi, kami sudah membaca cerita Ibu. Kapan terakhir digaji?")
    expect(page.locator("#measure")).to_contain_text("konsep tersimpan")
    walk.shoot(page, "held", page.locator("#ways"), page.locator("#reply"))
    walk.press(page, "text=Kirim kepada pelapor")
    expect(page.locator("#talk li").last).to_contain_text("Selamat pagi")
    walk.go(page, f"/tickets/{walk.codes['missing']}")
    page.fill("#reply-text", "Kapan adik terakhir menelepon? " * 40)
    expect(page.locator("#measure")).to_contain_text("bagian SMS")
    expect(page.locator("#measure")).to_contain_text("Terlalu panjang")
    page.fill("#reply-text", "")
    expect(page.locator("#measure")).to_contain_text("0 bagian SMS")


def facts(walk: Walk) -> None:
    """Correct a fact, note a region and a label, open a number with a reason."""
    page, code = walk.people["ani"], walk.codes["locked"]
    walk.go(page, f"/tickets/{code}")
    page.click("#edit summary")
    page.select_option("#edit [name=field]", "occupation")
    page.fill("#edit [name=value]", "pekerja rumah tangga")
    page.click("#unmask summary")
    page.fill("#unmask [name=reason]", "diminta KBRI Johor untuk menjemput")
    walk.shoot(page, "facts", page.locator("#facts"))
    walk.press(page, "form[action$='/facts'] button")
    page.click("#edit summary")
    page.select_option("#edit [name=part]", "transit")
    page.fill("form[action$='/regions'] [name=names]", "Kota Batam")
    walk.press(page, "form[action$='/regions'] button")
    expect(page.locator("#facts")).to_contain_text("Batam")
    page.click("#unmask summary")
    page.fill("#unmask [name=reason]", "diminta KBRI Johor untuk menjemput")
    walk.press(page, "#unmask button")
    expect(page.locator("main")).to_contain_text("+60123000777")
    walk.go(page, f"/tickets/{code}")
    expect(page.locator("#notes")).to_contain_text("Membuka data pribadi")


def people_and_elements(walk: Walk) -> None:
    """Write down who is concerned, and mark what her story shows of the elements."""
    page, code = walk.people["ani"], walk.codes["locked"]
    walk.go(page, f"/tickets/{code}")
    for name, age in (("Rini", "16"), ("", "")):
        page.click("#add-victim summary")
        page.fill("#add-victim [name=name]", name)
        page.select_option("#add-victim [name=sex]", "female")
        page.fill("#add-victim [name=age]", age)
        page.select_option("#add-victim [name=condition]", "exploited")
        if not name:
            walk.shoot(page, "victims", page.locator("#victims"))
        walk.press(page, "#add-victim button")
    expect(page.locator("#victims")).to_contain_text("Orang 2")
    page.click("#marks-elements summary")
    page.select_option("select:has(option[value='act.transport:yes'])", "act.transport:yes")
    page.fill("#marks-elements [name=ground]", "pesan pertamanya")
    walk.press(page, "#marks-elements button")
    page.click("#marks-elements summary")
    walk.shoot(
        page, "elements", page.locator("#elements > h2"), page.locator("#elements > p").first,
        page.locator("#marks-elements fieldset").first,
    )  # fmt: skip
    expect(page.locator(".standing")).to_contain_text("Belum ada yang ditandai pada: Cara")


def mend_a_reading(walk: Walk) -> None:
    """Say what a message really meant."""
    page = walk.people["ani"]
    walk.go(page, f"/tickets/{walk.codes['offer']}")
    page.click("text=Salah paham?")
    page.select_option("#intent", "check_offer")
    walk.shoot(page, "meaning", page.locator("main"))
    walk.press(page, "text=Usulkan")
    expect(page.locator("#talk")).to_contain_text("diusulkan")


def refer(walk: Walk) -> None:
    """Ask a unit, draw the page for it, mark a region's task; the unit accepts."""
    page, dewi, code = walk.people["ani"], walk.people["dewi"], walk.codes["locked"]
    walk.go(page, f"/tickets/{code}/referrals")
    page.select_option("#ask [name=unit]", "uptd-ppa-3578")
    page.select_option("#ask [name=service]", "shelter")
    page.fill("#ask [name=request]", "Mohon rumah aman begitu ia tiba di Surabaya.")
    page.check("#ask [name=fields][value=story]")
    page.check("#ask [name=consent][value=given]")
    walk.shoot(page, "referral", page.locator("#ask"))
    walk.press(page, "#ask button")
    walk.press(page, "#tasks button >> nth=0")
    walk.shoot(page, "tasks", page.locator("#tasks h2"), page.locator("#tasks ul >> nth=0"))
    page.click("#summaries a")
    page.fill("#summary [name=reason]", "rapat gelar perkara")
    walk.shoot(page, "summary", page.locator("#summary"))
    with page.expect_download() as got:
        page.click("#summary button")
    assert got.value.path().read_bytes().startswith(b"%PDF")
    walk.go(dewi, "/referrals")
    dewi.click(f"main >> text={code}")
    expect(dewi.locator("main >> text=Buka tiket")).to_have_count(0)
    walk.shoot(dewi, "asked", dewi.locator("main"))
    walk.press(dewi, "text=Terima rujukan")
    dewi.click("main >> text=Buka tiket")
    expect(dewi.locator(".badge.state")).to_have_text("Dirujuk")


def tie(walk: Walk) -> None:
    """Tie two tickets; a supervisor merges them and parts them again."""
    page, budi = walk.people["ani"], walk.people["budi"]
    walk.go(page, f"/tickets/{walk.codes['missing']}/links")
    page.fill("#link [name=other]", walk.codes["village"])
    walk.press(page, "#link button")
    expect(page.locator("main")).to_contain_text("berkaitan")
    walk.go(budi, f"/tickets/{walk.codes['offer']}/links")
    budi.fill("#merge [name=other]", walk.codes["wages"])
    walk.shoot(budi, "merge", budi.locator("main"))
    walk.press(budi, "#merge button")
    expect(budi.locator("main")).to_contain_text("tiket ini digabung ke sana")
    walk.press(budi, "text=Pisahkan lagi")
    expect(budi.locator("main")).to_contain_text("Belum terkait")


def close_and_follow_up(walk: Walk) -> None:
    """Settle and close a ticket, then ask after the person."""
    page, code = walk.people["ani"], walk.codes["wages"]
    walk.go(page, f"/tickets/{code}")
    walk.press(page, "#take")
    for state in ("in_progress", "resolved"):
        page.select_option("form[action$='/state'] select", state)
        walk.press(page, "form[action$='/state'] button")
    page.select_option("form[action$='/close'] select", "safe_home")
    page.fill("[name=next_owner]", "UPTD PPA Kota Surabaya")
    walk.shoot(page, "close", page.locator("#work"))
    walk.press(page, "form[action$='/close'] button")
    walk.go(page, f"/tickets/{code}/follow-ups")
    for topic in page.locator("form.answer select").all():
        topic.select_option("good")
    walk.shoot(page, "follow-up", page.locator("form.answer"))
    walk.press(page, "form.answer button")
    expect(page.locator("main")).to_contain_text("Ditanyakan oleh Ani")


ALL: tuple[Callable[[Walk], None], ...] = (
    come_in, see_the_list, filter_and_search, take_a_ticket, use_a_macro, answer, be_held, facts,
    people_and_elements,
    mend_a_reading, refer, tie, close_and_follow_up, office.verify,
    office.carry_out, office.be_on_duty, office.lose_the_phone,
)  # fmt: skip
