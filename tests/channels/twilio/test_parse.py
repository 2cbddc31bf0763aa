"""What each thing a phone can send becomes, in the fields Twilio tells it with."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.twilio.parse import parse_message
from channels.twilio.status import Told, is_status, parse_status
from hotline.messages import Channel, InboundMessage, Kind, Media, OutboxState
from tests.channels.twilio.stand import SID, incoming, status
from tests.fakes import NOON, SITI

AT = datetime.fromtimestamp(NOON, UTC)
FILE = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"


def one(**fields: str) -> InboundMessage:
    """Parse a message with these fields in place of the usual ones."""
    messages = parse_message({**incoming(), **fields}, AT)
    assert len(messages) == 1
    return messages[0]


def test_a_text_on_whatsapp_keeps_what_is_needed_and_no_more() -> None:
    """Neither the profile's name nor the WhatsApp id is taken over."""
    assert parse_message(incoming("saya dikurung"), AT) == [
        InboundMessage(
            channel=Channel.WHATSAPP,
            provider_id=SID,
            address=SITI,
            text="saya dikurung",
            received_at=AT,
        )
    ]


def test_a_text_by_sms_has_its_own_channel() -> None:
    """The prefix tells."""
    message = one(From="+6281200000001", To="+14155550100", Body="halo")
    assert (message.channel, message.address) == (Channel.SMS, "+6281200000001")


@pytest.mark.parametrize(
    ("sender", "other", "address"),
    [
        ("whatsapp:ID.15026394655843", "", "ID.15026394655843"),
        ("", "ID.15026394655843", "ID.15026394655843"),
        ("", "whatsapp:ID.15026394655843", "ID.15026394655843"),
        (f"whatsapp:{SITI}", "ID.15026394655843", SITI),
    ],
)
def test_a_person_without_a_number_is_known_by_whatsapps_own_id(
    sender: str, other: str, address: str
) -> None:
    """A name on WhatsApp may hide the number; it is no number then, and is not made one."""
    message = one(From=sender, ExternalUserId=other)
    assert (message.channel, message.address) == (Channel.WHATSAPP, address)


@pytest.mark.parametrize("sender", ["Telkomsel", "3355", "messenger:123", "whatsapp:", "", "+"])
def test_a_sender_that_nobody_can_answer_is_left_alone(sender: str) -> None:
    """Two machines would answer each other for ever."""
    assert parse_message({**incoming(), "From": sender}, AT) == []


def test_a_message_without_a_number_of_its_own_is_not_stored() -> None:
    """It could not be told from its repeats."""
    fields = incoming()
    for name in ("MessageSid", "SmsMessageSid", "SmsSid"):
        del fields[name]
    assert parse_message(fields, AT) == []


@pytest.mark.parametrize(
    ("fields", "pick", "text"),
    [
        ({"ButtonPayload": "c:12:2", "ButtonText": "Lapor", "Body": "Lapor"}, (12, 2), "Lapor"),
        ({"ListId": "c:12:10", "ListTitle": "Malaysia", "Body": ""}, (12, 10), "Malaysia"),
        ({"ButtonPayload": "c:12:2", "Body": "Lapor"}, (12, 2), "Lapor"),
        ({"ButtonPayload": "confirm", "ButtonText": "Ya"}, None, "Ya"),
        ({"ButtonPayload": "c:12:2; x", "ButtonText": "Ya"}, None, "Ya"),
        ({"ButtonPayload": "c:" + "9" * 30 + ":1", "ButtonText": "Ya"}, None, "Ya"),
        ({"ButtonPayload": "c:1:0", "ButtonText": "Ya"}, None, "Ya"),
        ({"ButtonText": "Ya", "Body": "Ya"}, None, "Ya"),
    ],
)
def test_a_tap_names_our_message_and_the_place(
    fields: dict[str, str], pick: tuple[int, int] | None, text: str
) -> None:
    """What is not ours falls back to the words on the button."""
    message = one(**fields)
    assert (message.kind, message.pick, message.text) == (Kind.PICK, pick, text)


@pytest.mark.parametrize(
    ("declared", "named", "kind"),
    [
        ("image/jpeg", "image", Kind.PHOTO),
        ("audio/ogg; codecs=opus", "audio", Kind.VOICE),
        ("video/mp4", "video", Kind.VIDEO),
        ("application/pdf", "document", Kind.DOCUMENT),
        ("text/vcard", "contacts", Kind.CONTACT),
        ("text/x-vcard", "contacts", Kind.CONTACT),
        ("image/webp", "sticker", Kind.STICKER),
        ("", "", Kind.DOCUMENT),
    ],
)
def test_a_file_is_named_with_where_to_fetch_it(declared: str, named: str, kind: Kind) -> None:
    """The caption stays beside it."""
    message = one(
        Body="ini paspor",
        NumMedia="1",
        MediaUrl0=FILE,
        MediaContentType0=declared,
        MessageType=named,
    )
    bare = declared.partition(";")[0]
    assert message.kind is kind
    assert message.media == (Media(kind, FILE, declared_type=bare),)
    assert message.text == "ini paspor"


