"""Gives our messages to Telegram, and takes them back where a caller asks for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from telegram.error import TelegramError

from channels.telegram.codes import ended
from channels.telegram.files import Files
from channels.telegram.line import Line
from channels.telegram.wire import NoReplyError, NotSentError, RefusedError
from hotline.delivery import Delivery, End, Parcel
from hotline.environment import SettingsError
from hotline.messages import Channel, Choice
from hotline.settings import Settings
from replies.render import TELEGRAM_TEXT, form, shown_choices, units

# A choice with one of these asks the phone itself, so its keyboard stands below the text.
ASK_CONTACT = "/ask_contact"
ASK_LOCATION = "/ask_location"
_AT_ONCE = 100  # messages that one call may delete
type _Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | None


def make_transport(settings: Settings) -> TelegramTransport:
    """Make the transport of this installation's bot."""
    if settings.channels.telegram is None:
        raise SettingsError("SUAR_TELEGRAM_TOKEN is not set")
    return TelegramTransport(Line(settings.channels.telegram))


class TelegramTransport:
    """The way to callers on Telegram."""

    name = "telegram"

    def __init__(self, line: Line, now: Callable[[], float] = time.monotonic) -> None:
        """Send over `line`, which `close` closes."""
        self._line = line
        self._limits = _Limits(now)
        self._files = Files(line)

    def send(self, parcel: Parcel) -> Delivery:
        """Give one message to Telegram and say how it ended."""
        text = form(parcel.reply, Channel.TELEGRAM).text
        refusal = _refused_here(parcel.address, text)
        if refusal is not None:
            return ended(refusal)
        keyboard = keyboard_of(parcel)
        try:
            number = self._line.ask(lambda bot: bot.send_text(int(parcel.address), text, keyboard))
        except RefusedError as error:
            limited = error.status == 429
            pause = error.retry_after or 1.0
            return ended(error, everyone=limited and self._limits.everyone(parcel.address, pause))
        except TelegramError as error:
            return ended(error)
        return Delivery(end=End.SENT, provider_id=number)

    def delete(self, address: str, refs: Sequence[str]) -> list[str]:
        """Take messages back; returns the refs that stay, such as those older than 48 hours.

        Raises ConnectionError when Telegram cannot be reached now.
        """
        numbers = [int(ref) for ref in refs if ref.isdecimal()]
        staying = {ref for ref in refs if not ref.isdecimal()}
        for first in range(0, len(numbers), _AT_ONCE):
            batch = numbers[first : first + _AT_ONCE]
            if not self._delete(address, batch):
                # One that may not be deleted keeps all of its call: the others go one by one.
                staying |= {str(one) for one in batch if not self._delete(address, [one])}
        return [ref for ref in refs if ref in staying]

    def _delete(self, address: str, numbers: list[int]) -> bool:
        try:
            return self._line.ask(lambda bot: bot.delete_messages(int(address), numbers))
        except RefusedError as error:
            if error.status == 429 or error.status >= 500:
                raise ConnectionError("Telegram cannot do it now") from None
            return False
        except (NotSentError, NoReplyError):
            raise ConnectionError("Telegram does not answer") from None

    def fetch(self, source: str, limit: int) -> bytes:
        """Fetch a file that a caller sent; see files.py."""
        return self._files.fetch(source, limit)

    def close(self) -> None:
        """End the line."""
        self._line.close()


def keyboard_of(parcel: Parcel) -> _Markup:
    """Lay the choices out as buttons, one a row: titles are sentences, and phones are narrow."""
    choices = shown_choices(parcel.reply)
    if not choices:
        return None
    if any(choice.payload in {ASK_CONTACT, ASK_LOCATION} for choice in choices):
        return ReplyKeyboardMarkup(
            [[_asking(choice)] for choice in choices], resize_keyboard=True, one_time_keyboard=True
        )
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(choice.title, callback_data=f"c:{parcel.id}:{place}")]
            for place, choice in enumerate(choices, 1)
        ]
    )


def _asking(choice: Choice) -> KeyboardButton:
    return KeyboardButton(
        choice.title,
        request_contact=choice.payload == ASK_CONTACT or None,
        request_location=choice.payload == ASK_LOCATION or None,
    )


def _refused_here(address: str, text: str) -> RefusedError | None:
    """Refuse what Telegram would refuse, in its words."""
    if not address.removeprefix("-").isdecimal():
        return RefusedError(400, "Bad Request: chat not found", None)
    if not text.strip():
        return RefusedError(400, "Bad Request: message text is empty", None)
    if units(text) > TELEGRAM_TEXT:
        return RefusedError(400, "Bad Request: message is too long", None)
    return None


class _Limits:
    """Tells a caller's limit from the bot's: Telegram's 429 does not say which it is.

    One caller who is over hers must not silence the others; two at the same time are the bot.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def everyone(self, address: str, pause: float) -> bool:
        with self._lock:
            now = self._now()
            self._until = {who: until for who, until in self._until.items() if until > now}
            self._until[address] = now + pause
            return len(self._until) > 1
