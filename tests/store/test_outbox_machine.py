"""Any order of sends, crashes, receipts and clocks: nothing lost, nothing twice, in order."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hotline.delivery import Delivery, End, Parcel
from hotline.messages import Channel, OutboxState, Purpose
from store import conversations as talks
from store import db, dispatch, outbox, receipts
from store.tables import conversations
from store.vault import Vault
from tests.fakes import BUDI, LEASE, SITI, Clock, empty
from tests.posting import begin, change, claim, holder, open_conversation, queue, rows

SENDERS = st.sampled_from(["a", "b"])
CALLERS = st.sampled_from(["siti", "budi"])
DAY = 24 * 3600.0
KNOWN = {"siti": (SITI, Channel.TELEGRAM), "budi": (BUDI, Channel.WHATSAPP)}
ARRIVED = {OutboxState.SENT, OutboxState.DELIVERED, OutboxState.READ}
# What the provider does with a message, and what the sender hears of it.
TAKEN = {"sent": End.SENT, "time-out after": End.UNCERTAIN, "killed after": None}
NOT_TAKEN = {
    "time-out before": End.UNCERTAIN,
    "killed before": None,
    "crowded": End.RETRY,
    "refused": End.REFUSED,
    "blocked": End.UNREACHABLE,
    "stopped": End.OPTED_OUT,
    "window shut": End.WINDOW_SHUT,
    "wrong account": End.MISCONFIGURED,
}


@dataclass
class Accepted:
    """One message as the provider took it."""

    number: int
    parcel: Parcel
    failed: bool = False  # told so by receipt

    @property
    def provider_id(self) -> str:
        """Give the provider's own number of it."""
        return f"SM{self.number}"


@dataclass
class Hand:
    """What a sender holds."""

    conversations: list[str] = field(default_factory=list)
    parcel: Parcel | None = None


