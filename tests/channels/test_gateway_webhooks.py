"""The gateway opens the webhooks that have settings, stores what they bring, and no others."""

import time

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from channels.gateway import build_app
from hotline.settings import load_settings
from store import db
from store.tables import inbox
from store.vault import Vault
from tests.provider import TOKEN

SECRET = "a-secret-of-a-bot-0123"
TELEGRAM = {
    "SUAR_TELEGRAM_TOKEN": TOKEN,
    "SUAR_TELEGRAM_SECRET": SECRET,
    "SUAR_PUBLIC_URL": "https://hotline.example.org",
}
CALLER = {"id": 7, "is_bot": False, "first_name": "Siti"}
UPDATE = {
    "update_id": 1,
    "message": {
        "message_id": 1,
        "date": int(time.time()),
        "chat": {"id": 7, "type": "private", "first_name": "Siti"},
        "from": CALLER,
        "text": "halo",
    },
}


def test_a_message_is_stored_when_it_is_answered(vault: Vault) -> None:
    """Twice the same, from a provider that has not heard our answer."""
    with TestClient(build_app(vault, load_settings(TELEGRAM))) as http:
        for _ in range(2):
            header = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
            assert http.post("/webhooks/telegram", json=UPDATE, headers=header).status_code == 200
            with db.read(vault.engine) as connection:
                assert (
                    connection.execute(sa.select(sa.func.count()).select_from(inbox)).scalar() == 1
                )


@pytest.mark.parametrize(
    "path", ["/webhooks/telegram", "/webhooks/twilio", "/webhooks/twilio/status"]
)
def test_a_channel_without_settings_is_not_there(vault: Vault, path: str) -> None:
    """Closed by default."""
    with TestClient(build_app(vault, load_settings({}))) as http:
        assert http.post(path, json=UPDATE).status_code == 404
