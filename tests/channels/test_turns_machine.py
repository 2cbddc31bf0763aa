"""Any order of deliveries, crashes and take-overs: every message one outcome, in order, once."""

from collections import defaultdict
from contextlib import suppress

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from channels.rasa import Answer, Question
from channels.turns import LostLeaseError
from hotline.errors import NoAnswer, Refused
from hotline.messages import Choice, Kind, Media, Reply
from replies.takeover import Counter
from store import db
from store import inbox as inbox_store
from store.tables import inbox, outbox, ticket_conversations, tickets
from store.vault import Vault
from tests.fakes import (
    LEASE,
    TEXTS,
    Clock,
    FakeBot,
    answer_next,
    claim,
    empty,
    make_desk,
    message,
    receive,
    release,
)

WORKERS = st.sampled_from(["a", "b", "c"])
CALLERS = st.sampled_from(["siti", "budi"])
WRITTEN = st.sampled_from(
    ["halo", "2", "saya disekap", "RESEP", "LANJUT", "😭", "STOP", "MULAI", "jangan balas dulu"]
)
KINDS = st.sampled_from([kind for kind in Kind if kind is not Kind.TEXT])
RESPONDERS = st.sampled_from(["Rini", "Tono"])
CLAIM = 120.0
# Their texts are titles and pictures of our own making, or gone.
NO_WORDS = frozenset({"pick", "sticker", "reaction", "deleted"})
OFFERED = (Choice("Setuju", '/inform{"value": "yes"}'), Choice("Menu", "/menu"))
# What may be met with silence, because nobody waits for words, or somebody else would read them.
MAY_BE_SILENT = frozenset(
    {"person", "silent", "kept", "edited", "changed", "deleted", "burst", "opted_out", "opted_in"}
)


class KilledError(Exception):
    """The worker's process ended in the middle of its turn."""


