"""Against what Twilio itself has published: its interface's description, and its other library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from channels.twilio.contents import Contents, list_picker, quick_reply
from channels.twilio.sending import TwilioTransport
from channels.twilio.signature import genuine, read_form
from hotline.delivery import End
from hotline.messages import Channel
from tests.channels.twilio.provider import ACCOUNT, PARAMETERS, TOKEN
from tests.channels.twilio.published import parameters, serving, signatures
from tests.channels.twilio.stand import PUBLIC, incoming, made, parcel, settings_of, signed, status
from tests.fakes import SITI

URL = f"{PUBLIC}/webhooks/twilio"


@pytest.fixture(scope="module")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Twilio's description, checking every request."""
    with serving(tmp_path_factory.mktemp("prism")) as address:
        yield address


def transport(prism: str, home: Path, **more: str) -> TwilioTransport:
    settings = settings_of(home, prism, **more)
    twilio = settings.channels.twilio
    assert twilio is not None
    contents = Contents(home / "twilio_contents.json", ACCOUNT)
    return TwilioTransport(twilio, f"{URL}/status", contents, lambda language: "Pilih")


SERVICE = {"SUAR_TWILIO_SMS_SENDER": "", "SUAR_TWILIO_MESSAGING_SERVICE_SID": "MG" + "0" * 32}
SENT = {
    "a text on WhatsApp": (parcel("Kami\ndi sini 😢"), {}),
    "an SMS": (parcel("Kami di sini", "Lapor", channel=Channel.SMS), {}),
    "an SMS through a service": (parcel("Kami di sini", channel=Channel.SMS), SERVICE),
    "buttons": (parcel("Apa?", "Lapor", "Tanya"), {}),
    "a list": (parcel("Negara?", *"ABCDEF"), {}),
    "the template": (parcel(template=True), {}),
}


@pytest.mark.parametrize("name", SENT)
def test_what_we_send_is_what_twilio_describes(prism: str, tmp_path: Path, name: str) -> None:
    """Every parameter is known, of the right form, and none is missing."""
    one, more = SENT[name]
    done = transport(prism, tmp_path, **more).send(one)
    assert (done.end, done.words) == (End.SENT, "")
    assert str(done.provider_id).startswith(("SM", "MM"))
    made = (tmp_path / "twilio_contents.json").exists()
    assert made is (name in {"buttons", "a list"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"messaging_service_sid": "nope", "sms_sender": ""},
        {"template_sid": "HX123"},
    ],
)
def test_the_description_refuses_what_is_wrong(
    prism: str, tmp_path: Path, wrong: dict[str, str]
) -> None:
    """Else the tests before would prove nothing. Our settings refuse such values earlier."""
    is_template = "template_sid" in wrong
    channel = Channel.WHATSAPP if is_template else Channel.SMS
    settings = settings_of(tmp_path, prism)
    assert settings.channels.twilio is not None
    twilio = replace(settings.channels.twilio, **wrong)
    changed = replace(settings, channels=replace(settings.channels, twilio=twilio))
    done = made(changed).send(parcel(channel=channel, template=is_template))
    assert (done.end, done.code) == (End.REFUSED, "422")


def test_the_description_refuses_a_message_to_nobody(prism: str) -> None:
    """It is the one parameter that is always needed."""
    address = f"{prism}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    fields = {"From": SITI, "Body": "x"}
    answer = requests.post(address, data=fields, auth=(ACCOUNT, TOKEN), timeout=120)
    assert answer.status_code == 422


def test_our_own_twilio_knows_no_parameter_that_is_not_described() -> None:
    """Prism lets names pass that it does not know; ours refuses them."""
    assert parameters() >= PARAMETERS


@pytest.mark.parametrize("content", [quick_reply(3), list_picker(10)])
def test_each_content_is_described_and_a_changed_one_is_not(
    prism: str, content: dict[str, object]
) -> None:
    """Down to the names of its parts."""
    for changed, expected in ((content, 201), (_broken(content), 422)):
        answer = requests.post(
            f"{prism}/v1/Content", json=changed, auth=(ACCOUNT, TOKEN), timeout=120
        )
        assert answer.status_code == expected, answer.text


def _broken(content: dict[str, object]) -> dict[str, object]:
    return json.loads(json.dumps(content).replace('"body"', '"text"'))  # type: ignore[no-any-return]


BODIES = [
    incoming("saya dikurung 😢 & dipukul + 50% 'tolong' \"cepat\""),
    incoming("", NumMedia="1", MediaUrl0="https://api.twilio.com/x?y=1", FromCity=""),
    incoming("Lapor", ButtonPayload="c:1:2", ButtonText="Lapor"),
    status("delivered", ErrorCode=""),
]


def test_what_twilios_other_library_signs_is_known() -> None:
    """Forms with every kind of letter, with a query, and a body of JSON."""
    url = f"{URL}/status?o=12&n=it%27s+%C3%BC"
    text = json.dumps({"a": "ü😢"}, ensure_ascii=False)
    cases = [{"url": url, "params": fields, "token": TOKEN} for fields in BODIES]
    made = signatures([*cases, {"url": URL, "body": text, "token": TOKEN}])
    twilio = settings_of(Path("/nowhere")).channels.twilio
    assert twilio is not None
    for fields, one in zip(BODIES, made, strict=False):
        form = read_form(bytes(signed(fields)["content"]))  # type: ignore[call-overload]
        known = {"url": url, "signature": one["signature"], "signed_with": ""}
        assert genuine(twilio, sent=form, **known)
        assert not genuine(twilio, sent=read_form(b"Body=x"), **known)
    body = {"url": made[-1]["url"], "signature": made[-1]["signature"], "signed_with": ""}
    assert genuine(twilio, sent=text, **body)
    assert not genuine(twilio, sent=text + " ", **body)
