"""Every kind of update becomes what it means; nothing that Telegram may send does harm."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.telegram.parse import Heard, parse_update
from hotline.messages import Channel, InboundMessage, Kind, Media
from tests.channels.telegram.updates import (
    CHANNEL,
    CHAT,
    GROUP,
    SITI,
    command,
    file,
    membership,
    message,
    photo_size,
    reaction,
    tap,
    text,
)

# The library warns of how it will one day give times that we never read.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
NOW = datetime(2024, 11, 22, 5, 0, tzinfo=UTC)
PLAIN = InboundMessage(
    channel=Channel.TELEGRAM,
    provider_id="5001",
    address="770001",
    text="",
    received_at=NOW,
    ref="31",
)
PLACE = {"latitude": 1.4927, "longitude": 103.7414}
SIDES = {"width": 240, "height": 240}


def heard(update: Any) -> Heard:
    """Read an update at noon."""
    return parse_update(update, NOW)


MESSAGES: dict[str, tuple[Any, dict[str, Any]]] = {
    "a text": (text("paspor saya diambil"), {"text": "paspor saya diambil"}),
    "a text with a link": (
        text("https://example.org", entities=[{"type": "url", "offset": 0, "length": 19}]),
        {"text": "https://example.org"},
    ),
    "start": (command("/start"), {"text": "halo"}),
    "start from a poster": (command("/start lapor"), {"text": "saya mau lapor"}),
    "start with anything else": (command("/start Ab_9-x"), {"text": "halo"}),
    "stop": (command("/stop"), {"text": "STOP"}),
    "help, with the bot's name": (command("/help@ResepBot"), {"text": "menu"}),
    "a command of no list": (command("/cek_gaji PT Maju"), {"text": "cek gaji PT Maju"}),
    "a slash that is no command": (text("/ lapor"), {"text": "/ lapor"}),
    "a photo": (
        message(photo=[photo_size("small", 1000), photo_size("large", 90000)], caption="kontrak"),
        {
            "kind": Kind.PHOTO,
            "text": "kontrak",
            "media": (Media(Kind.PHOTO, "large", "", "image/jpeg", 90000),),
        },
    ),
    "a photo too large in its largest size": (
        message(photo=[photo_size("small", 1000), photo_size("large", 21_000_000)]),
        {"kind": Kind.PHOTO, "media": (Media(Kind.PHOTO, "small", "", "image/jpeg", 1000),)},
    ),
    "a document": (
        message(document=file(file_name="kontrak.pdf", mime_type="application/pdf")),
        {
            "kind": Kind.DOCUMENT,
            "media": (Media(Kind.DOCUMENT, "BQAD", "kontrak.pdf", "application/pdf", 4000),),
        },
    ),
    "a voice note": (
        message(voice=file(duration=4, mime_type="audio/ogg")),
        {"kind": Kind.VOICE, "media": (Media(Kind.VOICE, "BQAD", "", "audio/ogg", 4000),)},
    ),
    "a piece of music": (
        message(audio=file(duration=4, mime_type="audio/mpeg", file_name="a.mp3")),
        {"kind": Kind.VOICE, "media": (Media(Kind.VOICE, "BQAD", "a.mp3", "audio/mpeg", 4000),)},
    ),
    "a video": (
        message(video=file(duration=4, **SIDES), caption="tempat kerja"),
        {
            "kind": Kind.VIDEO,
            "text": "tempat kerja",
            "media": (Media(Kind.VIDEO, "BQAD", "", "", 4000),),
        },
    ),
    "a round video": (
        message(video_note=file(duration=4, length=240)),
        {"kind": Kind.VIDEO, "media": (Media(Kind.VIDEO, "BQAD", "", "", 4000),)},
    ),
    "a moving picture": (
        message(animation=file("GIF", duration=1, **SIDES), document=file("GIF")),
        {"kind": Kind.VIDEO, "media": (Media(Kind.VIDEO, "GIF", "", "", 4000),)},
    ),
    "a location": (message(location=PLACE), {"kind": Kind.LOCATION, "place": (1.4927, 103.7414)}),
    "a venue": (
        message(
            venue={"location": PLACE, "title": "Asrama 3", "address": "Jalan Tebrau"},
            location=PLACE,
        ),
        {"kind": Kind.LOCATION, "place": (1.4927, 103.7414), "text": "Asrama 3, Jalan Tebrau"},
    ),
    "her own contact": (
        message(
            contact={"phone_number": "60123000001", "first_name": "Siti", "user_id": SITI["id"]}
        ),
        {"kind": Kind.CONTACT, "contact": "60123000001", "own_contact": True},
    ),
    "somebody else's contact": (
        message(contact={"phone_number": "+62811000", "first_name": "Pak", "last_name": "Agus"}),
        {"kind": Kind.CONTACT, "contact": "+62811000", "text": "Pak Agus"},
    ),
    "another account's contact with her name": (
        message(contact={"phone_number": "+62811000", "first_name": "Siti", "user_id": 1}),
        {"kind": Kind.CONTACT, "contact": "+62811000", "text": "Siti"},
    ),
    "a sticker": (
        message(
            sticker=file(type="regular", is_animated=False, is_video=False, emoji="😭", **SIDES)
        ),
        {"kind": Kind.STICKER, "text": "😭"},
    ),
    "a poll": (
        message(
            poll={
                "id": "1",
                "question": "Boleh?",
                "options": [],
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
                "allows_revoting": False,
                "members_only": False,
            }
        ),
        {"kind": Kind.OTHER, "text": "Boleh?"},
    ),
    "a die": (message(dice={"emoji": "🎲", "value": 3}), {"kind": Kind.OTHER, "text": "🎲"}),
    "what nobody knows yet": (message(hologram={"file_id": "x"}), {"kind": Kind.OTHER}),
    "unknown fields": (text("halo", mood={"a": 1}), {"text": "halo"}),
    "an answer to something that the library cannot read": (
        message(
            photo=[photo_size("small", 1000)],
            reply_to_message={"poll": {"id": "1"}},
            quote=7,
        ),
        {"kind": Kind.PHOTO, "media": (Media(Kind.PHOTO, "small", "", "image/jpeg", 1000),)},
    ),
    "half a character": (text("halo \ud83d"), {"text": "halo \ufffd"}),
    "an edit": (text("saya di Johor", kind="edited_message"), {"kind": Kind.EDIT}),
    "a location that moves": (
        message(kind="edited_message", location=PLACE),
        {"kind": Kind.EDIT, "place": (1.4927, 103.7414)},
    ),
    "a tap": (tap("c:17:2"), {"kind": Kind.PICK, "pick": (17, 2), "text": "Ya", "ref": "30"}),
    "a tap on a message that is too old": (
        tap("c:17:2", shown={"chat": CHAT, "message_id": 12, "date": 0}),
        {"kind": Kind.PICK, "pick": (17, 2), "ref": "12"},
    ),
    "a tap on an older bot's button": (tap("menu/1"), {"text": "Ya", "ref": "30"}),
    "a reaction": (reaction("👍"), {"kind": Kind.REACTION, "text": "👍", "ref": "30"}),
    "a reaction taken back": (reaction(), {"kind": Kind.REACTION, "ref": "30"}),
    "a text that the library cannot read": (
        {"update_id": 5001, "message": {"message_id": 31, "chat": CHAT, "text": "tolong"}},
        {"text": "tolong"},
    ),
    "something that the library cannot read": (
        {"update_id": 5001, "message": {"message_id": 31, "chat": CHAT, "photo": 7}},
        {"kind": Kind.OTHER},
    ),
}
EDITED = {"an edit": "saya di Johor"}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_becomes_what_it_means(name: str) -> None:
    """Each kind in the Bot API's own form."""
    update, changes = MESSAGES[name]
    wanted = replace(PLAIN, **{"text": EDITED.get(name, ""), **changes})
    assert heard(update).message == wanted


