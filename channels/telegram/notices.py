"""Notices to staff over the bot's line to Telegram, to the chat that each linked by a code."""

from __future__ import annotations

from telegram.error import TelegramError

from channels.telegram.line import Line
from channels.telegram.wire import RefusedError
from hotline.channel_settings import TelegramSettings
from hotline.errors import Refused, Retry
from hotline.notices import Later

_LONGEST = 15.0
# The chat is gone or has blocked the bot: what only its owner can change.
_OF_THE_CHAT = frozenset({400, 403})


class TelegramNotices:
    """A line of its own, so that callers' messages never wait for it."""

    def __init__(self, settings: TelegramSettings) -> None:
        """Make ready; nothing is asked yet."""
        self._line = Line(settings)

    def send(self, address: str, text: str) -> None:
        """Give one text to Telegram."""
        try:
            self._line.begin(lambda bot: bot.send_text(int(address), text, None), _LONGEST).result()
        except RefusedError as error:
            if error.status in _OF_THE_CHAT:
                raise Refused(f"refused ({error.status})") from None
            if error.retry_after:
                raise Later("too many messages", error.retry_after) from None
            raise Retry(f"Telegram refuses ({error.status})") from None
        except TelegramError as error:
            # It may have arrived; a second notice that says nothing does no harm.
            raise Retry(type(error).__name__) from None

    def close(self) -> None:
        """End the line."""
        self._line.close()
