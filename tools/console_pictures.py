"""Tries every step of docs/panduan-petugas.md in a real browser and keeps its pictures.

Run: `.venv/bin/python -m tools.console_pictures [FOLDER]` (default docs/images); needs Chromium.
The console is a real one with invented callers; it lives for a minute.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyotp
import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from console.app import build_app
from hotline.settings import ROOT, Settings, load_settings
from store.vault import Vault, open_vault
from suar.processes import free_port
from tools import console_example as example
from tools import console_steps as steps

_PASSWORD = "kuda hitam di bukit"  # noqa: S105 - of a console that lives for a minute
_CHROMIUM = os.environ.get("SUAR_TEST_CHROMIUM", "/usr/bin/chromium")  # noqa: TID251
_MARGIN = 8


@dataclass
class Walk:
    """One running console, the people in front of it, and where pictures go."""

    vault: Vault
    settings: Settings
    browser: Browser
    folder: Path
    tokens: dict[str, str]
    secrets: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)  # of tickets, by story
    people: dict[str, Page] = field(default_factory=dict)  # each in front of a window
    spare: dict[str, str] = field(default_factory=dict)  # one backup code of each
    _last_code: dict[str, str] = field(default_factory=dict)

    def open(self, width: int = 1100, height: int = 760) -> Page:
        """Open a window of its own."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="id-ID", color_scheme="light"
        )
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    def go(self, page: Page, path: str) -> None:
        """Go to one of the console's pages."""
        page.goto(f"{self.settings.console.url}{path}")

    def code_of(self, login: str) -> str:
        """Give the app's code, waiting for a new one if this has been used."""
        app = pyotp.TOTP(self.secrets[login])
        while app.now() == self._last_code.get(login):
            time.sleep(1)
        self._last_code[login] = app.now()
        return app.now()

    def take_up(self, page: Page, login: str, shoot: bool = False) -> None:
        """Follow an invitation: password, app, backup codes."""
        self.go(page, f"/invitation/{self.tokens[login]}")
        self.secrets[login] = page.locator("fieldset code").inner_text()
        page.fill("[name=password]", _PASSWORD)
        page.fill("[name=again]", _PASSWORD)
        page.fill("[name=code]", pyotp.TOTP(self.secrets[login]).now())
        if shoot:
            self.shoot(page, "invitation", page.locator("article"))
        page.click("button")
        expect(page.locator(".codes li")).to_have_count(8)
        self.spare[login] = page.locator(".codes li").first.inner_text()
        if shoot:
            self.shoot(page, "codes", page.locator("article"))
        page.click("a[role=button]")

    def log_in(self, page: Page, login: str, shoot: bool = False, code: str = "") -> None:
        """Fill in the three fields."""
        self.go(page, "/login")
        page.fill("[name=name]", login)
        page.fill("[name=password]", _PASSWORD)
        page.fill("[name=code]", code or self.code_of(login))
        if shoot:
            self.shoot(page, "login", page.locator("article"))
        page.click("button")
        expect(page.locator("h1")).to_have_text("Tiket")

    def comes(self, login: str) -> Page:
        """Let somebody else take up the invitation and log in, in a window of their own."""
        page = self.open()
        self.take_up(page, login)
        self.log_in(page, login)
        return page

    def press(self, page: Page, button: str) -> None:
        """Press a button that leads to a page, and wait for that page."""
        with page.expect_navigation():
            page.click(button)

    def shoot(self, page: Page, name: str, *parts: Locator) -> None:
        """Keep a picture of the window, or of the parts of the page that are named."""
        file = self.folder / f"console-{name}.png"
        page.evaluate("document.activeElement && document.activeElement.blur()")
        if not parts:
            page.screenshot(path=file)
        else:
            boxes = [box for part in parts if (box := part.bounding_box())]
            top = page.evaluate("scrollY")
            left, high = (min(box[way] for box in boxes) for way in ("x", "y"))
            right = max(box["x"] + box["width"] for box in boxes)
            low = max(box["y"] + box["height"] for box in boxes)
            clip = {
                "x": max(left - _MARGIN, 0), "y": max(high + top - _MARGIN, 0),
                "width": right - left + 2 * _MARGIN, "height": low - high + 2 * _MARGIN,
            }  # fmt: skip
            page.screenshot(path=file, clip=clip, full_page=True)  # type: ignore[arg-type]
        with Image.open(file) as whole:
            small = whole.convert("RGB").quantize(64, dither=Image.Dither.NONE)
        small.save(file, optimize=True)


@contextmanager
def served(home: Path) -> Iterator[tuple[Vault, Settings]]:
    """Serve an empty console."""
    port = free_port()
    settings = load_settings({"SUAR_HOME": str(home), "SUAR_CONSOLE_PORT": str(port)})
    vault = open_vault(settings)
    app = build_app(vault, settings)
    app.state.live.seconds = 0.5
    config = uvicorn.Config(app, port=port, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield vault, settings
    server.should_exit = True
    thread.join(10)


def draw(folder: Path, home: Path) -> None:
    """Fill a console, walk through it, keep what is seen."""
    with served(home) as (vault, settings), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        walk = Walk(vault, settings, browser, folder, example.invite_all(vault))
        for step in steps.ALL:
            step(walk)
            sys.stdout.write(f"{step.__name__}: {step.__doc__}\n")
        browser.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        draw(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images", Path(place))
