"""Runs the actions server as one process, so that ending it ends it."""

from __future__ import annotations

import hmac
import logging
import sys

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import HTTPResponse, Request
from sanic.response import text

from hotline.settings import load_settings


def main() -> int:
    """Serve on 127.0.0.1 until ended; rasa-sdk's own command would leave its workers behind."""
    settings = load_settings()
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app(executor, cors_origins=None)
    token = settings.rasa_token

    @app.on_request
    async def closed_by_default(request: Request) -> HTTPResponse | None:
        # An action writes on tickets: only our own Rasa may ask for one.
        shown = request.headers.get("x-suar-token", "")
        known = bool(token) and hmac.compare_digest(shown.encode(), token.encode())
        return None if known or request.path == "/health" else text("wrong token", status=401)

    app.run("127.0.0.1", settings.actions_port, single_process=True, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
