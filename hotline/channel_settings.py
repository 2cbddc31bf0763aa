"""The settings of the outside channels; a channel without its settings is closed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hotline.environment import SettingsError, choice, number, switch, text, together

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, kw_only=True)
class TelegramSettings:
    """One Telegram bot."""

    token: str = field(repr=False)
    secret: str = field(repr=False)  # what Telegram shows us with every update; empty when polling
    polling: bool
    api: str  # the Bot API server; another one in tests, or an operator's own


@dataclass(frozen=True, kw_only=True)
class TwilioSettings:
    """One Twilio account; a sender that is empty closes its channel."""

    account_sid: str
    auth_token: str = field(repr=False)
    whatsapp_sender: str  # E.164, without "whatsapp:"
    sms_sender: str  # E.164 or up to 11 letters; empty with a messaging service
    messaging_service_sid: str
    template_sid: str  # approved, content-free; sent when WhatsApp's window is shut
    api: str  # empty: Twilio's own; another address in tests
    # The secret of a webhook SharedKey; empty: Twilio signs with the auth token.
    shared_key: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class SmppSettings:
    """One SMS centre that speaks SMPP 3.4."""

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    sender: str  # +628..., 12345, SUAR, or with type and plan before it (5:0:SUAR)
    system_type: str = ""
    tls: bool = True
    ca_file: str = ""  # who vouches for the centre; empty: whom this machine trusts
    long_messages: str = "udh"  # in parts with headers, or whole as "payload"


@dataclass(frozen=True, kw_only=True)
class ChannelSettings:
    """Every outside channel, and what they share."""

    public_url: str  # https://hotline.example.org, as the providers reach us
    telegram: TelegramSettings | None
    twilio: TwilioSettings | None
    smpp: SmppSettings | None
    sms_segments: int  # the most parts one SMS answer may cost
    sms_per_second: float  # as fast as the SMS line may send
    sms_quiet: tuple[int, int]  # local hours from and until which networks carry no SMS of ours
    media_bytes: int
    claim_seconds: float
    internal_token: str = field(repr=False)  # opens the internal interface; empty: closed


def load_channels(env: Mapping[str, str]) -> ChannelSettings:
    """Read the channels' settings; raises SettingsError naming the variable that is wrong."""
    public_url = _public_url(env)
    return ChannelSettings(
        public_url=public_url,
        telegram=_telegram(env, public_url),
        twilio=_twilio(env, public_url),
        smpp=_smpp(env),
        sms_segments=int(number(env, "SUAR_SMS_SEGMENTS", 3, 1, 10)),
        sms_per_second=number(env, "SUAR_SMS_PER_SECOND", 10, 0.1, 1000),
        sms_quiet=_hours(env, "SUAR_SMS_QUIET_HOURS", "20-8"),
        media_bytes=int(number(env, "SUAR_MEDIA_MAX_MB", 20, 1, 100) * 1024 * 1024),
        claim_seconds=number(env, "SUAR_CLAIM_MINUTES", 60, 1, 1440) * 60,
        internal_token=_secret(env, "SUAR_INTERNAL_TOKEN"),
    )


def _public_url(env: Mapping[str, str]) -> str:
    raw = text(env, "SUAR_PUBLIC_URL").rstrip("/")
    if not raw:
        return ""
    parts = urlsplit(raw)
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or parts.query or not (parts.scheme == "https" or local):
        raise SettingsError(
            "SUAR_PUBLIC_URL must look like https://hotline.example.org, "
            "the address under which the providers reach this gateway"
        )
    return raw


def _secret(env: Mapping[str, str], name: str) -> str:
    raw = text(env, name)
    if raw and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", raw):
        # The value itself is not repeated: errors end in logs.
        raise SettingsError(f"{name} must be 16 to 256 letters, digits, - or _")
    return raw


