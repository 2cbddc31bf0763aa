"""Rasa's own Telegram connector, unchanged but for the address of the Bot API.

Rasa loads it by its name from the credentials that benchmarks/connectors.py writes. It runs in
Rasa's environment, so nothing of ours may be imported.
"""

from __future__ import annotations

import os

from aiogram.bot.api import TelegramAPIServer
from rasa.core.channels.telegram import TelegramInput, TelegramOutput


class StockTelegram(TelegramInput):
    """What `telegram:` in credentials.yml gives."""

    def get_output_channel(self) -> TelegramOutput:
        """Give the way out; the webhook is taken for set."""
        channel = TelegramOutput(self.access_token)
        here = os.environ["BENCH_TELEGRAM"]  # noqa: TID251 - Rasa's environment knows no settings
        channel.server = TelegramAPIServer.from_base(here)
        return channel
