"""Gives messages to Twilio: SMS, WhatsApp with buttons or lists, and the template."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import requests
from twilio.base.exceptions import TwilioException

from channels.sending import Transport
from channels.twilio.answers import ended, failed
from channels.twilio.client import make_client
from channels.twilio.contents import Contents, filled, list_picker, quick_reply
from channels.twilio.files import Files
from hotline.channel_settings import TwilioSettings
from hotline.delivery import Delivery, End, Parcel
from hotline.errors import ContentError
from hotline.messages import Channel
from hotline.settings import Settings
from replies.render import Form, Picker, form
from store.texts import load_texts

STATUS_PATH = "/webhooks/twilio/status"
# The button that opens a list, by language.
LIST_BUTTON = "utter_list_button"
_LONGEST_BUTTON = 20
# What says that Twilio no longer has a content of ours.
_GONE = frozenset({"20404", "21655", "404"})


def make_transport(settings: Settings) -> Transport:
    """Make the way to Twilio for both channels; the settings must be there."""
    twilio = settings.channels.twilio
    assert twilio is not None
    contents = Contents(settings.home / "twilio_contents.json", twilio.account_sid)
    return TwilioTransport(
        twilio, settings.channels.public_url + STATUS_PATH, contents, _list_buttons()
    )


def _list_buttons() -> Callable[[str], str]:
    texts = load_texts()

    def title(language: str) -> str:
        try:
            return texts.get(LIST_BUTTON, language, Channel.WHATSAPP)
        except ContentError:
            return ""

    return title


class TwilioTransport:
    """WhatsApp and SMS through one account."""

    name = "twilio"

    def __init__(
        self,
        settings: TwilioSettings,
        status_url: str,
        contents: Contents,
        list_button: Callable[[str], str],
    ) -> None:
        """Have statuses sent to `status_url`; `list_button` names what opens a list."""
        self._settings = settings
        self._status_url = status_url
        self._contents = contents
        self._list_button = list_button
        self._files = Files(settings)
        # Neither requests' session nor the place of the last answer is made for two threads.
        self._own = threading.local()

    def send(self, parcel: Parcel) -> Delivery:
        """Give one message to Twilio and say how it ended."""
        if not self._has_sender(parcel.channel):
            return ended("no_sender")
        if parcel.channel == Channel.SMS:
            # Bare text is all there is: an SMS knows no window and no template.
            return self._create(parcel, body=form(parcel.reply, Channel.SMS).text)
        if parcel.template:
            # Nothing is filled in: it must say nothing about her.
            template = self._settings.template_sid
            return self._create(parcel, content_sid=template) if template else ended("no_template")
        made = form(parcel.reply, Channel.WHATSAPP)
        return self._with_choices(parcel, made) or self._create(parcel, body=made.plain)

    def fetch(self, source: str, limit: int) -> Iterable[bytes]:
        """Give a file that a caller sent; see files.Files for what it raises."""
        return self._files.fetch(source, limit)

    def _with_choices(self, parcel: Parcel, made: Form) -> Delivery | None:
        """Send with buttons or a list; None when they have to stand in the text as numbers."""
        content = self._content(parcel, made)
        if content is None:
            return None
        described, variables = content
        sid = self._contents.find(self._client(), described)
        if sid is None:
            return None
        done = self._create(parcel, content_sid=sid, content_variables=variables)
        if done.code in _GONE:
            self._contents.forget(described)
        # Refused means not gone out, and numbers in the text do as well. Anything else stands.
        about_buttons = done.end is End.REFUSED or done.code in _GONE
        return None if about_buttons else done

    def _content(self, parcel: Parcel, made: Form) -> tuple[dict[str, Any], str] | None:
        count = len(made.titles)
        if made.picker is Picker.BUTTONS:
            return quick_reply(count), filled(made.text, parcel.id, made.titles)
        button = self._list_button(parcel.language)
        if made.picker is Picker.LIST and 0 < len(button) <= _LONGEST_BUTTON:
            return list_picker(count), filled(made.text, parcel.id, made.titles, button)
        return None

    def _create(self, parcel: Parcel, **what: str) -> Delivery:
        client = self._client()
        try:
            message = client.messages.create(
                to=_address(parcel),
                # By our own number in it we learn of a message whose answer was lost.
                status_callback=f"{self._status_url}?o={parcel.id}",
                **self._sender(parcel.channel),
                **what,
            )
        except (TwilioException, requests.RequestException, ValueError) as error:
            return failed(error, client.http_client.retry_after)
        if not message.sid:
            return ended("garbled")
        if message.status in {"failed", "undelivered"}:
            # Taken and refused in one: it has a number, and it will never arrive.
            refused = ended(message.error_code or "default")
            return replace(refused, provider_id=message.sid)
        return Delivery(end=End.SENT, provider_id=message.sid)

    def _has_sender(self, channel: str) -> bool:
        if channel == Channel.WHATSAPP:
            return bool(self._settings.whatsapp_sender)
        return channel == Channel.SMS and bool(
            self._settings.sms_sender or self._settings.messaging_service_sid
        )

    def _sender(self, channel: str) -> dict[str, str]:
        if channel == Channel.WHATSAPP:
            return {"from_": f"whatsapp:{self._settings.whatsapp_sender}"}
        if self._settings.messaging_service_sid:
            return {"messaging_service_sid": self._settings.messaging_service_sid}
        return {"from_": self._settings.sms_sender}

    def _client(self) -> Any:
        if not hasattr(self._own, "client"):
            self._own.client = make_client(self._settings)
        return self._own.client


def _address(parcel: Parcel) -> str:
    prefix = "whatsapp:" if parcel.channel == Channel.WHATSAPP else ""
    return prefix + parcel.address
