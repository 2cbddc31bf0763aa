"""Draws the pictures of docs/console.md: a console with invented tickets, in a real browser.

Run: `.venv/bin/python -m tools.console_pictures [FOLDER]` (default docs/images); needs Chromium.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
import uvicorn
from playwright.sync_api import Page, sync_playwright

from console.app import build_app
from hotline.messages import Channel, InboundMessage, OutboxState, Reply
from hotline.settings import ROOT, load_settings
from hotline.staff import Role, Scope
from hotline.tickets import Category, Urgency
from store import db, inbox, outbox, tickets
from store import staff as accounts
from store.tables import inbox as inbox_table
from store.vault import Vault, open_vault
from suar.processes import free_port

_PASSWORD = "kuda hitam di bukit"  # noqa: S105 - of a console that lives for a minute
_STORIES = (
    ("Saya dikunci majikan, paspor diambil. Jangan lapor polisi ya", Category.EMERGENCY,
     Urgency.CRITICAL, Channel.WHATSAPP),
    ("Adik saya ke Malaysia lewat Batam, 2 bulan tidak ada kabar", Category.MISSING,
     Urgency.HIGH, Channel.SMS),
    ("Gaji 4 bulan tidak dibayar, mau pulang", Category.RETURN, Urgency.NORMAL, Channel.TELEGRAM),
    ("Agen minta 15 juta, visanya turis", Category.COMPLAINT, Urgency.NORMAL, Channel.WHATSAPP),
)  # fmt: skip


def _fill(vault: Vault) -> None:
    now = time.time()
    for n in range(12):
        text, category, urgency, channel = _STORIES[n % len(_STORIES)]
        at = now - 240 - n * 3100
        message = InboundMessage(
            channel=channel, provider_id=f"p{n}", address=f"+62811{n:06d}", text=text,
            received_at=datetime.fromtimestamp(at, UTC),
        )  # fmt: skip
        with db.write(vault.engine) as connection:
            row, _ = inbox.receive(connection, vault.keyring, message, transport="local")
            query = sa.select(inbox_table.c.conversation_id).where(inbox_table.c.id == row)
            conversation = str(connection.execute(query).scalar_one())
            made = tickets.open_or_raise(
                connection, vault.keyring, conversation=conversation, category=category,
                urgency=urgency, message_id=row, language="id", now=at,
                reasons=("locked_in",) if urgency is Urgency.CRITICAL else (),
            )  # fmt: skip
            known = [("story", text), ("where", "Johor"), ("recruiter", "PT Contoh Karya")]
            if urgency is Urgency.CRITICAL:
                known += [("contact_rule", "no_police"), ("safe_time", "jam 9 sampai 10 malam")]
            for field, value in known:
                tickets.add_fact(
                    connection, vault.keyring, made.id, field, value, said_by="caller",
                    message_id=row, now=at,
                )  # fmt: skip
            outbox.add(
                connection, vault.keyring, conversation, [Reply("Pesan Anda kami simpan.")],
                inbox_id=row, author="bot", now=at + 2, state=OutboxState.SENT,
            )  # fmt: skip


def _come_in(page: Page, link: str) -> None:
    page.goto(link)
    page.fill("[name=password]", _PASSWORD)
    page.fill("[name=again]", _PASSWORD)
    page.click("button")
    page.click("a[role=button]")
    page.fill("[name=name]", "ani")
    page.fill("[name=password]", _PASSWORD)


def draw(folder: Path, home: Path) -> None:
    """Fill a console, look at it, keep what is seen."""
    port = free_port()
    settings = load_settings(
        {"SUAR_HOME": str(home), "SUAR_CONSOLE_TOTP": "optional", "SUAR_CONSOLE_PORT": str(port)}
    )
    vault = open_vault(settings)
    _fill(vault)
    with db.write(vault.engine) as connection:
        token = accounts.invite(
            connection, login="ani", name="Ani", role=Role.SUPERVISOR, scope=Scope(),
            unit="sapa-129", now=time.time(),
        )  # fmt: skip
    server = uvicorn.Server(
        uvicorn.Config(
            build_app(vault, settings), port=port, log_level="critical", timeout_graceful_shutdown=1
        )
    )
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page(viewport={"width": 1100, "height": 720}, locale="id-ID")
        _come_in(page, f"{settings.console.url}/invitation/{token}")
        page.screenshot(path=folder / "console-login.png")
        page.click("button")
        page.wait_for_timeout(1500)
        page.screenshot(path=folder / "console-list.png")
        page.click("table a.open >> nth=0")
        page.click("#take")
        page.fill("#note-text", "KBRI sudah dihubungi, menunggu jawaban. @ani")
        page.click("text=Simpan catatan dalam")
        page.fill("#reply-text", "/am")
        page.wait_for_timeout(1500)
        page.screenshot(path=folder / "console-ticket.png", full_page=True)
        page.set_viewport_size({"width": 360, "height": 720})
        page.goto(f"{settings.console.url}/tickets")
        page.wait_for_timeout(800)
        page.screenshot(path=folder / "console-phone.png")
        browser.close()
    server.should_exit = True


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        draw(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images", Path(home))
