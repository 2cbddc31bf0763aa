"""Makes of everything a phone can send what the guard reads and the bot is asked.

Nothing but words and taps is ever taken for an answer: a sticker or a thumb agrees to nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from channels.desk import Desk, Heard, clean
from hotline import reading
from hotline.errors import KeyringError
from hotline.messages import Kind
from store import earlier, tickets, transcript
from store.conversations import Conversation
from store.inbox import Waiting
from store.transcript import Offered

MEDIA = frozenset({Kind.PHOTO, Kind.DOCUMENT, Kind.VOICE, Kind.VIDEO})
_SMALL = frozenset({Kind.STICKER, Kind.REACTION, Kind.OTHER})
_KEPT, _TOO_LARGE = "kept", "too_large"  # the outcomes of a file without words
_FILES = frozenset({_KEPT, _TOO_LARGE})
_NO_WORDS = "no_words"  # the outcome of what was answered with "please use words"
_ALBUM = 20.0  # seconds; photos sent together come as several messages
# Payloads that answer the question they stand under; all others begin something of their own.
_ANSWERS = ("/inform", "/affirm", "/deny")


def hear(desk: Desk, connection: sa.Connection, known: Conversation, waiting: Waiting) -> Heard:
    """Read one message, writing nothing; raises KeyringError when it does not open."""
    if waiting.unreadable:
        raise KeyringError(f"message {waiting.id} does not open")
    if earlier.changed_later(connection, desk.vault.keyring, known.id, waiting):
        # The guard reads what she took back too; the newer words get the answer.
        return Heard(whole=_whole(waiting.text), silent=True, outcome="changed")
    return _READERS.get(waiting.kind, _text)(desk, connection, known, waiting)


def _whole(text: str) -> str:
    return clean(text, len(text))


def _said(desk: Desk, text: str) -> Heard:
    return Heard(text=clean(text, desk.max_text), whole=_whole(text))


def _text(desk: Desk, _connection: sa.Connection, _known: Conversation, waiting: Waiting) -> Heard:
    return _said(desk, waiting.text)


def _pick(desk: Desk, connection: sa.Connection, known: Conversation, waiting: Waiting) -> Heard:
    """Look the tapped choice up in our own message; what we did not offer is only its words."""
    offered: Offered | None = None
    if waiting.pick is not None:
        where = (connection, desk.vault.keyring, known.id)
        offered = transcript.offered(*where, outbox_id=waiting.pick[0])
    place = waiting.pick[1] if waiting.pick else 0
    if offered is None or not 1 <= place <= len(offered.choices):
        if not waiting.text.strip():
            return Heard(instead="utter_use_words", outcome=_NO_WORDS)
        return _said(desk, waiting.text)
    choice = offered.choices[place - 1]
    if not offered.latest and choice.payload.startswith(_ANSWERS):
        # A "yes" under an older question would agree to whatever was asked last.
        return Heard(instead="utter_old_choice", outcome="old_choice")
    # The title is ours: the guard has nothing to find in it.
    return Heard(text=clean(choice.title, desk.max_text), choice=choice)


def _media(desk: Desk, connection: sa.Connection, known: Conversation, waiting: Waiting) -> Heard:
    """Keep a file as evidence; its caption is read like any text."""
    kept = transcript.attachments_of(connection, waiting.id)
    facts = tuple(("evidence", f"{waiting.kind.value} {one}") for one in kept) or (
        ("evidence", waiting.kind.value),
    )
    if reading.has_letters(waiting.text):
        said = _said(desk, waiting.text)
        return Heard(text=said.text, whole=said.whole, facts=facts, shared="caption")
    before = earlier.handled_before(connection, known.id, waiting.id)
    again = before is not None and before.kind in MEDIA and before.outcome in _FILES
    near = before is not None and waiting.received_at - before.received_at <= _ALBUM
    voice = waiting.kind is Kind.VOICE
    # What will be refused must not be called kept.
    too_large = transcript.largest_file(connection, waiting.id) > desk.media_bytes
    outcome = _TOO_LARGE if too_large else _KEPT
    album = again and near and before is not None and before.outcome == outcome
    answer = "utter_voice_received" if voice else "utter_media_received"
    ticket = tickets.open_ticket_of(connection, desk.vault.keyring, known.id)
    alone = again and not near
    return Heard(
        facts=facts,
        instead="utter_media_too_large" if too_large else answer,
        silent=album,
        outcome=outcome,
        person="only_media" if alone else "media_received" if voice or ticket else None,
    )


def _location(
    desk: Desk, _connection: sa.Connection, known: Conversation, waiting: Waiting
) -> Heard:
    """Say in words where she is, so that the place answers "where"."""
    if waiting.place is None:
        return _said(desk, waiting.text)
    latitude, longitude = waiting.place
    at = f"{latitude:.5f},{longitude:.5f}"
    country = desk.country_at(latitude, longitude)
    name = "utter_phrase_location" if country else "utter_phrase_location_only"
    told = desk.say(known, name, place=country, at=at).text
    label = clean(waiting.text, desk.max_text)
    fact = f"{at} ({country})" if country else at
    return Heard(
        text=clean(f"{told} {label}", desk.max_text),
        whole=_whole(waiting.text),
        facts=(("location", fact),),
        shared="location",
    )


def _contact(desk: Desk, connection: sa.Connection, known: Conversation, waiting: Waiting) -> Heard:
    number = clean(waiting.contact, 40)
    cards = transcript.attachments_of(connection, waiting.id)
    if not number and not cards:
        return _said(desk, waiting.text)
    # Some providers give the card as a file, which is not opened.
    name = "utter_phrase_contact" if number else "utter_phrase_contact_only"
    told = desk.say(known, name, number=number).text
    facts = (
        [("shared_contact", number)] if number else [("evidence", f"contact {c}") for c in cards]
    )
    return Heard(
        text=clean(f"{told} {waiting.text}", desk.max_text),
        whole=_whole(waiting.text),
        facts=tuple(facts),
        shared="" if waiting.own_contact else "contact",
    )


def _small(desk: Desk, connection: sa.Connection, known: Conversation, waiting: Waiting) -> Heard:
    """Stay silent on stickers and thumbs, but ask once for words where words are waited for."""
    if waiting.kind is Kind.OTHER and reading.has_letters(waiting.text):
        return _said(desk, waiting.text)
    before = earlier.handled_before(connection, known.id, waiting.id)
    asked_for_words = before is not None and before.outcome in {_NO_WORDS, "silent"}
    waited_for = (
        before is None
        or waiting.kind is Kind.OTHER
        or transcript.last_asks(connection, desk.vault.keyring, known.id)
    )
    if waited_for and not asked_for_words:
        return Heard(instead="utter_use_words", outcome=_NO_WORDS)
    return Heard(silent=True, outcome="silent")


def _edit(desk: Desk, connection: sa.Connection, known: Conversation, waiting: Waiting) -> Heard:
    """Read the new words; what was answered already is not answered again, unless it is danger."""
    said = _said(desk, waiting.text)
    old = earlier.find_ref(connection, desk.vault.keyring, known.id, waiting.ref, before=waiting.id)
    answered = old is not None and old.outcome not in {"changed", ""}
    if answered and desk.guard.read(said.whole) is None:
        return Heard(text=said.text, whole=said.whole, silent=True, outcome="edited")
    return said


def _deleted(desk: Desk, connection: sa.Connection, known: Conversation, waiting: Waiting) -> Heard:
    old = earlier.find_ref(connection, desk.vault.keyring, known.id, waiting.ref, before=waiting.id)
    return Heard(silent=True, outcome="deleted", deletes=old.id if old else None)


_Reader = Callable[[Desk, sa.Connection, Conversation, Waiting], Heard]
_READERS: dict[Kind, _Reader] = {
    Kind.TEXT: _text,
    Kind.PICK: _pick,
    Kind.LOCATION: _location,
    Kind.CONTACT: _contact,
    Kind.EDIT: _edit,
    Kind.DELETED: _deleted,
    **dict.fromkeys(MEDIA, _media),
    **dict.fromkeys(_SMALL, _small),
}
