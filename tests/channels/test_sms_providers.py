"""Who carries SMS: the provider that was written to, or the one that is left."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from channels.sms_providers import give_sms_to_who_carries_it, sms_provider
from hotline.messages import Channel
from hotline.settings import load_settings
from store import db, inbox
from store.tables import conversations
from store.vault import Vault
from tests.fakes import NOON

INDONESIAN, MALAYSIAN = "+6281200000001", "+60123000001"
SMPP = {
    "SUAR_SMPP_HOST": "127.0.0.1",
    "SUAR_SMPP_SYSTEM_ID": "suar",
    "SUAR_SMPP_PASSWORD": "rahasia",
    "SUAR_SMPP_SENDER": "+6280000000001",
}
WHATSAPP = {
    "SUAR_PUBLIC_URL": "https://hotline.example.org",
    "SUAR_TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "SUAR_TWILIO_AUTH_TOKEN": "x" * 32,
}
TWILIO = {**WHATSAPP, "SUAR_TWILIO_SMS_SENDER": "+14155550100"}
BOTH = {**SMPP, **TWILIO}


@pytest.mark.parametrize(
    ("settings", "heard_on", "number", "carries"),
    [
        (BOTH, "twilio", INDONESIAN, "twilio"),
        (BOTH, "smpp", MALAYSIAN, "smpp"),
        (BOTH, "", INDONESIAN, "smpp"),
        (BOTH, "", MALAYSIAN, "twilio"),
        (SMPP, "twilio", MALAYSIAN, "smpp"),
        ({**SMPP, **WHATSAPP}, "twilio", MALAYSIAN, "smpp"),
        (TWILIO, "smpp", INDONESIAN, "twilio"),
        (WHATSAPP, "smpp", INDONESIAN, None),
        ({}, "smpp", INDONESIAN, None),
    ],
)
def test_where_she_wrote_there_she_is_answered(
    settings: dict[str, str], heard_on: str, number: str, carries: str | None
) -> None:
    """And where that is no longer possible, by whom it is."""
    channels = load_settings(settings).channels
    assert sms_provider(channels, heard_on=heard_on, number=number) == carries


def test_a_change_of_provider_takes_the_conversations_along(vault: Vault, tmp_path: Path) -> None:
    """SMS only, and nothing where nobody carries it."""
    with db.write(vault.engine) as connection:
        for channel, transport in (
            (Channel.SMS, "twilio"),
            (Channel.WHATSAPP, "twilio"),
            (Channel.SMS, "local"),
        ):
            inbox.conversation_of(
                connection,
                vault.keyring,
                channel=channel,
                address=f"{INDONESIAN[:-2]}{len(transport)}{len(channel)}",
                now=NOON,
                transport=transport,
            )

    def transports() -> list[str]:
        with db.read(vault.engine) as connection:
            return sorted(connection.execute(sa.select(conversations.c.transport)).scalars())

    assert give_sms_to_who_carries_it(vault, load_settings(WHATSAPP).channels) == 0
    assert give_sms_to_who_carries_it(vault, load_settings({**SMPP, **WHATSAPP}).channels) == 1
    assert transports() == ["local", "smpp", "twilio"]
    assert give_sms_to_who_carries_it(vault, load_settings(BOTH).channels) == 0
    assert give_sms_to_who_carries_it(vault, load_settings(TWILIO).channels) == 1
    assert transports() == ["local", "twilio", "twilio"]
