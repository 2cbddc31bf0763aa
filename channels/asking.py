"""Who answers a message with what: a text of ours, the bot, or the bot behind a recipe."""

from __future__ import annotations

import logging
from dataclasses import replace

from channels.desk import Desk, Heard, Outcome
from channels.rasa import Question
from hotline import reading
from hotline.choices import pick
from hotline.danger import Alarm
from hotline.deletion import asks_to_delete
from hotline.errors import NoAnswer
from hotline.messages import Choice
from replies import parts
from store import db, earlier
from store.conversations import Conversation
from store.inbox import Waiting

logger = logging.getLogger(__name__)
DELETION = "deletion"  # the outcome of a wish to delete in a conversation that a person holds
# What is said to a caller who is alone again: that her messages are stored must be true.
_BACK = {
    None: "utter_neutral_back",
    earlier.ERASED: "utter_neutral_back_deleted",
    earlier.DELETE_ASKED: "utter_neutral_back_asked",
}
_DELETE, _DELETE_NOW = "/delete_my_data", '/delete_my_data{"value": "now"}'


def own(
    desk: Desk, known: Conversation, kind: str, name: str | None, heard: Heard | None = None
) -> Outcome:
    """Answer with a text of ours, or with nothing, and leave the bot's question open."""
    said = (desk.say(known, name),) if name else ()
    return Outcome(
        kind=kind, replies=said, language=known.language, person=heard.person if heard else None
    )


def neutral(desk: Desk, known: Conversation, heard: Heard) -> Outcome:
    """Answer like a recipe service to a caller who may be watched."""
    if known.neutral and reading.ends_neutral(heard.whole):
        with db.read(desk.vault.engine) as connection:
            deletion = earlier.deletion_while_hidden(connection, known.id)
        return own(desk, known, "neutral", _BACK[deletion])
    name = "utter_neutral_again" if known.neutral else "utter_neutral_first"
    if heard.silent:
        return replace(own(desk, known, heard.outcome, None), neutral=True)
    first = None if known.neutral else "may_be_watched"
    return replace(own(desk, known, "neutral", name), neutral=True, person=first)


def ask(
    desk: Desk, known: Conversation, message_id: int, heard: Heard, alarm: Alarm | None
) -> Outcome:
    """Ask the bot, with the choice that was meant; a safe text when it has no answer."""
    choice = heard.choice
    if choice is None and not alarm and heard.shared not in {"location", "contact"}:
        choice = pick(heard.text, known.choices)
    if choice is not None and parts.is_rest(choice):
        return _rest(known, choice)
    question = Question(
        message_id,
        known.id,
        known.channel,
        heard.text,
        choice.payload if choice else None,
        alarm.reasons if alarm else (),
        heard.shared,
        doubtful=alarm is not None and not alarm.sure,
    )
    try:
        got = desk.bot.ask(question)
    except NoAnswer as error:
        logger.warning("message %s got no answer: %s", message_id, error)
        return safe(desk, known)
    return Outcome(
        kind="bot",
        replies=got.replies,
        language=got.language,
        keep_choices=False,
        understood=got.understood,
    )


def rest_held(known: Conversation, heard: Heard) -> Outcome | None:
    """Give the rest of a responder's long SMS to a caller who asks for it by its word.

    None when the message is something else: then it is the person's, a number too.
    """
    left = next((choice for choice in known.choices if parts.is_rest(choice)), None)
    if left is None or not parts.author_of_rest(left) or not reading.ends_neutral(heard.whole):
        return None
    return _rest(known, left)


def _rest(known: Conversation, left: Choice) -> Outcome:
    return Outcome(
        kind="rest",
        replies=tuple(parts.rest_of(left)),
        language=known.language,
        keep_choices=False,
        author=parts.author_of_rest(left),
    )


def safe(
    desk: Desk, known: Conversation, kind: str = "safe_text", person: str | None = "no_answer"
) -> Outcome:
    """Answer with contacts, and bring in a person."""
    said = (desk.say(known, "utter_safe_text"),)
    return Outcome(kind=kind, replies=said, language=known.language, person=person)


def delete_unseen(desk: Desk, known: Conversation, message_id: int, heard: Heard) -> Outcome:
    """Delete for a caller who may be watched: at once, and answered like a recipe service."""
    covered = replace(neutral(desk, known, heard), keep_choices=False, event="delete_asked")
    question = Question(message_id, known.id, known.channel, heard.text, _DELETE_NOW)
    try:
        desk.bot.ask(question)
    except NoAnswer as error:
        logger.warning("message %s: nothing is deleted: %s", message_id, error)
        return replace(covered, person="delete_failed")
    return covered


def delete_held(desk: Desk, known: Conversation, waiting: Waiting, heard: Heard) -> Outcome | None:
    """Let the bot take a wish to delete, and the yes or no to it, from a person's conversation.

    None when the message is something else: then it is the person's.
    """
    with db.read(desk.vault.engine) as connection:
        before = earlier.handled_before(connection, known.id, waiting.id)
    asked = before is not None and before.outcome == DELETION and bool(known.choices)
    choice = (heard.choice or pick(heard.text, known.choices)) if asked else None
    if choice is None and not (asked and reading.yes_or_no(heard.text, known.language) is not None):
        if not asks_to_delete(heard.whole):
            return None
        choice = None if asked else Choice(heard.text, _DELETE)
    got = ask(desk, known, waiting.id, replace(heard, choice=choice), None)
    if got.kind != "bot":
        return got
    return replace(got, kind=DELETION, person="person", event=None if asked else "delete_asked")
