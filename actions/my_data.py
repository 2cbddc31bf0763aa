"""A caller's wish to have the conversation deleted, or to get a copy of the data."""

from __future__ import annotations

from actions.desk import Desk
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading
from hotline.tickets import Category
from store import db, erasure_requests, tickets
from store.conversations import add_event
from store.erasure import erase_conversation, must_stay, take_back_at_provider
from store.standing import lock

_COPY = frozenset({"salinan", "salin", "copy", "kopi", "data"})
_DELETE = frozenset(
    {"hapus", "hpus", "hapusin", "apus", "delete", "erase", "hilangkan", "busak", "pupus", "buang"}
)


def begin(turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Ask which of the two is wanted unless the words say it."""
    said = set(reading.words(turn.text))
    if turn.value == "now":  # the gateway says so for a caller who may be watched
        return _delete(turn, talk, desk)
    if said & _DELETE:
        return _confirm(State("my_data"), talk)
    if not turn.picked and said & _COPY - {"data"}:
        return _record(turn, talk, desk, wish="copy")
    talk.say("utter_delete_what")
    return State("my_data", asked="what")


def wants_deletion(turn: Turn) -> bool:
    """Say whether something shall be deleted rather than taken back."""
    return bool(set(reading.words(turn.text)) & _DELETE)


def _confirm(state: State, talk: Talk) -> State:
    state.asked = "confirm"
    talk.say("utter_delete_confirm")
    return state


def answer(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Take the choice, then an explicit yes; anything unclear deletes nothing."""
    said = set(reading.words(turn.value))
    if state.asked == "what":
        if said & _DELETE:
            return _confirm(state, talk)
        if said & _COPY:
            return _record(turn, talk, desk, wish="copy")
        talk.say("utter_delete_kept")
        return None
    agreed = {"yes": True, "no": False}.get(turn.value, reading.yes_or_no(turn.text, turn.language))
    if agreed is None and _repeats(turn):
        agreed = True
    if agreed is not True:
        talk.say("utter_delete_kept")
        return None
    return _delete(turn, talk, desk)


def _repeats(turn: Turn) -> bool:
    """Say whether the question is answered by the wish itself: "hapus semua pesan"."""
    said = reading.words(turn.text)
    return bool(said) and said[0] in _DELETE and not turn.asks


def _delete(turn: Turn, talk: Talk, desk: Desk) -> None:
    with db.write(desk.vault.engine) as connection:
        lock(connection, turn.conversation)  # before any ticket, as everybody does
        ticket = tickets.open_ticket_of(connection, desk.vault.keyring, turn.conversation)
        # Whoever looks at her phone must not find them, whatever we have to keep ourselves.
        take_back_at_provider(connection, desk.vault.keyring, turn.conversation, now=desk.now())
        stays = ticket is not None or must_stay(connection, turn.conversation)
        if not stays:
            # What an ended report tells is cleared by people; her wish must stand there.
            erasure_requests.note_hers(
                connection, desk.vault.keyring, turn.conversation, message_id=turn.message_id,
                now=desk.now(),
            )  # fmt: skip
            erase_conversation(
                connection, desk.vault.keyring, turn.conversation, answered=turn.message_id
            )
            # Who reads the conversation later must know why it is empty.
            add_event(connection, turn.conversation, "erased", "caller", {}, desk.now())
    if stays:
        return _record(turn, talk, desk, wish="delete")
    talk.say("utter_deleted")
    talk.erase()
    return None


def _record(turn: Turn, talk: Talk, desk: Desk, *, wish: str) -> None:
    with db.write(desk.vault.engine) as connection:
        opened = tickets.open_or_raise(
            connection, desk.vault.keyring, conversation=turn.conversation,
            category=Category.OTHER, reasons=(f"data_{wish}",), message_id=turn.message_id,
            language=turn.language, now=desk.now(),
        )  # fmt: skip
        tickets.add_fact(
            connection, desk.vault.keyring, opened.id, "data_request", wish, said_by="caller",
            message_id=turn.message_id, now=desk.now(),
        )  # fmt: skip
    name = "utter_copy_recorded" if wish == "copy" else "utter_delete_recorded"
    talk.say(name, code=opened.code)


def ask_again(state: State, turn: Turn, talk: Talk, desk: Desk) -> None:
    """Repeat the open question after something else was answered."""
    talk.say("utter_delete_what" if state.asked == "what" else "utter_delete_confirm")