class Road(RuleBasedStateMachine):
    """Callers write, workers come and go; `vault` is set by the test."""

    vault: Vault

    def __init__(self) -> None:
        super().__init__()
        empty(self.vault.engine)
        self.clock = Clock()
        self.number = 0
        self.held: dict[str, list[str]] = defaultdict(list)
        self.counter = Counter(
            vault=self.vault, texts=TEXTS, claim_seconds=CLAIM, sms_segments=3, now=self.clock
        )

    @rule(caller=CALLERS, text=WRITTEN)
    def write(self, caller: str, text: str) -> None:
        """A caller writes something new."""
        self.number += 1
        self._deliver(self.number, caller, text)

    @rule(caller=CALLERS, text=WRITTEN, back=st.integers(0, 3))
    def deliver_again(self, caller: str, text: str, back: int) -> None:
        """A provider delivers an old id again."""
        if self.number > back:
            self._deliver(self.number - back, caller, text)

    @rule(caller=CALLERS, kind=KINDS, text=WRITTEN, number=st.integers(0, 4), ours=st.booleans())
    def send_something(self, caller: str, kind: Kind, text: str, number: int, ours: bool) -> None:
        """A caller's phone sends what is not text, about any message there may be."""
        self.number += 1
        media = (Media(kind, "file"),) if kind in {Kind.PHOTO, Kind.VOICE} else ()
        inbound = message(
            text if number % 2 else "", provider_id=str(self.number), address=caller,
            at=self.clock(), kind=kind, media=media, ref=str(number), contact="+601",
            place=(1.5, 103.7), pick=(number + self.first_outbox() if ours else number, number),
        )  # fmt: skip
        receive(self.vault, inbound)

    def first_outbox(self) -> int:
        """Give an id near those of the messages that were sent."""
        with db.read(self.vault.engine) as connection:
            return connection.execute(sa.select(sa.func.min(outbox.c.id))).scalar() or 0

    @rule(by=RESPONDERS, what=st.sampled_from(["claim", "reply", "give back"]), back=st.integers(0))
    def take_over(self, by: str, what: str, back: int) -> None:
        """A responder takes, answers or gives back, at any moment of a turn."""
        with db.read(self.vault.engine) as connection:
            # In the order in which they wrote: ids are drawn by chance.
            who = inbox.c.conversation_id
            query = sa.select(who).group_by(who).order_by(sa.func.min(inbox.c.id))
            known = connection.execute(query).scalars().all()
        if not known:
            return
        one = known[back % len(known)]
        with suppress(Refused):  # somebody else holds it, or she may be watched
            if what == "claim":
                self.counter.claim(one, by=by)
            elif what == "reply":
                self.counter.reply(one, "Saya petugas.", by=by)
            else:
                self.counter.give_back(one, by=by)

    def _deliver(self, number: int, caller: str, text: str) -> None:
        inbound = message(text, provider_id=str(number), address=caller, at=self.clock())
        receive(self.vault, inbound)

    @rule(owner=WORKERS)
    def claim(self, owner: str) -> None:
        """A worker takes what is due."""
        for conversation in claim(self.vault, owner, self.clock(), limit=1):
            self.held[owner].append(conversation)

    @rule(owner=WORKERS, fate=st.sampled_from(["answers", "no answer", "killed", "too slow"]))
    def turn(self, owner: str, fate: str) -> None:
        """A worker answers the next message of the first conversation it believes to hold."""
        if not self.held[owner]:
            return

        def behave(question: Question) -> Answer:
            if fate == "no answer":
                raise NoAnswer("Rasa answered 500")
            if fate == "killed":
                raise KilledError
            if fate == "too slow":
                self.clock.advance(LEASE + 1)
                for thief in claim(self.vault, "thief", self.clock()):
                    release(self.vault, thief, "thief")
            return Answer((Reply(f"re: {question.text or '-'}", OFFERED),), "id")

        conversation = self.held[owner][0]
        desk = make_desk(self.vault, FakeBot(behave), self.clock)
        try:
            if answer_next(desk, conversation, owner) is None:
                release(self.vault, conversation, owner)
                self.held[owner].remove(conversation)
        except (LostLeaseError, KilledError):
            self.held[owner].remove(conversation)

    @rule(owner=WORKERS)
    def die(self, owner: str) -> None:
        """A worker ends and a new one of that name knows nothing of what the old one held."""
        self.held[owner].clear()

    @rule()
    def lease_runs_out(self) -> None:
        """Time passes, longer than any lease."""
        self.clock.advance(LEASE + 1)

    @invariant()
    def nothing_is_said_twice_or_left_unsaid(self) -> None:
        """Each message that is done has an outcome and one answer, each other has none."""
        answers = (
            sa.select(outbox.c.inbox_id, sa.func.count())
            .where(outbox.c.inbox_id.is_not(None))
            .group_by(outbox.c.inbox_id)
        )
        with db.read(self.vault.engine) as connection:
            rows = connection.execute(sa.select(inbox).order_by(inbox.c.id)).all()
            answered = {row[0]: row[1] for row in connection.execute(answers)}
        assert len(rows) == self.number
        for row in rows:
            assert (row.outcome is not None) == (row.state == "done")
            number = answered.get(row.id, 0)
            # One answer, and before the first after a responder's the word that the bot is back.
            allowed = {1, 2} if row.outcome not in MAY_BE_SILENT else {0, 1, 2}
            assert number in (allowed if row.state == "done" else {0}), row.outcome
        for conversation in {row.conversation_id for row in rows}:
            states = [row.state for row in rows if row.conversation_id == conversation]
            assert states == sorted(states), "a later message was done before an earlier one"

    @invariant()
    def a_person_is_not_talked_over(self) -> None:
        """The bot has said nothing to what came in while a person had answered it."""
        bots = sa.select(inbox.c.id).join(outbox, outbox.c.inbox_id == inbox.c.id)
        with db.read(self.vault.engine) as connection:
            wrong = bots.where(inbox.c.outcome == "person", outbox.c.author == "bot")
            assert connection.execute(wrong).all() == []

    @invariant()
    def danger_has_its_ticket(self) -> None:
        """Whatever the kind, the claim or the STOP: what was read as danger is critical."""
        with db.read(self.vault.engine) as connection:
            rows = connection.execute(sa.select(inbox).where(inbox.c.state == "done")).all()
            joined = sa.select(ticket_conversations.c.conversation_id).join(
                tickets, tickets.c.id == ticket_conversations.c.ticket_id
            )
            critical = set(
                connection.execute(joined.where(tickets.c.urgency == "critical")).scalars()
            )
        for row in rows:
            text = self.vault.keyring.open(row.text_sealed, "inbox.text")
            if text == "saya disekap" and row.kind not in NO_WORDS:
                assert row.conversation_id in critical, row.kind

    @invariant()
    def whoever_waits_is_due(self) -> None:
        """A waiting message can always be claimed, at the latest when the lease has run out."""
        waiting = sa.select(inbox.c.conversation_id).where(inbox.c.state == "waiting")
        late = self.clock() + 10 * LEASE
        with self.vault.engine.connect() as connection:
            left = set(connection.execute(waiting).scalars())
            claimed = inbox_store.claim(
                connection, owner="a later one", limit=100, now=late, lease=LEASE
            )
            connection.rollback()
        assert left <= set(claimed)

    def teardown(self) -> None:
        """In the end a healthy worker answers whatever is left."""
        self.clock.advance(LEASE + 1)
        desk = make_desk(self.vault, FakeBot(), self.clock)
        for conversation in claim(self.vault, "last", self.clock()):
            while answer_next(desk, conversation, "last") is not None:
                pass
            release(self.vault, conversation, "last")
        waiting = sa.select(sa.func.count()).where(inbox.c.state == "waiting")
        with db.read(self.vault.engine) as connection:
            assert connection.execute(waiting).scalar_one() == 0
        self.nothing_is_said_twice_or_left_unsaid()


def test_every_message_has_one_outcome_whatever_happens(vault: Vault) -> None:
    """Hypothesis looks for an order of events that loses, doubles or swaps an answer."""
    machine = type("RoadOfThisVault", (Road,), {"vault": vault})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("after", ["storing", "claiming", "the alarm", "asking", "answering"])
def test_a_kill_after_any_step_gives_one_answer(vault: Vault, clock: Clock, after: str) -> None:
    """Wherever the first worker ends, the second gives the one answer there is."""
    receive(vault, message("saya disekap"))

    def killed(_: Question) -> Answer:
        raise KilledError

    dying = make_desk(vault, FakeBot(killed if after in {"the alarm", "asking"} else None), clock)
    if after != "storing":
        [conversation] = claim(vault, "first", clock())
        if after != "claiming":
            with suppress(KilledError):
                answer_next(dying, conversation, "first")
    clock.advance(LEASE + 1)
    desk = make_desk(vault, FakeBot(), clock)
    for taken in claim(vault, "second", clock()):
        while answer_next(desk, taken, "second") is not None:
            pass
        release(vault, taken, "second")
    with db.read(vault.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(outbox)).scalar() == 1
        assert connection.execute(sa.select(inbox.c.state)).scalars().all() == ["done"]
