"""Sending through Twilio: what it gets, what each answer comes to, and nothing twice."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from channels.twilio.client import Line
from channels.twilio.sending import TwilioTransport, make_transport
from hotline.delivery import Delivery, End
from hotline.messages import Channel
from hotline.settings import Settings
from tests.channels.twilio.provider import TEMPLATE, Provider, RefusalError
from tests.channels.twilio.stand import (
    PUBLIC,
    SMS_SENDER,
    WHATSAPP_SENDER,
    made,
    parcel,
    settings_of,
)
from tests.fakes import SITI
from tests.nobody import nobody_at


def test_a_text_on_whatsapp_carries_sender_recipient_and_our_number(
    transport: TwilioTransport, provider: Provider
) -> None:
    """By our number in the status address a lost answer is found again."""
    done = transport.send(parcel("Kami di sini.", number=42))
    assert done == Delivery(end=End.SENT, provider_id=provider.accepted[0]["sid"])
    sent = provider.accepted[0]
    assert sent["To"] == f"whatsapp:{SITI}"
    assert sent["From"] == f"whatsapp:{WHATSAPP_SENDER}"
    assert sent["Body"] == "Kami di sini."
    assert sent["StatusCallback"] == f"{PUBLIC}/webhooks/twilio/status?o=42"
    assert "ContentSid" not in sent


def test_an_sms_is_gsm_7_with_a_numbered_menu(
    transport: TwilioTransport, provider: Provider
) -> None:
    """One curly quote would halve the room of the whole message."""
    done = transport.send(parcel("“Tenang” — kami baca", "Lapor", "Tanya", channel=Channel.SMS))
    assert done.end is End.SENT
    sent = provider.accepted[0]
    assert (sent["To"], sent["From"]) == (SITI, SMS_SENDER)
    assert sent["Body"] == '"Tenang" - kami baca\n1 Lapor\n2 Tanya'


def test_a_messaging_service_takes_the_place_of_the_sender(
    provider: Provider, tmp_path: Path
) -> None:
    """Never both."""
    service = "MG" + "0" * 32
    more = {"SUAR_TWILIO_SMS_SENDER": "", "SUAR_TWILIO_MESSAGING_SERVICE_SID": service}
    settings = settings_of(tmp_path, provider.address, **more)
    assert made(settings).send(parcel(channel=Channel.SMS)).end is End.SENT
    assert provider.accepted[0]["MessagingServiceSid"] == service
    assert "From" not in provider.accepted[0]


def test_the_template_goes_out_bare(transport: TwilioTransport, provider: Provider) -> None:
    """Nothing of the reply, nothing filled in."""
    done = transport.send(parcel("Polisi sudah tahu", "Lapor", template=True))
    assert done.end is End.SENT
    sent = provider.accepted[0]
    assert sent["ContentSid"] == TEMPLATE
    assert not {"Body", "ContentVariables"} & set(sent)


@pytest.mark.parametrize("missing", ["WHATSAPP_SENDER", "TEMPLATE_SID", "SMS_SENDER"])
def test_what_is_not_set_up_asks_nobody(provider: Provider, tmp_path: Path, missing: str) -> None:
    """An operator sees that her settings lack something."""
    settings = settings_of(tmp_path, provider.address, **{f"SUAR_TWILIO_{missing}": ""})
    channel = Channel.SMS if missing == "SMS_SENDER" else Channel.WHATSAPP
    one = parcel(channel=channel, template=missing == "TEMPLATE_SID")
    done = made(settings).send(one)
    assert done.end is End.MISCONFIGURED
    assert not provider.asked


@pytest.mark.parametrize(
    ("refusal", "end", "everyone"),
    [
        (RefusalError(21610), End.OPTED_OUT, False),
        (RefusalError(21211), End.UNREACHABLE, False),
        (RefusalError(21408), End.MISCONFIGURED, False),
        (RefusalError(63016), End.WINDOW_SHUT, False),
        (RefusalError(63018, 429), End.RETRY, True),
        (RefusalError(20429, 429, Retry_After="7"), End.RETRY, True),
        (RefusalError(20500, 500), End.UNCERTAIN, False),
        (RefusalError(20503, 503), End.RETRY, False),
        (RefusalError(99999, 400), End.REFUSED, False),
        (RefusalError(99999, 502), End.UNCERTAIN, False),
        (RefusalError(99999, 302), End.MISCONFIGURED, False),
    ],
)
def test_each_refusal_has_its_end(
    transport: TwilioTransport,
    provider: Provider,
    refusal: RefusalError,
    end: End,
    everyone: bool,
) -> None:
    """The code stays, with words for the responder that hold neither number nor text."""
    provider.refuse[f"whatsapp:{SITI}"] = refusal
    done = transport.send(parcel("Gaji ditahan"))
    assert (done.end, done.everyone, done.code) == (end, everyone, str(refusal.code))
    assert done.retry_after == (7.0 if refusal.headers else None)
    assert done.words
    assert SITI not in done.words
    assert "Gaji" not in done.words


def test_a_wrong_token_is_our_fault(provider: Provider, tmp_path: Path) -> None:
    """Not the caller's: no message of anybody will go out like this."""
    settings = settings_of(tmp_path, provider.address, SUAR_TWILIO_AUTH_TOKEN="f" * 32)
    done = made(settings).send(parcel())
    assert (done.end, done.code) == (End.MISCONFIGURED, "20003")


