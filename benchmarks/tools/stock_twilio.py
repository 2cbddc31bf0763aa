"""Rasa's own Twilio connector, unchanged but for the address to which it sends.

Rasa loads it by its name from the credentials that benchmarks/connectors.py writes. It runs in
Rasa's environment, so nothing of ours may be imported.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

from rasa.core.channels.twilio import TwilioInput, TwilioOutput


class Here(TwilioOutput):
    """Sends to a Twilio on this machine."""

    def request(self, method: str, uri: str, *args: Any, **more: Any) -> Any:
        """Ask the same path of the other address."""
        here = os.environ["BENCH_TWILIO"]  # noqa: TID251 - Rasa's environment knows no settings
        return super().request(method, here + urlsplit(uri).path, *args, **more)


class StockTwilio(TwilioInput):
    """What `twilio:` in credentials.yml gives."""

    def get_output_channel(self) -> Here:
        """Give the way out."""
        return Here(self.account_sid, self.auth_token, self.twilio_number)
