"""A Twilio on this machine, and settings that lead to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from channels.twilio.sending import TwilioTransport
from hotline.settings import Settings
from store.vault import Vault
from tests.channels.twilio.provider import Provider, running
from tests.channels.twilio.stand import made, settings_of
from tests.channels.twilio.webhooks import gateway


@pytest.fixture
def provider() -> Iterator[Provider]:
    """Give a Twilio that has taken nothing yet."""
    with running(Provider()) as made:
        yield made


@pytest.fixture
def settings(provider: Provider, tmp_path: Path) -> Settings:
    """Give the settings of a hotline with WhatsApp and SMS."""
    return settings_of(tmp_path, provider.address)


@pytest.fixture
def client(vault: Vault, tmp_path: Path) -> Iterator[TestClient]:
    """A gateway with nothing but Twilio's webhooks."""
    yield from gateway(vault, tmp_path)


@pytest.fixture
def transport(settings: Settings) -> TwilioTransport:
    """A way to the provider, with a word for the button that opens a list."""
    return made(settings)
