"""One inbound message from storage to stored answer: guard, person, bot or safe text, outbox."""

from __future__ import annotations

import logging
from dataclasses import replace

import sqlalchemy as sa

from channels import alarms
from channels.asking import (
    DELETION,
    ask,
    delete_held,
    delete_unseen,
    neutral,
    own,
    rest_held,
    safe,
)
from channels.desk import Desk, Heard, LostLeaseError, Outcome, clean
from channels.kinds import hear
from hotline import optout, reading
from hotline.conversations import Answerer, Notice, notice, who_answers
from hotline.cry import is_the_cry
from hotline.danger import Alarm
from hotline.deletion import asks_to_delete
from hotline.messages import Channel, Choice, OutboxState, Purpose
from hotline.wishes import wishes_in
from replies import parts
from store import (
    arrivals,
    contact_rules,
    conversations,
    db,
    earlier,
    inbox,
    outbox,
    ticket_deadlines,
    tickets,
    transcript,
)
from store.conversations import Conversation
from store.inbox import Waiting

__all__ = ["Desk", "LostLeaseError", "Outcome", "answer", "clean"]

logger = logging.getLogger(__name__)
_MOST_ATTEMPTS = 3
# What the bot or we ourselves answered, so that who answers may be told along with it.
_SPOKEN = frozenset(
    {"bot", "rest", "safe_text", "unreadable", "kept", "too_large", "no_words", "old_choice"}
)


def answer(desk: Desk, conversation: str, waiting: Waiting, *, owner: str) -> None:
    """Answer one message exactly once; raises LostLeaseError when it is no longer ours."""
    with db.write(desk.vault.engine) as connection:
        _renew(desk, connection, conversation, owner)
        # Committed before anything that can fail, so that a poisonous message is noticed.
        inbox.count_attempt(connection, waiting.id)
        arrivals.hear(connection, conversation, waiting.received_at)
    with db.read(desk.vault.engine) as connection:
        known = conversations.load(connection, desk.vault.keyring, conversation)
    heard, alarm = _listen(desk, known, waiting)
    sure = alarm is not None and alarm.sure
    if sure or reading.forbids_messages(heard.whole):
        with db.write(desk.vault.engine) as connection:
            if alarm is not None and alarm.sure:
                alarms.raise_alarm(desk, connection, known, waiting.id, heard.whole, alarm.reasons)
            if reading.forbids_messages(heard.whole):
                alarms.note_silence(desk, connection, known, waiting.id, heard.whole)
    outcome = _with_notice(desk, known, _decide(desk, known, waiting, heard, alarm))
    with db.write(desk.vault.engine) as connection:
        _renew(desk, connection, conversation, owner)
        if alarm is not None and not alarm.sure and not _taken_back(outcome):
            alarms.raise_alarm(desk, connection, known, waiting.id, heard.whole, alarm.reasons)
        if alarm is not None and outcome.language != known.language:
            # The guard rings before the language is known; reminders and staff go by the ticket's.
            tickets.speak(connection, known.id, waiting.id, outcome.language)
        _write(desk, connection, known, waiting, heard, outcome)


def _renew(desk: Desk, connection: sa.Connection, conversation: str, owner: str) -> None:
    if not inbox.renew(connection, conversation, owner=owner, now=desk.now(), lease=desk.lease):
        raise LostLeaseError(conversation)


def _taken_back(outcome: Outcome) -> bool:
    """Say whether the bot, which reads the whole message, has heard something other than danger.

    Whoever else answers, or nobody, leaves the guard's doubt as it is: then it is danger.
    """
    heard = outcome.understood
    return outcome.kind == "bot" and heard is not None and heard.intent != "emergency"


def _listen(desk: Desk, known: Conversation, waiting: Waiting) -> tuple[Heard, Alarm | None]:
    """Understand a message's kind and look for danger; the last try must not fail again."""
    try:
        with db.read(desk.vault.engine) as connection:
            heard = hear(desk, connection, known, waiting)
        alarm = desk.guard.read(heard.whole)
        if alarm is not None and is_the_cry(heard.whole):
            alarm = replace(alarm, sure=True)  # we told her to write it
    except sa.exc.DBAPIError:
        raise
    except Exception as error:
        if waiting.attempts < _MOST_ATTEMPTS:
            raise
        logger.error("message %s cannot be read: %s", waiting.id, type(error).__name__)
        return Heard(outcome="unreadable", person="unreadable_message"), None
    return heard, alarm


def _decide(
    desk: Desk, known: Conversation, waiting: Waiting, heard: Heard, alarm: Alarm | None
) -> Outcome:
    if heard.outcome == "unreadable":
        if known.neutral:
            return replace(neutral(desk, known, heard), person=heard.person)
        return safe(desk, known, "unreadable", heard.person)
    wish = optout.wish(heard.whole)
    if wish is optout.Wish.OUT or (wish is optout.Wish.IN and known.opted_out):
        return _opted(desk, known, wish, heard)
    if known.neutral or reading.asks_for_neutral(heard.whole):
        if known.neutral and asks_to_delete(heard.whole):
            return delete_unseen(desk, known, waiting.id, heard)
        return neutral(desk, known, heard)
    if reading.forbids_messages(heard.whole):
        # Somebody else may be reading: no code, no menu, nothing about a report.
        return own(desk, known, "quiet", "utter_quiet")
    if who_answers(known.claim, desk.now()) is Answerer.PERSON:
        answered = rest_held(known, heard) or delete_held(desk, known, waiting, heard)
        return answered or _person(known, heard)
    if waiting.behind >= desk.burst_limit and not alarm:
        first = waiting.behind % desk.burst_limit == 0
        return own(desk, known, "burst", "utter_burst" if first else None, heard)
    if heard.silent:
        return own(desk, known, heard.outcome, None, heard)
    if heard.instead is not None:
        return own(desk, known, heard.outcome, heard.instead, heard)
    if waiting.attempts >= _MOST_ATTEMPTS:
        logger.error("message %s has stopped %s workers", waiting.id, waiting.attempts)
        return safe(desk, known)
    return ask(desk, known, waiting.id, heard, alarm)


