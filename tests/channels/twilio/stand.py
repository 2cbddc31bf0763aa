"""What the tests of Twilio share: settings, messages to send, and signed requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from channels.twilio.contents import Contents
from channels.twilio.sending import TwilioTransport
from hotline.delivery import Parcel
from hotline.messages import Channel, Choice, Purpose, Reply
from hotline.settings import Settings, load_settings
from tests.channels.twilio.provider import ACCOUNT, TEMPLATE, TOKEN
from tests.fakes import SITI

PUBLIC = "https://hotline.example.org"
WHATSAPP_SENDER = "+6280000000001"
SMS_SENDER = "+14155550100"


def settings_of(home: Path, api: str = "", **more: str) -> Settings:
    """Give the settings of a hotline with WhatsApp and SMS."""
    return load_settings(
        {
            "SUAR_HOME": str(home),
            "SUAR_PUBLIC_URL": PUBLIC,
            "SUAR_TWILIO_ACCOUNT_SID": ACCOUNT,
            "SUAR_TWILIO_AUTH_TOKEN": TOKEN,
            "SUAR_TWILIO_WHATSAPP_SENDER": WHATSAPP_SENDER,
            "SUAR_TWILIO_SMS_SENDER": SMS_SENDER,
            "SUAR_TWILIO_TEMPLATE_SID": TEMPLATE,
            "SUAR_TWILIO_API": api,
            **more,
        }
    )


def parcel(
    text: str = "Kami di sini.",
    *titles: str,
    channel: str = Channel.WHATSAPP,
    address: str = SITI,
    number: int = 7,
    template: bool = False,
) -> Parcel:
    """Give one message to Siti in Johor."""
    return Parcel(
        id=number,
        conversation="c1",
        channel=channel,
        transport="twilio",
        address=address,
        language="id",
        reply=Reply(text, tuple(Choice(title, f"/pick_{title}") for title in titles)),
        purpose=Purpose.ANSWER,
        attempts=1,
        template=template,
    )


def made(settings: Settings, button: str = "Pilih") -> TwilioTransport:
    """Make the way to the provider, with a word for the button that opens a list."""
    twilio = settings.channels.twilio
    assert twilio is not None
    contents = Contents(settings.home / "twilio_contents.json", twilio.account_sid)
    return TwilioTransport(
        twilio, f"{PUBLIC}/webhooks/twilio/status", contents, lambda language: button
    )


Fields = Mapping[str, str] | list[tuple[str, str]]


def signed(
    fields: Fields, path: str = "/webhooks/twilio", *, token: str = TOKEN, url: str | None = None
) -> dict[str, object]:
    """Give the body and headers of a form as Twilio posts it."""
    pairs = list(fields.items()) if isinstance(fields, Mapping) else fields
    named = _Several(pairs)
    signature = RequestValidator(token).compute_signature(url or PUBLIC + path, named)
    return {
        "content": urlencode(pairs).encode(),
        "headers": {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": signature,
        },
    }


def signed_json(body: object, path: str) -> tuple[str, dict[str, object]]:
    """Give the path, body and headers of a JSON request as Twilio posts it."""
    text = json.dumps(body)
    path = f"{path}?bodySHA256={sha256(text.encode()).hexdigest()}"
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, {})
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": signature}
    return path, {"content": text.encode(), "headers": headers}


class _Several(dict[str, str]):
    """Fields of which one may come several times, in the form Twilio's library knows."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        super().__init__(pairs)
        self._pairs = pairs

    def getlist(self, name: str) -> list[str]:
        """Give every value of a field."""
        return [value for key, value in self._pairs if key == name]


SID = "SM" + "a" * 32


def incoming(body: str = "saya dikurung majikan", **more: str) -> dict[str, str]:
    """Give a WhatsApp message with the fields Twilio sends today."""
    return {
        "SmsMessageSid": SID,
        "NumMedia": "0",
        "ProfileName": "Siti Nurhaliza",
        "MessageType": "text",
        "SmsSid": SID,
        "WaId": SITI[1:],
        "SmsStatus": "received",
        "Body": body,
        "To": f"whatsapp:{WHATSAPP_SENDER}",
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": SID,
        "AccountSid": ACCOUNT,
        "From": f"whatsapp:{SITI}",
        "ApiVersion": "2010-04-01",
        **more,
    }


def status(state: str = "delivered", sid: str = SID, **more: str) -> dict[str, str]:
    """Give a status callback."""
    return {
        "ChannelPrefix": "whatsapp",
        "MessageStatus": state,
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsStatus": state,
        "To": f"whatsapp:{SITI}",
        "From": f"whatsapp:{WHATSAPP_SENDER}",
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        **more,
    }
