"""The sender as it runs: in order, at the provider's pace, and through every failure."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from channels.pace import Pace, Paces
from channels.sender import Post, Sender
from hotline.delivery import Delivery, End, Parcel
from store import db, deletions, dispatch
from store.tables import conversation_events, conversations
from store.vault import Vault
from tests.fakes import BUDI, NOON, SITI, Clock
from tests.posting import FakeTransport, change, open_conversation, queue, rows, states, talk

SENT = Delivery(end=End.SENT, provider_id="x")


@contextmanager
def sending(*posts: Post, slots: int = 4) -> Iterator[list[Sender]]:
    """Let one sender a post run until the block ends."""
    stop = threading.Event()
    senders = [Sender(post, slots=slots, poll=0.01) for post in posts]
    threads = [threading.Thread(target=sender.run, args=(stop,)) for sender in senders]
    for thread in threads:
        thread.start()
    try:
        yield senders
    finally:
        stop.set()
        for thread in threads:
            thread.join(120)
            assert not thread.is_alive()


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something that another thread does."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def post(
    vault: Vault, transport: FakeTransport, clock: Callable[[], float], **more: object
) -> Post:
    """Make what sending needs; beside a clock that stands still the steady one must too.

    Else a slow machine would look like somebody who sets the clock.
    """
    parts: dict[str, object] = {"now": clock, "steady": Clock(0.0), **more}
    return Post(vault=vault, transports={transport.name: transport}, **parts)  # type: ignore[arg-type]


def due(vault: Vault) -> list[float]:
    """Read when each conversation is to be looked at again."""
    with db.read(vault.engine) as connection:
        return list(connection.execute(sa.select(conversations.c.send_at)).scalars())


def test_everything_goes_out_once_and_in_order(vault: Vault, clock: Clock) -> None:
    """Two senders, six callers, five messages each."""
    for caller in range(6):
        talks = open_conversation(vault, f"+6281200{caller:04}")
        queue(vault, talks, *map(str, range(5)))
    provider = FakeTransport()
    with sending(post(vault, provider, clock), post(vault, provider, clock)):
        until(lambda: set(states(vault)) == {"sent"})
    assert list(provider.texts().values()) == [list(map(str, range(5)))] * 6


def test_a_slow_provider_holds_up_one_caller_only(vault: Vault, clock: Clock) -> None:
    """While Siti's message hangs, Budi's goes out."""
    queue(vault, open_conversation(vault, SITI), "lambat")
    queue(vault, open_conversation(vault, BUDI), "cepat")
    go_on = threading.Event()

    def behave(parcel: Parcel) -> Delivery:
        if parcel.reply.text == "lambat":
            go_on.wait(100)
        return SENT

    with sending(post(vault, FakeTransport(behave=behave), clock), slots=2):
        until(lambda: states(vault) == ["sending", "sent"])
        go_on.set()
        until(lambda: states(vault) == ["sent", "sent"])


def test_waiting_for_a_provider_does_not_cost_the_lease(vault: Vault, clock: Clock) -> None:
    """The provider takes longer than the lease; the other sender lets it be."""
    talks = open_conversation(vault)
    queue(vault, talks, "satu", "dua")
    inside, go_on = threading.Event(), threading.Event()

    def behave(_: Parcel) -> Delivery:
        inside.set()
        go_on.wait(100)
        return SENT

    provider = FakeTransport(behave=behave)
    posts = [post(vault, provider, clock, steady=clock, lease=20.0) for _ in range(2)]
    with sending(*posts):
        try:
            assert inside.wait(60)
            holder = talk(vault, talks).send_owner
            for _ in range(8):
                # Time passes as fast as the sender can see it, whatever the machine.
                clock.advance(7)
                until(lambda: talk(vault, talks).send_lease_until == clock() + 20)
            assert (talk(vault, talks).send_owner, states(vault)) == (holder, ["sending", "queued"])
        finally:
            go_on.set()
        until(lambda: states(vault) == ["sent", "sent"])
    assert [parcel.reply.text for parcel in provider.taken] == ["satu", "dua"]


def test_a_fault_of_ours_is_uncertain_and_its_words_stay_here(
    vault: Vault, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """An exception may hold a token, a number or her words."""

    def behave(_: Parcel) -> Delivery:
        raise RuntimeError(f"https://api/bot123:SECRET/send {SITI}")

    queue(vault, open_conversation(vault), "satu")
    with caplog.at_level(logging.DEBUG), sending(post(vault, FakeTransport(behave=behave), clock)):
        until(lambda: states(vault) == ["uncertain"])
    assert "RuntimeError" in caplog.text
    assert "SECRET" not in caplog.text
    assert SITI not in caplog.text
    assert rows(vault)[0].error == "RuntimeError"


def test_a_limit_for_everybody_pauses_everybody(vault: Vault, clock: Clock) -> None:
    """One 429 about the whole account, and nobody else asks until it is over."""
    for caller in range(5):
        queue(vault, open_conversation(vault, f"+6281200{caller:04}"), "halo")
    crowded = Delivery(end=End.RETRY, code="429", retry_after=300.0, everyone=True)
    provider = FakeTransport(behave=lambda _: crowded)
    with sending(post(vault, provider, clock), slots=1):
        until(lambda: min(due(vault)) > NOON + 290)  # each has been looked at and put off
    assert len(provider.taken) == 1
    assert set(states(vault)) == {"queued"}


def test_a_wrong_account_is_told_loudly_and_tried_seldom(
    vault: Vault, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """An operator must see it; a provider must not be hammered."""
    for caller in range(3):
        queue(vault, open_conversation(vault, f"+6281200{caller:04}"), "halo")
    provider = FakeTransport(behave=lambda _: Delivery(end=End.MISCONFIGURED, code="401"))
    with caplog.at_level(logging.ERROR), sending(post(vault, provider, clock), slots=1):
        until(lambda: min(due(vault)) > NOON)  # each has been looked at and put off
    assert len(provider.taken) == 1
    assert "401" in caplog.text


def test_without_its_settings_a_transports_messages_wait(vault: Vault, clock: Clock) -> None:
    """The token was removed; whoever puts it back finds everything."""
    queue(vault, open_conversation(vault), "halo")
    with sending(post(vault, FakeTransport(name="twilio"), clock)):
        until(lambda: talk(vault, rows(vault)[0].conversation_id).send_at == NOON + 60)
    assert states(vault) == ["queued"]


def test_an_end_writes_down_what_is_in_hand_and_begins_nothing_more(
    vault: Vault, clock: Clock
) -> None:
    """SIGTERM in the middle of a send leaves nothing uncertain."""
    talks = open_conversation(vault)
    queue(vault, talks, "satu", "dua")
    inside, go_on = threading.Event(), threading.Event()

    def behave(_: Parcel) -> Delivery:
        inside.set()
        go_on.wait(100)
        return SENT

    sender = Sender(post(vault, FakeTransport(behave=behave), clock), slots=1, poll=0.01)
    stop = threading.Event()
    running = threading.Thread(target=sender.run, args=(stop,))
    running.start()
    assert inside.wait(60)
    stop.set()
    go_on.set()
    running.join(120)
    assert not running.is_alive()
    assert states(vault) == ["sent", "queued"]
    assert (talk(vault, talks).send_owner, talk(vault, talks).send_at) == (None, NOON)


def test_a_database_that_was_away_hears_what_was_sent(
    vault: Vault, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """The message has gone out; not being able to write that down must not make it uncertain."""
    queue(vault, open_conversation(vault), "satu")
    away = threading.Event()

    @sa.event.listens_for(vault.engine, "before_cursor_execute")
    def refuse(*_: object) -> None:
        if away.is_set():
            raise sa.exc.OperationalError("", None, Exception("disk full"))

    def behave(_: Parcel) -> Delivery:
        away.set()
        return SENT

    try:
        with sending(post(vault, FakeTransport(behave=behave), clock)):
            assert away.wait(60)
            until(lambda: "cannot write down what was sent" in caplog.text)
            away.clear()
            until(lambda: states(vault) == ["sent"])
    finally:
        sa.event.remove(vault.engine, "before_cursor_execute", refuse)


@pytest.mark.parametrize("hours", [10, 48])
def test_a_clock_that_is_set_wakes_everything(vault: Vault, clock: Clock, hours: int) -> None:
    """Put back, by a little or by days: what the old clock had made due goes out now."""
    talks, other = open_conversation(vault), open_conversation(vault, BUDI)
    provider = FakeTransport()
    with sending(post(vault, provider, clock)):
        queue(vault, other, "sebelum")
        until(lambda: states(vault) == ["sent"])  # it has seen what the clock shows
        queue(vault, talks, "satu", now=NOON + 3600)
        queue(vault, other, "sesudah")
        until(lambda: states(vault, other) == ["sent", "sent"])  # and what there is to send
        assert states(vault, talks) == ["queued"]
        clock.advance(-hours * 3600)
        until(lambda: states(vault, talks) == ["sent"])


def test_messages_are_taken_back_where_the_provider_lets_us(vault: Vault, clock: Clock) -> None:
    """Asked for once, done once, and written down."""
    talks = open_conversation(vault)
    with db.write(vault.engine) as connection:
        deletions.ask(connection, talks, ["11", "12"], NOON)
        deletions.ask(connection, talks, [], NOON)
    provider = FakeTransport()
    with sending(post(vault, provider, clock)):
        until(lambda: talk(vault, talks).send_at is None)
    assert provider.gone == [(SITI, ("11", "12"))]
    with db.read(vault.engine) as connection:
        events = connection.execute(sa.select(conversation_events)).all()
    assert [event.kind for event in events] == [deletions.ASKED, deletions.DONE]
    assert (events[1].details["gone"], events[1].details["left"]) == (2, 0)


class AwayTransport(FakeTransport):
    """A provider that cannot be reached just now."""

    def delete(self, address: str, refs: object) -> list[str]:
        raise ConnectionError


@pytest.mark.parametrize("old", [False, True])
def test_taking_back_is_tried_again_for_two_days(vault: Vault, clock: Clock, old: bool) -> None:
    """The message to her goes out meanwhile."""
    talks = open_conversation(vault)
    with db.write(vault.engine) as connection:
        deletions.ask(connection, talks, ["11"], NOON)
    clock.advance(3 * 24 * 3600 if old else 0)
    queue(vault, talks, "Sudah saya hapus.", now=clock())
    with sending(post(vault, AwayTransport(), clock)):
        until(lambda: states(vault) == ["sent"])
    with db.read(vault.engine) as connection:
        assert (deletions.pending(connection, talks) == []) is old
    assert talk(vault, talks).send_at == (None if old else clock() + 60)


def test_a_conversation_that_cannot_be_opened_is_left_and_told(
    vault: Vault, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """A damaged address; the others go on."""
    broken, talks = open_conversation(vault, BUDI), open_conversation(vault, SITI)
    queue(vault, broken, "satu")
    queue(vault, talks, "dua")
    with db.write(vault.engine) as connection:
        change(connection, broken, address_sealed=b"x" * 40)
    with caplog.at_level(logging.ERROR), sending(post(vault, FakeTransport(), clock)):
        until(lambda: talk(vault, broken).send_at == NOON + 3600)
        until(lambda: states(vault) == ["queued", "sent"])
    assert "cannot be opened" in caplog.text


def test_the_pace_is_the_providers() -> None:
    """Thirty a second to all, one a second to a caller after a burst of three."""
    paces = Paces({("telegram", "telegram"): Pace(30, 1, 3)})

    def wait(chat: str, now: float) -> float:
        return round(paces.reserve("telegram", "telegram", chat, now), 3)

    assert [wait(str(chat), 0.0) for chat in range(4)] == [0, 0.033, 0.067, 0.1]
    assert [wait("siti", 9.0) for _ in range(5)] == [0, 0.033, 0.067, 1, 2]
    assert wait("siti", 30.0) == 0
    assert paces.reserve("smpp", "sms", "siti", 0.0) == 0


def test_a_message_to_one_caller_waits_for_her_pace(vault: Vault, clock: Clock) -> None:
    """The third follows two pauses after the first."""
    queue(vault, open_conversation(vault), "1", "2", "3")
    at: list[float] = []
    asked: list[tuple[float, float]] = []

    class Watched(Paces):
        def reserve(self, *key: Any) -> float:
            began = time.monotonic()
            asked.append((began, super().reserve(*key)))
            return asked[-1][1]

    def behave(_: Parcel) -> Delivery:
        at.append(time.monotonic())
        return SENT

    provider = FakeTransport(behave=behave)
    paces = Watched({("telegram", "telegram"): Pace(0, 0.2, 1)})
    with sending(post(vault, provider, clock, paces=paces)):
        until(lambda: set(states(vault)) == {"sent"})
    assert [wait for _, wait in asked[:3]] == pytest.approx([0, 0.2, 0.4])
    for (began, wait), sent_at in zip(asked, at, strict=False):
        assert sent_at - began >= wait - 0.01


def test_a_lost_lease_ends_the_work_in_that_conversation(
    vault: Vault, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Another has taken it: what is in hand is written down, nothing more is begun."""
    talks = open_conversation(vault)
    queue(vault, talks, "satu", "dua")

    def behave(_: Parcel) -> Delivery:
        with db.write(vault.engine) as connection:
            change(connection, talks, send_owner="thief", send_lease_until=clock() + 9)
        return SENT

    with sending(post(vault, FakeTransport(behave=behave), clock)):
        until(lambda: states(vault) == ["sent", "queued"])
    assert states(vault) == ["sent", "queued"]
    assert talk(vault, talks).send_owner == "thief"
    assert dispatch.LostLeaseError.__name__ not in caplog.text