def test_ten_files_come_along_whatever_their_number_says() -> None:
    """A wrong count must not lose evidence."""
    files = {f"MediaUrl{n}": f"{FILE}{n}" for n in range(12)}
    message = one(NumMedia="x", **files)
    assert [file.source for file in message.media] == [f"{FILE}{n}" for n in range(10)]


def test_a_place_has_degrees_and_what_it_is_called() -> None:
    """It answers the question where."""
    message = one(
        Body="", Latitude="-6.2", Longitude="106.81", Label="Kos Melati", Address="Jl. Mawar 3"
    )
    assert message.kind is Kind.LOCATION
    assert message.place == (-6.2, 106.81)
    assert message.text == "Kos Melati, Jl. Mawar 3"


@pytest.mark.parametrize("latitude", ["nan", "inf", "91", "-91", "", "sini", "1e400"])
def test_a_place_that_is_none_is_not_believed(latitude: str) -> None:
    """The words beside it count all the same."""
    message = one(Body="di sini", Latitude=latitude, Longitude="106.8")
    assert (message.kind, message.place, message.text) == (Kind.TEXT, None, "di sini")


@pytest.mark.parametrize(
    ("named", "body", "kind"),
    [
        ("reaction", "👍", Kind.REACTION),
        ("sticker", "", Kind.STICKER),
        ("edited", "bukan Kuwait, Qatar", Kind.EDIT),
        ("deleted", "", Kind.DELETED),
        ("order", "", Kind.OTHER),
        ("something new", "tolong", Kind.TEXT),
        ("text", "", Kind.OTHER),
        ("interactive", "", Kind.OTHER),
    ],
)
def test_what_we_have_no_word_for_does_no_harm(named: str, body: str, kind: Kind) -> None:
    """Words are read whatever the thing is called."""
    message = one(Body=body, MessageType=named, InteractiveData='{"a": 1}', NewField="x")
    assert (message.kind, message.text) == (kind, body)


@pytest.mark.parametrize(
    ("told", "body", "text"),
    [("STOP", "berhenti", "STOP"), ("START", "mulai", "START"), ("HELP", "bantuan", "bantuan")],
)
def test_an_opt_out_has_one_word_whatever_was_typed(told: str, body: str, text: str) -> None:
    """The account may have words of its own for it."""
    assert one(OptOutType=told, Body=body).text == text


def test_an_advertisement_she_came_from_is_not_kept() -> None:
    """Where she clicked is her own affair."""
    message = one(
        ReferralHeadline="Loker", ReferralSourceUrl="https://fb.me/x", ReferralMediaUrl="https://x"
    )
    assert message == one()


@given(st.dictionaries(st.text(max_size=12) | st.sampled_from(list(incoming())), st.text()))
def test_no_field_of_any_kind_breaks_it(fields: dict[str, str]) -> None:
    """Twilio adds fields without telling."""
    for message in parse_message({**incoming(), **fields}, AT):
        assert message.address
        message.details()
    parse_status(fields, fields.get("o", ""))


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("queued", OutboxState.SENT),
        ("sending", OutboxState.SENT),
        ("sent", OutboxState.SENT),
        ("partially_delivered", OutboxState.SENT),
        ("delivered", OutboxState.DELIVERED),
        ("read", OutboxState.READ),
        ("undelivered", OutboxState.FAILED),
        ("failed", OutboxState.FAILED),
        ("canceled", OutboxState.FAILED),
    ],
)
def test_each_status_is_one_of_ours(word: str, state: OutboxState) -> None:
    """With our own number of the message, if the address had it."""
    told = parse_status(status(word, ErrorCode="30003"), "12")
    assert told == Told(SID, word, state, "30003", 12)


@pytest.mark.parametrize("word", ["", "received", "something_new"])
def test_a_status_we_have_no_use_for_changes_nothing(word: str) -> None:
    """Neither does one that a later version invents."""
    assert parse_status(status(word), "12") is None


@pytest.mark.parametrize("number", ["", "x", "-1", "1.5", "²", "9" * 30])
def test_a_number_that_is_not_ours_is_none(number: str) -> None:
    """The message is then found by Twilio's number."""
    told = parse_status(status(), number)
    assert told is not None
    assert told.outbox_id is None


def test_a_status_is_known_at_either_address() -> None:
    """An operator who swaps the two must not make us write to ourselves."""
    assert is_status(status("sent"))
    assert not is_status(incoming())
    without = incoming()
    del without["SmsStatus"]
    assert not is_status(without)