HAPPENINGS: dict[str, tuple[Any, dict[str, Any]]] = {
    "she blocks the bot": (membership("kicked"), {"blocked": "770001"}),
    "she unblocks it": (membership("member"), {"unblocked": "770001"}),
    "put into a group": (membership("member", chat=GROUP), {"leave": -1009001}),
    "put out of a group": (membership("left", chat=GROUP), {}),
    "made admin of a channel": (
        membership("member", chat=CHANNEL),
        {},
    ),
    "a text in a group": (text("halo", chat=GROUP), {"leave": -1009001}),
    "a text in a channel": (text("halo", kind="channel_post", chat=CHANNEL), {}),
    "a reaction in a group": (reaction("👍", chat=GROUP), {}),
    "a tap in a group": (
        tap("c:1:1", shown={"chat": GROUP, "message_id": 3, "date": 0}),
        {"query": "4382bfdwdsb323b2d9"},
    ),
    "a pinned message": (message(pinned_message={"chat": CHAT, "message_id": 1, "date": 0}), {}),
    "messages that will vanish": (
        message(message_auto_delete_timer_changed={"message_auto_delete_time": 86400}),
        {},
    ),
    "a tap on a game": (
        tap(None, shown={"chat": CHAT, "message_id": 3, "date": 0}),
        {"query": "4382bfdwdsb323b2d9"},
    ),
    "another bot": (
        {
            "update_id": 1,
            "message": {
                "message_id": 1,
                "date": 0,
                "chat": CHAT,
                "from": {"id": 5, "is_bot": True, "first_name": "X"},
                "text": "halo",
            },
        },
        {},
    ),
    "a kind of update from the future": ({"update_id": 5001, "telepathy": {"x": 1}}, {}),
    "no number": ({"message": {"text": "halo"}}, {}),
    "nothing": ({}, {}),
}


@pytest.mark.parametrize("name", HAPPENINGS)
def test_what_is_no_message_is_told_or_passed_over(name: str) -> None:
    """It is never taken for what a caller said."""
    update, wanted = HAPPENINGS[name]
    got = heard(update)
    assert got.message is None
    told = {
        key: value
        for key in ("query", "blocked", "unblocked", "leave")
        if (value := getattr(got, key))
    }
    assert told == wanted
    assert got.passed_over or got.blocked or got.unblocked


def test_every_tap_asks_for_an_answer() -> None:
    """Else the button turns on her phone until Telegram gives up."""
    assert heard(tap("c:17:2")).query
    assert heard(tap("menu/1")).query


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_fields = st.sampled_from(
    "text caption photo document voice location contact sticker from chat date entities".split()
)


@settings(deadline=None)
@given(st.dictionaries(_fields, _json), st.sampled_from(("message", "edited_message")))
def test_no_update_makes_the_reader_fail(content: dict[str, Any], kind: str) -> None:
    """Whatever stands in its fields; and what is kept can be stored."""
    base = {"message_id": 1, "chat": CHAT, "from": SITI, "date": 0}
    got = heard({"update_id": 9, kind: {**base, **content}})
    if got.message is not None:
        got.message.text.encode()


@settings(deadline=None)
@given(st.dictionaries(st.text(), _json))
def test_no_payload_makes_the_reader_fail(payload: dict[str, Any]) -> None:
    """Not even one that is no update."""
    assert heard(payload).message is None or "update_id" in payload
