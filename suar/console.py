"""The console as a process."""

from __future__ import annotations

from console.app import build_app
from hotline.settings import Settings
from store.vault import open_vault
from suar.web import serve


def serve_console(settings: Settings) -> int:
    """Serve the console until ended."""
    vault, console = open_vault(settings), settings.console
    app = build_app(vault, settings)
    serve(app, vault, settings, "console", host=console.host, port=console.port)
    return 0
