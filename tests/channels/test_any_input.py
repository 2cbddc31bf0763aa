"""Whatever is sent to the gateway: no fault of the server, and closed doors stay closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.gateway import build_app
from hotline.settings import load_settings
from store.vault import Vault
from tests.any_input import SAME, operations, try_out
from tests.channels.test_gateway_webhooks import SECRET, TELEGRAM

TOKEN = "rahasia-sekali-16"
_OPEN = ("/try", "/healthz")
_WORDS = (
    "message", "chat", "id", "text", "from", "date", "update_id", "message_id", "data", "photo",
    "callback_query", "contact", "location", "type", "edited_message",
)  # fmt: skip
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(_WORDS), inside, max_size=5)
    ),
    max_leaves=12,
)


@pytest.fixture
def gateway(vault: Vault, tmp_path: Path) -> Iterator[TestClient]:
    """Give a gateway with every door that needs no provider's client."""
    env = {**TELEGRAM, "SUAR_HOME": str(tmp_path), "SUAR_INTERNAL_TOKEN": TOKEN}
    app = build_app(vault, load_settings(env))
    with TestClient(
        app, base_url="http://127.0.0.1:8080", raise_server_exceptions=False,
        follow_redirects=False,
    ) as http:  # fmt: skip
        yield http


def answers(
    gateway: TestClient, headers: Mapping[str, str], examples: int
) -> list[tuple[str, str, int]]:
    """Send some of everything; gives method, path of the description and status."""
    found: list[tuple[str, str, int]] = []
    for operation in operations(gateway.app):  # type: ignore[arg-type]

        def send(
            method: str, url: str, more: Mapping[str, Any], path: str = operation.path
        ) -> None:
            answer = gateway.request(method, url, headers=dict(headers), **more)
            found.append((method, path, answer.status_code))

        try_out(operation, send, examples=examples, paths={})
    return found


def test_nothing_that_is_sent_breaks_the_gateway(gateway: TestClient) -> None:
    """With the internal token, so that the requests get further than its door."""
    found = answers(gateway, {"Authorization": f"Bearer {TOKEN}"}, 10)
    # readyz says 503 itself, for there is no worker here.
    faults = [one for one in found if one[2] >= 500 and one[1] != "/readyz"]
    assert faults == []
    assert {path for _, path, _ in found} >= {"/webhooks/telegram", "/try/messages", "/healthz"}
    assert {200, 401, 409, 422} <= {status for _, _, status in found}


def test_without_its_secret_no_door_opens(gateway: TestClient) -> None:
    """Webhooks and the internal interface refuse; only what is public answers."""
    found = answers(gateway, {"Authorization": "Bearer wrong", "X-Forwarded-For": "203.0.113.9"}, 5)
    for method, path, status in found:
        if not path.startswith(_OPEN):
            assert status in {401, 403, 404, 422}, (method, path, status)
            assert not (path.startswith("/internal") and status != 401), (method, path, status)


def test_a_provider_may_send_anything_at_all(gateway: TestClient) -> None:
    """With the right secret, any JSON and any bytes: taken or refused, never a fault."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}

    @settings(max_examples=150, **SAME)
    @given(_VALUES)
    def any_json(value: object) -> None:
        answer = gateway.post("/webhooks/telegram", json=value, headers=headers)
        assert answer.status_code < 500, value

    @settings(max_examples=50, **SAME)
    @given(st.binary(max_size=200))
    def any_bytes(content: bytes) -> None:
        answer = gateway.post("/webhooks/telegram", content=content, headers=headers)
        assert answer.status_code < 500, content

    any_json()
    any_bytes()


def test_the_gateway_describes_itself_to_nobody(gateway: TestClient) -> None:
    for path in ("/openapi.json", "/docs", "/redoc"):
        assert gateway.get(path).status_code == 404
