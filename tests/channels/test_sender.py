"""The sender as it runs: in order, at the provider's pace, and through every failure."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
            thread.join(10)
            assert not thread.is_alive()


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for something that another thread does."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def post(
    vault: Vault, transport: FakeTransport, clock: Callable[[], float], **more: object
) -> Post:
    return Post(vault=vault, transports={transport.name: transport}, now=clock, **more)  # type: ignore[arg-type]


def test_everything_goes_out_once_and_in_order(vault: Vault, clock: Clock) -> None:
    """Two senders, six callers, five messages each."""
    for caller in range(6):
        talks = open_conversation(vault, f"+6281200{caller:04}")
        queue(vault, talks, *map(str, range(5)))
    provider = FakeTransport()
    with sending(post(vault, provider, clock), post(vault, provider, clock)):
        until(lambda: set(states(vault)) == {"sent"}, 20)
    assert list(provider.texts().values()) == [list(map(str, range(5)))] * 6


def test_a_slow_provider_holds_up_one_caller_only(vault: Vault, clock: Clock) -> None:
    """While Siti's message hangs, Budi's goes out."""
    queue(vault, open_conversation(vault, SITI), "lambat")
    queue(vault, open_conversation(vault, BUDI), "cepat")
    go_on = threading.Event()

    def behave(parcel: Parcel) -> Delivery:
        if parcel.reply.text == "lambat":
            go_on.wait(10)
        return SENT

    with sending(post(vault, FakeTransport(behave=behave), clock), slots=2):
        until(lambda: states(vault) == ["sending", "sent"])
        go_on.set()
        until(lambda: states(vault) == ["sent", "sent"])


def test_waiting_for_a_provider_does_not_cost_the_lease(vault: Vault) -> None:
    """The provider takes longer than the lease; the other sender lets it be."""
    talks = open_conversation(vault)
    queue(vault, talks, "satu", "dua")

    def behave(_: Parcel) -> Delivery:
        time.sleep(1.2)
        return SENT

    provider = FakeTransport(behave=behave)
    posts = [post(vault, provider, time.time, lease=0.6) for _ in range(2)]
    with db.write(vault.engine) as connection:
        change(connection, talks, heard_at=time.time())
    with sending(*posts):
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
        until(lambda: len(provider.taken) == 1)
        time.sleep(0.3)
    assert len(provider.taken) == 1
    assert set(states(vault)) == {"queued"}
    with db.read(vault.engine) as connection:
        due = list(connection.execute(sa.select(conversations.c.send_at)).scalars())
    assert min(due) > NOON + 290


def test_a_wrong_account_is_told_loudly_and_tried_seldom(
    vault: Vault, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """An operator must see it; a provider must not be hammered."""
    for caller in range(3):
        queue(vault, open_conversation(vault, f"+6281200{caller:04}"), "halo")
    provider = FakeTransport(behave=lambda _: Delivery(end=End.MISCONFIGURED, code="401"))
    with caplog.at_level(logging.ERROR), sending(post(vault, provider, clock), slots=1):
        until(lambda: len(provider.taken) == 1)
        time.sleep(0.3)
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
        go_on.wait(10)
        return SENT

    sender = Sender(post(vault, FakeTransport(behave=behave), clock), slots=1, poll=0.01)
    stop = threading.Event()
    running = threading.Thread(target=sender.run, args=(stop,))
    running.start()
    assert inside.wait(10)
    stop.set()
    go_on.set()
    running.join(10)
    assert states(vault) == ["sent", "queued"]
    assert (talk(vault, talks).send_owner, talk(vault, talks).send_at) == (None, NOON)


def test_a_database_that_was_away_hears_what_was_sent(vault: Vault, clock: Clock) -> None:
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
            assert away.wait(10)
            time.sleep(0.7)
            away.clear()
            until(lambda: states(vault) == ["sent"])
    finally:
        sa.event.remove(vault.engine, "before_cursor_execute", refuse)


def test_a_clock_that_is_set_wakes_everything(vault: Vault, clock: Clock) -> None:
    """Put back by two days: what the old clock had made due tomorrow goes out now."""
    talks = open_conversation(vault)
    provider = FakeTransport()
    with sending(post(vault, provider, clock)):
        time.sleep(0.2)
        queue(vault, talks, "satu", now=NOON + 3600)
        time.sleep(0.2)
        assert states(vault) == ["queued"]
        clock.advance(-2 * 24 * 3600)
        until(lambda: states(vault) == ["sent"])


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

    def behave(_: Parcel) -> Delivery:
        at.append(time.monotonic())
        return SENT

    provider = FakeTransport(behave=behave)
    paces = Paces({("telegram", "telegram"): Pace(0, 0.4, 1)})
    with sending(post(vault, provider, clock, paces=paces)):
        until(lambda: set(states(vault)) == {"sent"})
    # Places are taken a little before the call.
    assert at[2] - at[0] >= 0.7


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
        time.sleep(0.1)
    assert talk(vault, talks).send_owner == "thief"
    assert dispatch.LostLeaseError.__name__ not in caplog.text
