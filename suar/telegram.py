"""`suar poll` and `suar telegram`: fetch updates, and tell Telegram where to send them."""

from __future__ import annotations

import signal
import threading
from typing import TextIO
from urllib.parse import urlsplit

from telegram import Bot, WebhookInfo
from telegram.error import TelegramError

from channels.telegram.codes import ended
from channels.telegram.line import Line
from channels.telegram.parse import UPDATES
from channels.telegram.polling import Poller
from channels.telegram.webhook import PATH
from channels.telegram.wire import RefusedError
from hotline.channel_settings import TelegramSettings
from hotline.environment import SettingsError
from hotline.errors import SuarError
from hotline.settings import Settings
from store.vault import open_vault

_PORTS = {None, 443, 80, 88, 8443}  # Telegram reaches no others


def poll(settings: Settings) -> int:
    """Fetch Telegram's updates until ended."""
    telegram = _telegram(settings)
    if not telegram.polling:
        raise SettingsError("SUAR_TELEGRAM_MODE must be polling")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    line = Line(telegram)
    try:
        Poller(open_vault(settings), line).run(stop)
    finally:
        line.close()
    return 0


def webhook(settings: Settings, what: str, out: TextIO) -> int:
    """Set, show or delete the address to which Telegram sends the bot's updates."""
    telegram = _telegram(settings)
    line = Line(telegram)
    try:
        if what == "set":
            _set(settings, telegram, line)
        elif what == "delete":
            line.ask(lambda bot: bot.delete_webhook(drop_pending_updates=False))
        _show(settings, line, out)
    except TelegramError as error:
        raise SuarError(_told(error)) from None
    finally:
        line.close()
    return 0


def _set(settings: Settings, telegram: TelegramSettings, line: Line) -> None:
    if telegram.polling:
        raise SettingsError("SUAR_TELEGRAM_MODE is polling; a webhook would starve it")
    address = f"{settings.channels.public_url}{PATH}"
    if urlsplit(address).port not in _PORTS:
        raise SettingsError("Telegram reaches only ports 443, 80, 88 and 8443 (SUAR_PUBLIC_URL)")

    async def ask(bot: Bot) -> bool:
        return await bot.set_webhook(
            address,
            secret_token=telegram.secret,
            allowed_updates=UPDATES,
            drop_pending_updates=False,  # what callers wrote meanwhile must come
        )

    line.ask(ask)


def _show(settings: Settings, line: Line, out: TextIO) -> None:
    name = line.ask(lambda bot: bot.get_me()).username
    info = line.ask(lambda bot: bot.get_webhook_info())
    print(f"bot:      @{name}", file=out)
    if not info.url:
        assert settings.channels.telegram is not None
        polls = settings.channels.telegram.polling
        what = "updates are fetched" if polls else "nothing comes before: suar telegram webhook set"
        print(f"webhook:  none; {what}", file=out)
        return
    ours = info.url == f"{settings.channels.public_url}{PATH}"
    print(f"webhook:  {info.url}{'' if ours else '   (NOT this installation)'}", file=out)
    print(f"waiting:  {info.pending_update_count}", file=out)
    _show_trouble(info, out)


def _show_trouble(info: WebhookInfo, out: TextIO) -> None:
    missing = set(UPDATES) - set(info.allowed_updates)
    if missing:
        print(f"missing:  {', '.join(sorted(missing))}; set the webhook again", file=out)
    if info.last_error_date is not None:
        when = f"{info.last_error_date:%Y-%m-%d %H:%M} UTC"
        print(f"trouble:  {when}: {info.last_error_message}", file=out)


def _told(error: TelegramError) -> str:
    if isinstance(error, RefusedError):
        return f"Telegram refuses ({error.status}): {ended(error).words}"
    return f"Telegram does not answer ({type(error).__name__})"


def _telegram(settings: Settings) -> TelegramSettings:
    if settings.channels.telegram is None:
        raise SettingsError("SUAR_TELEGRAM_TOKEN is not set; see docs/connect-telegram.md")
    return settings.channels.telegram