class Posting(RuleBasedStateMachine):
    """Callers, responders and providers do what they like; `vault` is set by the test."""

    vault: Vault

    def __init__(self) -> None:
        super().__init__()
        empty(self.vault.engine)
        self.clock = Clock()
        self.accepted: list[Accepted] = []
        self.hands: dict[str, Hand] = defaultdict(Hand)
        self.once_uncertain: set[int] = set()
        self.arrived: dict[int, OutboxState] = {}
        self.ids = {
            name: open_conversation(self.vault, address, channel)
            for name, (address, channel) in KNOWN.items()
        }

    @rule(caller=CALLERS, parts=st.integers(1, 2))
    def she_writes_and_is_answered(self, caller: str, parts: int) -> None:
        """An inbound message: it wakes what waits, and has an answer of one or two parts."""
        with db.write(self.vault.engine) as connection:
            change(connection, self.ids[caller], heard_at=self.clock(), unreachable=None)
            outbox.wake_held(connection, self.ids[caller], self.clock())
        queue(self.vault, self.ids[caller], *["jawaban"] * parts, now=self.clock())

    @rule(caller=CALLERS, purpose=st.sampled_from([Purpose.RESPONDER, Purpose.NOTICE]))
    def we_write(self, caller: str, purpose: Purpose) -> None:
        """A responder or a reminder."""
        queue(self.vault, self.ids[caller], "kami", purpose=purpose, now=self.clock())

    @rule(caller=CALLERS, out=st.booleans())
    def she_says_stop_or_start(self, caller: str, out: bool) -> None:
        """STOP holds what we begin; START lets it go."""
        with db.write(self.vault.engine) as connection:
            talks.set_opted_out(connection, self.ids[caller], out=out, now=self.clock())
            outbox.wake_held(connection, self.ids[caller], self.clock())

    @rule(seconds=st.sampled_from([1.0, 30.0, LEASE + 1, 700.0, DAY, -3000.0, 3 * DAY, -DAY]))
    def time_passes_or_jumps(self, seconds: float) -> None:
        """A clock may be set forward or back; the senders then look at everything again."""
        self.clock.advance(seconds)
        with db.write(self.vault.engine) as connection:
            dispatch.look_again(connection, self.clock())

    @rule(owner=SENDERS)
    def claim(self, owner: str) -> None:
        """A sender takes what is due."""
        taken = claim(self.vault, owner, self.clock())
        # Their ids are random; the same run must go the same way again.
        self.hands[owner].conversations += [one for one in self.ids.values() if one in taken]

    @precondition(lambda self: any(hand.conversations for hand in self.hands.values()))
    @rule(owner=SENDERS)
    def begin(self, owner: str) -> None:
        """A sender marks the next message as being sent."""
        hand = self.hands[owner]
        if not hand.conversations or hand.parcel is not None:
            return
        try:
            hand.parcel = begin(self.vault, hand.conversations[0], owner, self.clock())
        except dispatch.LostLeaseError:
            hand.parcel = None
        if hand.parcel is None:
            hand.conversations.pop(0)

    @precondition(lambda self: any(hand.parcel for hand in self.hands.values()))
    @rule(owner=SENDERS, fate=st.sampled_from([*["sent"] * 4, *TAKEN, *NOT_TAKEN]))
    def end(self, owner: str, fate: str) -> None:
        """The provider takes the message or not, and the sender hears of it or not."""
        hand = self.hands[owner]
        if hand.parcel is None:
            return
        parcel, hand.parcel = hand.parcel, None
        provider_id = None
        if fate in TAKEN:
            taken = Accepted(len(self.accepted) + 1, parcel)
            self.accepted.append(taken)
            provider_id = taken.provider_id
        end = {**TAKEN, **NOT_TAKEN}[fate]
        if end is None:
            hand.conversations.clear()  # killed: the new one of that name knows nothing
            self.once_uncertain.add(parcel.id)
            return
        if end is End.UNCERTAIN:
            self.once_uncertain.add(parcel.id)
        delivery = Delivery(end=end, provider_id=provider_id if end is End.SENT else None)
        with db.write(self.vault.engine) as connection:
            dispatch.finish(connection, parcel, delivery, now=self.clock(), chance=lambda: 0.0)
            more = dispatch.goes_on(
                connection,
                self.vault.keyring,
                parcel.conversation,
                holder(owner),
                now=self.clock(),
            )
        if not more:
            hand.conversations = [one for one in hand.conversations if one != parcel.conversation]

    @precondition(lambda self: self.accepted)
    @rule(
        data=st.data(),
        state=st.sampled_from([OutboxState.SENT, OutboxState.DELIVERED, OutboxState.READ]),
        ours=st.booleans(),
    )
    def receipt(self, data: st.DataObject, state: OutboxState, ours: bool) -> None:
        """The provider tells what became of a message: early, late, repeated, in any order."""
        one = data.draw(st.sampled_from(self.accepted))
        if one.failed and state is not OutboxState.SENT:
            return
        self._note(one, state, None, ours=ours)

    @precondition(lambda self: self.accepted)
    @rule(
        data=st.data(),
        end=st.sampled_from([End.REFUSED, End.RETRY, End.WINDOW_SHUT, End.UNREACHABLE]),
        ours=st.booleans(),
    )
    def failure(self, data: st.DataObject, end: End, ours: bool) -> None:
        """The provider took a message and could not deliver it."""
        one = data.draw(st.sampled_from(self.accepted))
        if self.arrived.get(one.parcel.id) in {OutboxState.DELIVERED, OutboxState.READ}:
            return
        one.failed = True
        self._note(one, OutboxState.FAILED, end, ours=ours)

    def _note(self, one: Accepted, state: OutboxState, end: End | None, *, ours: bool) -> None:
        with db.write(self.vault.engine) as connection:
            receipts.note(
                connection,
                transport=one.parcel.transport,
                provider_id=one.provider_id,
                status=f"{state}-{end}",
                state=state,
                end=end,
                outbox_id=one.parcel.id if ours else None,
                at=self.clock(),
            )

    @invariant()
    def nothing_goes_out_twice(self) -> None:
        """A second time only if the provider itself said that the first came to nothing."""
        times = Counter(one.parcel.id for one in self.accepted)
        failures = Counter(one.parcel.id for one in self.accepted if one.failed)
        assert all(count <= 1 + failures[number] for number, count in times.items())

    @invariant()
    def the_order_is_kept(self) -> None:
        """Among answers, and among what we begin; what failed or was uncertain is left aside."""
        aside = self.once_uncertain | {one.parcel.id for one in self.accepted if one.failed}
        for conversation in self.ids.values():
            for answers in (True, False):
                order = [
                    one.parcel.id
                    for one in self.accepted
                    if one.parcel.conversation == conversation
                    and (one.parcel.purpose is Purpose.ANSWER) is answers
                    and not one.parcel.template
                    and one.parcel.id not in aside
                ]
                assert order == sorted(order)

    @invariant()
    def what_arrived_stays_so(self) -> None:
        """Delivered and read are never taken back; uncertain is never made to wait again."""
        for row in rows(self.vault):
            before = self.arrived.get(row.id)
            if before is OutboxState.READ:
                assert row.state == OutboxState.READ
            if before is OutboxState.DELIVERED:
                assert row.state in {OutboxState.DELIVERED, OutboxState.READ}
            self.arrived[row.id] = OutboxState(row.state)
            if row.state == OutboxState.UNCERTAIN:
                self.once_uncertain.add(row.id)

    @invariant()
    def whatever_waits_will_be_looked_at(self) -> None:
        """Only what waits for her alone has no moment at which a sender looks again."""
        with db.read(self.vault.engine) as connection:
            send_at = dict(
                connection.execute(sa.select(conversations.c.id, conversations.c.send_at)).all()
            )
        for row in rows(self.vault):
            if row.state in {OutboxState.QUEUED, OutboxState.SENDING}:
                blocked = any(
                    other.state == OutboxState.HELD
                    for other in rows(self.vault, row.conversation_id)
                    if other.id < row.id
                )
                assert send_at[row.conversation_id] is not None or blocked, row

    def teardown(self) -> None:
        """In the end a healthy sender settles everything that has no reason to wait."""
        self.clock.advance(1)  # what she writes comes after whatever was refused
        for caller in KNOWN:
            self.she_says_stop_or_start(caller, False)
            self.she_writes_and_is_answered(caller, 1)
        for _ in range(60):
            self.clock.advance(LEASE + 61)
            self.claim("last")
            while self.hands["last"].conversations:
                self.begin("last")
                self.end("last", "sent")
        left = [row for row in rows(self.vault) if row.state in {"queued", "sending", "held"}]
        assert left == []
        self.nothing_goes_out_twice()
        self.the_order_is_kept()


def test_nothing_is_lost_doubled_or_swapped(vault: Vault) -> None:
    """Hypothesis looks for an order of events that does."""
    machine = type("PostingOfThisVault", (Posting,), {"vault": vault})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            derandomize=True,  # what fails here fails for everybody
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