def _telegram(env: Mapping[str, str], public_url: str) -> TelegramSettings | None:
    token = text(env, "SUAR_TELEGRAM_TOKEN")
    if not token:
        return None
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]{20,}", token):
        raise SettingsError("SUAR_TELEGRAM_TOKEN is not what BotFather gives (digits:letters)")
    polling = choice(env, "SUAR_TELEGRAM_MODE", ("webhook", "polling")) == "polling"
    secret = _secret(env, "SUAR_TELEGRAM_SECRET")
    if not polling and not (secret and public_url):
        raise SettingsError(
            "Telegram's webhook needs SUAR_TELEGRAM_SECRET and SUAR_PUBLIC_URL; "
            "without a public address write SUAR_TELEGRAM_MODE=polling"
        )
    api = text(env, "SUAR_TELEGRAM_API", "https://api.telegram.org").rstrip("/")
    return TelegramSettings(token=token, secret=secret, polling=polling, api=api)


def _twilio(env: Mapping[str, str], public_url: str) -> TwilioSettings | None:
    if not together(env, "SUAR_TWILIO_ACCOUNT_SID", "SUAR_TWILIO_AUTH_TOKEN"):
        return None
    account = _sid(env, "SUAR_TWILIO_ACCOUNT_SID", "AC")
    if not public_url:
        raise SettingsError("Twilio needs SUAR_PUBLIC_URL: its signatures are checked against it")
    sender = text(env, "SUAR_TWILIO_SMS_SENDER")
    service = text(env, "SUAR_TWILIO_MESSAGING_SERVICE_SID")
    if sender and service:
        raise SettingsError(
            "set SUAR_TWILIO_SMS_SENDER or SUAR_TWILIO_MESSAGING_SERVICE_SID, not both"
        )
    return TwilioSettings(
        account_sid=account,
        auth_token=text(env, "SUAR_TWILIO_AUTH_TOKEN"),
        whatsapp_sender=_number_of(env, "SUAR_TWILIO_WHATSAPP_SENDER"),
        sms_sender=sender,
        messaging_service_sid=_sid(env, "SUAR_TWILIO_MESSAGING_SERVICE_SID", "MG"),
        template_sid=_sid(env, "SUAR_TWILIO_TEMPLATE_SID", "HX"),
        api=text(env, "SUAR_TWILIO_API").rstrip("/"),
        shared_key=text(env, "SUAR_TWILIO_SHARED_KEY"),
    )


def _sid(env: Mapping[str, str], name: str, kind: str) -> str:
    raw = text(env, name)
    # A wrong one would be found only when a caller waits for the message that needs it.
    if raw and not re.fullmatch(kind + "[0-9a-fA-F]{32}", raw):
        raise SettingsError(f"{name} must be {kind} and 32 hexadecimal digits")
    return raw


def _number_of(env: Mapping[str, str], name: str) -> str:
    raw = text(env, name).removeprefix("whatsapp:")
    if raw and not re.fullmatch(r"\+[1-9]\d{6,14}", raw):
        raise SettingsError(f"{name} must be a number such as +628001234567")
    return raw


def _smpp(env: Mapping[str, str]) -> SmppSettings | None:
    names = ("SUAR_SMPP_HOST", "SUAR_SMPP_SYSTEM_ID", "SUAR_SMPP_PASSWORD", "SUAR_SMPP_SENDER")
    if not together(env, *names):
        return None
    return SmppSettings(
        host=text(env, "SUAR_SMPP_HOST"),
        port=int(number(env, "SUAR_SMPP_PORT", 2775, 1, 65535)),
        system_id=text(env, "SUAR_SMPP_SYSTEM_ID"),
        password=text(env, "SUAR_SMPP_PASSWORD"),
        sender=text(env, "SUAR_SMPP_SENDER"),
        system_type=text(env, "SUAR_SMPP_SYSTEM_TYPE"),
        tls=switch(env, "SUAR_SMPP_TLS", default=True),
        ca_file=text(env, "SUAR_SMPP_CA"),
        long_messages=choice(env, "SUAR_SMPP_LONG", ("udh", "payload")),
    )


def _hours(env: Mapping[str, str], name: str, default: str) -> tuple[int, int]:
    raw = text(env, name, default)
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})", raw)
    hours = tuple(int(part) for part in found.groups()) if found else ()
    if len(hours) != 2 or max(hours) > 24:
        raise SettingsError(f"{name} must be two hours such as 20-8, or 0-0 for none")
    return hours[0], hours[1]
