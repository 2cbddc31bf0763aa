"""The console as a process."""

from __future__ import annotations

import uvicorn

from console.app import build_app
from hotline.settings import Settings
from store.vault import open_vault


def serve_console(settings: Settings) -> int:
    """Serve the console until ended."""
    uvicorn.run(
        build_app(open_vault(settings), settings),
        host=settings.console.host,
        port=settings.console.port,
        log_level="warning",
        access_log=False,
        # A proxy in front is believed about the caller's address only from this machine.
        forwarded_allow_ips="127.0.0.1",
        timeout_graceful_shutdown=1,  # open consoles hold a stream each
    )
    return 0
