"""Which entry of codes.yml an error of the Bot API is, by its status and by what it says."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from telegram.error import TelegramError

from channels.codes import load_codes
from channels.telegram.wire import NoReplyError, NotSentError, RefusedError
from hotline.delivery import Delivery

CODES = load_codes(Path(__file__).with_name("codes.yml"))
BLOCKED = "403-blocked"
_MOST_WORDS = 120

# The Bot API has no codes of its own: what it says tells. The first part that fits counts.
_SAYS: dict[int, tuple[tuple[str, str], ...]] = {
    403: (
        ("bot was blocked by the user", BLOCKED),
        ("user is deactivated", "403-deactivated"),
        ("can't initiate conversation", "403-not-started"),
        ("send messages to bots", "403-bot"),
    ),
    400: (
        ("chat not found", "400-no-chat"),
        ("user not found", "400-no-chat"),
        ("peer_id_invalid", "400-no-chat"),
        ("chat_id is empty", "400-no-chat"),
        ("chat is deactivated", "400-no-chat"),
        ("upgraded to a supergroup", "400-group"),
        ("have no rights", "400-no-rights"),
        ("not enough rights", "400-no-rights"),
        ("chat_write_forbidden", "400-no-rights"),
        ("chat_restricted", "400-no-rights"),
        ("message is too long", "400-too-long"),
        ("message_too_long", "400-too-long"),
        ("text is empty", "400-empty"),
        ("text must be non-empty", "400-empty"),
        ("button", "400-buttons"),
        ("keyboard", "400-buttons"),
        ("reply markup", "400-buttons"),
        ("reply_markup", "400-buttons"),
    ),
}


def code_of(error: TelegramError) -> str:
    """Name the entry of an error."""
    if isinstance(error, NotSentError):
        return "not-sent"
    if isinstance(error, NoReplyError):
        return "no-reply"
    if not isinstance(error, RefusedError):
        return "default"
    says = error.says.lower()
    for part, code in _SAYS.get(error.status, ()):
        if part in says:
            return code
    whole = str(error.status)
    return whole if whole in CODES.known else f"{whole[0]}xx"


def ended(error: TelegramError, *, everyone: bool = False) -> Delivery:
    """Say how a try ended that failed like this."""
    code = code_of(error)
    after = error.retry_after if isinstance(error, RefusedError) else None
    delivery = CODES[code].delivery(retry_after=after, everyone=everyone)
    # Where our own words are general, the provider's stand beside them.
    general = isinstance(error, RefusedError) and error.says and "-" not in code
    return replace(delivery, words=f"{delivery.words} ({_clean(error)})") if general else delivery


def _clean(error: TelegramError) -> str:
    """Drop what may be an address (numbers) or a text (quotes)."""
    says = re.sub(r"[\"'`«].*", "", error.message, flags=re.DOTALL)
    return re.sub(r"\d{5,}", "...", says).strip()[:_MOST_WORDS]
