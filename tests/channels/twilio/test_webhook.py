"""Twilio's webhooks: closed to everybody else, and a yes only for what is stored."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from channels.twilio.webhook import add_twilio
from store import arrivals, db
from store.tables import attachments, conversations
from store.vault import Vault
from tests.channels.twilio.stand import (
    incoming,
    settings_of,
    signed,
    status,
)
from tests.channels.twilio.webhooks import PATH, STATUS, gateway, stored
from tests.fakes import SITI


def test_a_signed_message_is_stored_and_gets_an_empty_answer(
    client: TestClient, vault: Vault
) -> None:
    """Anything in the answer would be sent to her as a message."""
    answer = client.post(PATH, **signed(incoming("saya dikurung 😢 & dipukul + 50%")))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert answer.text.endswith("<Response/>")
    assert stored(vault) == ["saya dikurung 😢 & dipukul + 50%"]
    with db.read(vault.engine) as connection:
        row = connection.execute(sa.select(conversations)).one()
    assert (row.channel, row.transport) == ("whatsapp", "twilio")
    assert vault.keyring.open(row.address_sealed, "conversations.address") == SITI


def test_files_wait_to_be_fetched(client: TestClient, vault: Vault) -> None:
    """Their addresses are sealed as everything else."""
    source = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
    fields = incoming("", NumMedia="1", MediaUrl0=source, MediaContentType0="image/jpeg")
    assert client.post(PATH, **signed(fields)).status_code == 200
    with db.read(vault.engine) as connection:
        row = connection.execute(sa.select(attachments)).one()
    assert vault.keyring.open(row.source_sealed, "attachments.source") == source


def test_the_webhook_answers_no_browser(client: TestClient) -> None:
    """Only POST."""
    assert client.get(PATH).status_code == 405


def test_a_repeated_or_replayed_message_is_stored_once(client: TestClient, vault: Vault) -> None:
    """Twilio repeats what was answered late; a stranger may repeat what he caught."""
    for _ in range(3):
        assert client.post(PATH, **signed(incoming())).status_code == 200
    assert len(stored(vault)) == 1


def test_messages_in_another_order_are_all_stored(client: TestClient, vault: Vault) -> None:
    """None is lost because a later one came first."""
    for number in (3, 1, 2, 1):
        sid = f"SM{number:032x}"
        fields = incoming(str(number), MessageSid=sid, SmsMessageSid=sid, SmsSid=sid)
        assert client.post(PATH, **signed(fields)).status_code == 200
    assert sorted(stored(vault)) == ["1", "2", "3"]


def test_a_database_that_is_away_is_said(
    vault: Vault, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """503: Twilio shall repeat. The log says why, and not what she wrote."""
    away = sa.create_engine("sqlite:////nowhere/suar.db")
    caplog.set_level(logging.INFO)
    for client in gateway(Vault(away, vault.keyring), tmp_path):
        assert client.post(PATH, **signed(incoming("dikurung"))).status_code == 503
    assert "OperationalError" in caplog.text
    assert "dikurung" not in caplog.text
    assert SITI[1:] not in caplog.text


def test_swapped_addresses_do_not_open_a_talk_with_ourselves(
    client: TestClient, vault: Vault
) -> None:
    """What a request says decides, not where it came."""
    assert client.post(PATH, **signed(status("sent"))).status_code == 200
    assert client.post(STATUS, **signed(incoming("halo"), STATUS)).status_code == 200
    assert stored(vault) == ["halo"]


def test_without_settings_there_is_no_webhook(vault: Vault, tmp_path: Path) -> None:
    """Closed by default."""
    nothing = {"SUAR_TWILIO_ACCOUNT_SID": "", "SUAR_TWILIO_AUTH_TOKEN": ""}
    for client in gateway(vault, tmp_path, **nothing):
        assert client.post(PATH, **signed(incoming())).status_code == 404


def test_a_burst_is_stored_whole(vault: Vault, tmp_path: Path) -> None:
    """Two hundred at once, each answered after its commit."""
    import httpx

    app, group = FastAPI(), arrivals.grouped(vault.engine, vault.keyring)
    add_twilio(app, vault, settings_of(tmp_path), group)
    group.start()

    async def burst() -> list[int]:
        way = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=way, base_url="http://gateway") as client:
            requests = [
                client.post(PATH, **signed(incoming(str(n), MessageSid=f"SM{n:032x}")))
                for n in range(200)
            ]
            return [answer.status_code for answer in await asyncio.gather(*requests)]

    assert asyncio.run(burst()) == [200] * 200
    group.stop()
    assert len(stored(vault)) == 200