def test_a_shut_window_lets_the_template_through(
    transport: TwilioTransport, provider: Provider
) -> None:
    """Free text is refused with 63016, the template is taken."""
    provider.refuse[f"whatsapp:{SITI}"] = RefusalError(63016)
    assert transport.send(parcel()).end is End.WINDOW_SHUT
    assert transport.send(parcel(template=True)).end is End.SENT


def test_nobody_there_is_tried_later(tmp_path: Path) -> None:
    """No connection: nothing has left."""
    with nobody_at() as port:
        done = made(settings_of(tmp_path, f"http://127.0.0.1:{port}")).send(parcel())
    assert (done.end, done.code) == (End.RETRY, "connect")


@pytest.mark.parametrize("how", ["silent", "dropped", "garbled"])
def test_a_lost_answer_is_uncertain_and_nothing_is_sent_twice(
    settings: Settings, provider: Provider, how: str
) -> None:
    """Twilio has taken it and we do not know: that is said, not repeated."""
    done = threading.Event()

    def lose(handler: BaseHTTPRequestHandler) -> bool:
        if how == "silent":
            done.wait(100)
        elif how == "garbled":
            handler.wfile.write(b'HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\n{"sid')
            return True
        handler.connection.close()
        handler.close_connection = True
        return True

    provider.after = lose
    way = made(settings)
    way._client().http_client.timeout = (60, 0.3 if how == "silent" else 60)
    delivery = way.send(parcel("Kami di sini."))
    assert delivery.end is End.UNCERTAIN
    # A slow provider takes it only after we have stopped waiting.
    deadline = time.monotonic() + 60
    while not provider.accepted and time.monotonic() < deadline:
        time.sleep(0.02)
    done.set()
    assert len(provider.accepted) == 1


def test_many_threads_share_one_transport(transport: TwilioTransport, provider: Provider) -> None:
    """Each answer goes to whom it belongs, and the content is made once."""
    results: dict[int, Delivery] = {}

    def send(number: int) -> None:
        results[number] = transport.send(parcel(f"nomor {number}", "A", "B", number=number))

    threads = [threading.Thread(target=send, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = {one["sid"]: one["StatusCallback"] for one in provider.accepted}
    assert len(ids) == 12
    for number, done in results.items():
        assert ids[str(done.provider_id)].endswith(f"?o={number}")
    assert provider.asked["/v1/Content"] == 1


def test_the_log_holds_neither_number_nor_text_nor_token(
    transport: TwilioTransport, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    """Twilio's library would write addresses and parameters at INFO."""
    caplog.set_level(logging.INFO)
    provider.refuse[SITI] = RefusalError(21610)
    transport.send(parcel("Gaji ditahan", "A", "B"))
    transport.send(parcel("Gaji ditahan", channel=Channel.SMS))
    log = caplog.text
    assert SITI[1:] not in log
    assert "Gaji" not in log
    assert "0123456789abcdef" not in log


def test_the_transport_is_made_from_settings(settings: Settings, provider: Provider) -> None:
    """As the sender makes it."""
    assert make_transport(settings).send(parcel()).end is End.SENT


def test_the_real_address_is_twilios(tmp_path: Path) -> None:
    """Without another address in the settings nothing is rewritten, and time is limited."""
    twilio = settings_of(tmp_path).channels.twilio
    assert twilio is not None
    line = Line(replace(twilio, api="").api)
    assert line.timeout == (5.0, 15.0)
    assert line._api.netloc == ""