def _opted(desk: Desk, known: Conversation, wish: optout.Wish, heard: Heard) -> Outcome:
    """Obey STOP, or what takes it back; by SMS Twilio confirms the words it knows itself."""
    out = wish is optout.Wish.OUT
    kind = "opted_out" if out else "opted_in"
    text: str | None = "utter_opted_out" if out else "utter_opted_in"
    by_twilio = known.transport == "twilio" and known.channel == Channel.SMS
    confirmed = by_twilio and optout.known_to_networks(heard.whole)
    if confirmed or known.neutral:
        text = None
    return replace(own(desk, known, kind, text), wish=wish, neutral=known.neutral)


def _person(known: Conversation, heard: Heard) -> Outcome:
    """Leave the answer to the responder who holds the conversation."""
    kind = heard.outcome if heard.silent else "person"
    unseen = None if heard.silent else "person"
    return Outcome(kind=kind, language=known.language, person=unseen)


def _with_notice(desk: Desk, known: Conversation, outcome: Outcome) -> Outcome:
    """Tell the caller once, along with an answer, that a person or the bot answers from now on."""
    told = notice(known.claim, desk.now())
    if told is Notice.PERSON_HERE and outcome.kind == "person" and outcome.person:
        here = (desk.say(known, "utter_person_here"),)
        return replace(outcome, replies=here, notice=told)
    if told is Notice.BOT_BACK and outcome.kind in _SPOKEN and outcome.replies:
        back = desk.say(known, "utter_bot_back")
        return replace(outcome, replies=(back, *outcome.replies), notice=told)
    return outcome


def _write(
    desk: Desk,
    connection: sa.Connection,
    known: Conversation,
    waiting: Waiting,
    heard: Heard,
    outcome: Outcome,
) -> None:
    now, keyring = desk.now(), desk.vault.keyring
    if outcome.person:
        _call_person(desk, connection, known, waiting.id, outcome)
    alarms.keep_earlier_wishes(desk, connection, known, waiting.id)
    alarms.keep_facts(desk, connection, known, waiting.id, (*heard.facts, *_wishes(heard)))
    if outcome.wish:
        out = outcome.wish is optout.Wish.OUT
        conversations.set_opted_out(connection, known.id, out=out, now=now)
    if outcome.event:
        conversations.add_event(connection, known.id, outcome.event, "caller", {}, now)
    if outcome.notice:
        at = now if outcome.notice is Notice.PERSON_HERE else None
        conversations.told_of_person(connection, known.id, at)
    if heard.deletes is not None:
        evidence = transcript.is_evidence(connection, heard.deletes)
        earlier.mark_deleted(connection, keyring, heard.deletes, keep_text=evidence)
    last = _queue(desk, connection, known, waiting.id, outcome)
    conversations.remember(
        connection,
        keyring,
        known.id,
        choices=known.choices if outcome.keep_choices else last,
        language=outcome.language,
        needs_person=outcome.person is not None and outcome.person != "may_be_watched",
        neutral=outcome.neutral,
    )
    contact_rules.learn(connection, keyring, known.id)
    if outcome.kind == "person":
        ticket_deadlines.heard(connection, known.id, now=now)
    outbox.wake_held(connection, known.id, now)
    inbox.finish(
        connection, waiting.id, outcome=outcome.kind, now=now, understood=outcome.understood
    )


def _wishes(heard: Heard) -> tuple[tuple[str, str], ...]:
    """Give what she forbids for her open ticket, whether or not the bot has understood it."""
    return tuple(("contact_rule", wish.value) for wish in wishes_in(heard.whole))


def _queue(
    desk: Desk, connection: sa.Connection, known: Conversation, message_id: int, outcome: Outcome
) -> tuple[Choice, ...]:
    """Write the replies in the pieces their channel carries; gives what may be picked then."""
    more = desk.texts.get("utter_phrase_more", outcome.language, known.channel)
    replies = parts.fit(
        outcome.replies, known.channel, desk.sms_segments, more, author=outcome.author
    )
    # On our own page and command line the database is the provider: what is written is sent.
    state = OutboxState.SENT if known.transport == "local" else OutboxState.QUEUED
    outbox.add(
        connection,
        desk.vault.keyring,
        known.id,
        replies,
        inbox_id=message_id,
        author=outcome.author or _author(outcome),
        now=desk.now(),
        state=state,
        purpose=Purpose.ANSWER,
        urgency=conversations.urgency(connection, known.id),
    )
    return replies[-1].choices if replies else ()


def _author(outcome: Outcome) -> str:
    return "bot" if outcome.kind in {"bot", "rest", DELETION} else "gateway"


def _call_person(
    desk: Desk, connection: sa.Connection, known: Conversation, message_id: int, outcome: Outcome
) -> None:
    """Open or raise a ticket where the reason is worth one; the others only mark the conversation.

    A file beside an open ticket raises that one; alone, only the second without words opens one.
    """
    reason = outcome.person
    if reason is None or reason == "person":
        return  # the responder who holds it sees it anyway
    if reason in {"may_be_watched", "media_received"} and (
        tickets.open_ticket_of(connection, desk.vault.keyring, known.id) is None
    ):
        return  # somebody who only wants a recipe, or sends a picture
    alarms.call_person(desk, connection, known, message_id, reason)
