"""The later steps of docs/panduan-petugas.md: checking data, exports, duty, a lost phone."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from console.pages import WIB
from tools import console_example as example

if TYPE_CHECKING:
    from tools.console_pictures import Walk


def verify(walk: Walk) -> None:
    """A data officer looks into a ticket and decides."""
    page, code = walk.people["citra"], walk.codes["village"]
    walk.go(page, "/verification")
    walk.shoot(page, "verification")
    page.click(f"main >> text={code}")
    for to in ("being_verified", "verified"):
        page.select_option("#verify [name=to]", to)
        page.fill("#verify [name=reason]", "dicocokkan dengan keluarga")
        walk.press(page, "#verify button")
    page.select_option("#clear [name=to]", "unique")
    walk.press(page, "#clear button")
    expect(page.locator("main")).to_contain_text("Sudah diperiksa")


def carry_out(walk: Walk) -> None:
    """A data officer takes a list, and one with names under a passphrase."""
    page = walk.people["citra"]
    walk.go(page, "/exports")
    with page.expect_download():
        page.click("form:has(input[value=work]) button")
    walk.go(page, "/exports/personal")
    page.fill("#make [name=reason]", "permintaan tertulis penyidik nomor 12")
    page.fill("#make [name=code]", walk.code_of("citra"))
    walk.shoot(page, "export", page.locator("main"))
    walk.press(page, "#make button")
    expect(page.locator("#passphrase")).to_be_visible()
    with page.expect_download():
        page.click("main form button")


def be_on_duty(walk: Walk) -> None:
    """A supervisor plans; notes go from one shift to the next."""
    page, budi = walk.people["ani"], walk.people["budi"]
    day = (datetime.now(WIB) + timedelta(days=1)).date().isoformat()
    walk.go(budi, "/roster")
    budi.select_option("#add [name=to]", "ani")
    budi.fill("#add [name=day]", day)
    walk.press(budi, "#add button")
    expect(budi.locator(".week")).to_contain_text("Ani")
    walk.shoot(budi, "roster", budi.locator("#now"), budi.locator(".week"))
    walk.go(page, "/handover")
    page.fill("[name=text]", "KBRI Johor menelepon balik pukul tiga. Jangan telepon pelapor.")
    walk.shoot(page, "handover", page.locator("main"))
    walk.press(page, "#write button")
    example.put_on_duty(walk.vault, "budi", time.time() - 60)
    walk.go(budi, "/handover")
    walk.press(budi, "text=Sudah saya baca, saya terima")
    expect(budi.locator("main")).to_contain_text("Dibaca dan diterima")
    for path in ("/reminders", "/account/notices", "/follow-ups"):
        walk.go(page, path)
        expect(page.locator("h1")).to_be_visible()


def lose_the_phone(walk: Walk) -> None:
    """Log in with a backup code, and end a session that is open elsewhere."""
    page = walk.people["ani"]
    other = walk.open()
    walk.log_in(other, "ani", code=walk.spare["ani"])
    walk.go(page, "/account")
    walk.shoot(page, "account", page.locator("main"))
    row = page.locator("tr", has_text="Akhiri").filter(has_not_text="(ini)").first
    with page.expect_navigation():
        row.locator("button").click()
    walk.go(other, "/tickets")
    expect(other.locator("h1")).to_have_text("Masuk")
