"""A person takes a conversation from the bot, answers in it, and gives it back."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa

from hotline.codes import find_code
from hotline.errors import Refused
from hotline.messages import Hold, OutboxState, Purpose, Reply
from hotline.staff import Staff, sees
from replies import parts
from store import (
    audit,
    contact_rules,
    conversations,
    db,
    outbox,
    overview,
    ticket_answers,
    ticket_reading,
    ticket_work,
    tickets,
)
from store.conversations import Conversation
from store.standing import lock
from store.texts import Texts
from store.vault import Vault

_NAME = re.compile(r"[\w][\w .@-]{0,23}")
_LONGEST = 4000
_Also = Callable[[sa.Connection, list[int]], None]
# What a responder may set aside; a shut window and a STOP are the provider's to lift.
_WAIVABLE = frozenset({Hold.SAFE_HOURS, Hold.QUIET_HOURS, Hold.DO_NOT_WRITE})


@dataclass(frozen=True, kw_only=True)
class Counter:
    """Where responders work on conversations."""

    vault: Vault
    texts: Texts
    claim_seconds: float
    sms_segments: int
    quiet: tuple[int, int] = (0, 0)  # hours from and until which networks carry no SMS of ours
    now: Callable[[], float] = field(default=time.time)

    def claim(self, wanted: str, *, by: str) -> float:
        """Take a conversation, or prolong one's hold on it; returns until when it is held.

        Raises Refused when somebody else holds it.
        """
        name, now = _name(by), self.now()
        with db.write(self.vault.engine) as connection:
            one = _only(connection, wanted)
            self._claim(connection, one, name, now)
            self._log(connection, one, "claimed", name)
        return now + self.claim_seconds

    def _claim(self, connection: sa.Connection, one: str, name: str, now: float) -> None:
        until = now + self.claim_seconds
        holder = conversations.claim(connection, one, by=name, now=now, until=until)
        if holder is not None:
            raise Refused(f"{holder} holds this conversation")

    def holder(self, wanted: str) -> str | None:
        """Name who holds a conversation now."""
        with db.read(self.vault.engine) as connection:
            found = overview.find(connection, find_code(wanted) or wanted)
            if len(found) != 1:
                return None
            known = conversations.load(connection, self.vault.keyring, found[0])
        return known.claim.holder(self.now())

    def give_back(self, wanted: str, *, by: str) -> None:
        """Let the bot answer again; whoever does it is written down."""
        name = _name(by)
        with db.write(self.vault.engine) as connection:
            one = _only(connection, wanted)
            conversations.give_back(connection, one)
            self._log(connection, one, "given_back", name)

    def reply(
        self,
        wanted: str,
        text: str,
        *,
        by: str,
        who: Staff | None = None,
        also: _Also | None = None,
    ) -> list[int]:
        """Write to the caller as a person; takes the conversation if nobody holds it.

        A ticket's code stands for the conversation its caller uses. Returns the outbox ids, which
        `also` gets too: what it writes is written together with the reply, or not at all. `who` is
        the colleague behind it: on a ticket out of her sight the reply does not count.
        """
        name, now, said = _name(by), self.now(), text.strip()
        if not 0 < len(said) <= _LONGEST:
            raise Refused(f"a reply has between 1 and {_LONGEST} characters")
        with db.write(self.vault.engine) as connection:
            one = self._reply_to(connection, wanted)
            lock(connection, one)
            # However it came to stand on the ticket: nothing goes out against what is known.
            contact_rules.learn(connection, self.vault.keyring, one)
            self._claim(connection, one, name, now)
            known = conversations.load(connection, self.vault.keyring, one)
            ids = self._send(connection, known, said, name, now)
            self._count(connection, one, ids, name, who, now)
            if also is not None:
                also(connection, ids)
            self._log(connection, one, "replied", name, messages=ids)
        return ids

    def _count(
        self,
        connection: sa.Connection,
        one: str,
        ids: list[int],
        by: str,
        who: Staff | None,
        now: float,
    ) -> None:
        """Let a reply count on the ticket that its caller tells of now, if its author sees it."""
        ticket = ticket_reading.open_row(connection, one)
        if ticket and who and not sees(who, ticket_work.place_of(connection, ticket.id)):
            return
        conversations.mark_for_person(connection, one, needed=False)
        if ticket is not None:
            ticket_answers.written(
                connection, self.vault.keyring, ticket.id, one, ids, actor=by,
                quiet=self.quiet, now=now,
            )  # fmt: skip

    def _reply_to(self, connection: sa.Connection, wanted: str) -> str:
        code = find_code(wanted)
        if code is None:
            return _only(connection, wanted)
        found = tickets.all_tickets(connection, self.vault.keyring, code=code)
        chosen = conversations.reply_conversation(connection, found[0].id) if found else None
        if chosen is None:
            raise Refused(f"{code} has no conversation of its own: name the one you mean")
        return chosen

    def _send(
        self, connection: sa.Connection, known: Conversation, text: str, by: str, now: float
    ) -> list[int]:
        local = known.transport == "local"
        if local and known.neutral:
            # No sender stands between: what is written would be shown at once.
            raise Refused("the caller may be watched; wait until she has written LANJUT")
        replies = [Reply(text)]
        if known.claim.told_at is None:
            said = self.texts.reply("utter_person_here", known.language, known.channel)
            replies.insert(0, said)
            conversations.told_of_person(connection, known.id, now)
        # A long SMS costs and buzzes part by part: her phone gets the rest when she asks for it.
        more = self.texts.get("utter_phrase_more", known.language, known.channel)
        pieces = parts.fit(replies, known.channel, self.sms_segments, more, author=by)
        self._leave_rest(connection, known, pieces[-1])
        return outbox.add(
            connection,
            self.vault.keyring,
            known.id,
            pieces,
            inbox_id=None,
            author=by,
            now=now,
            state=OutboxState.SENT if local else OutboxState.QUEUED,
            purpose=Purpose.RESPONDER,
            urgency=conversations.urgency(connection, known.id),
        )

    def _leave_rest(self, connection: sa.Connection, known: Conversation, last: Reply) -> None:
        """Keep what was left out where LANJUT finds it; what an earlier message left out goes."""
        rest = [choice for choice in last.choices if parts.is_rest(choice)]
        others = [choice for choice in known.choices if not parts.is_rest(choice)]
        conversations.offer(connection, self.vault.keyring, known.id, [*others, *rest])

    def release(self, wanted: str, *, by: str) -> list[int]:
        """Send what is held for her hours or wishes all the same; returns the outbox ids."""
        name, now = _name(by), self.now()
        with db.write(self.vault.engine) as connection:
            one = _only(connection, wanted)
            lock(connection, one)
            held = [
                trouble.id
                for trouble in outbox.troubles(connection, conversation=one)
                if trouble.state == OutboxState.HELD and trouble.hold in _WAIVABLE
            ]
            sent = [each for each in held if outbox.waive(connection, each, now)]
            self._log(connection, one, "released", name, messages=sent)
        return sent

    def _log(
        self, connection: sa.Connection, one: str, kind: str, by: str, **details: object
    ) -> None:
        now = self.now()
        conversations.add_event(connection, one, kind, by, details, now)
        audit.add(
            connection,
            self.vault.keyring,
            actor=by,
            action=f"conversation_{kind}",
            object=one,
            now=now,
            **details,
        )

    def listing(self, *, everything: bool = False) -> list[overview.Standing]:
        """List the conversations that need somebody, or all."""
        with db.read(self.vault.engine) as connection:
            found = overview.standings(connection, now=self.now())
        return [one for one in found if everything or one.matters]

    def show(self, wanted: str, *, by: str) -> list[dict[str, object]]:
        """Give all of a conversation, or of every conversation of a ticket; the look is logged."""
        name = _name(by)
        with db.write(self.vault.engine) as connection:
            found = overview.find(connection, find_code(wanted) or wanted)
            if not found:
                raise Refused(f"no conversation {wanted}")
            for one in found:
                audit.add(
                    connection,
                    self.vault.keyring,
                    actor=name,
                    action="conversation_read",
                    object=one,
                    now=self.now(),
                )
        with db.read(self.vault.engine) as connection:
            return [self._whole(connection, one) for one in found]

    def _whole(self, connection: sa.Connection, one: str) -> dict[str, object]:
        [standing] = overview.standings(connection, now=self.now(), conversation=one)
        return {
            "standing": standing,
            "rules": overview.rules(connection, self.vault.keyring, one),
            "lines": overview.lines(connection, self.vault.keyring, one),
            "events": overview.events(connection, one),
        }


def _name(by: str) -> str:
    if not _NAME.fullmatch(by):
        raise Refused("a responder's name has 1 to 24 letters, digits, spaces or . @ -")
    return by


def _only(connection: sa.Connection, wanted: str) -> str:
    """Find the one conversation that is meant; raises Refused when it is none or several."""
    found = overview.find(connection, find_code(wanted) or wanted)
    if len(found) != 1:
        raise Refused(f"{len(found) or 'no'} conversations fit {wanted}; give the whole id")
    return found[0]
