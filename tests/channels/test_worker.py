"""The worker as it runs: it answers, it goes on after every failure, and its log tells nothing."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import pytest
import sqlalchemy as sa

from channels.rasa import Answer, Question
from channels.turns import Desk
from channels.worker import Worker
from hotline.errors import NoAnswer
from hotline.messages import Reply
from store import db
from store.heartbeats import alive
from store.tables import conversations, outbox
from store.vault import Vault
from tests.fakes import (
    BUDI,
    SITI,
    FakeBot,
    make_desk,
    message,
    outcomes,
    receive,
    reply,
    said,
)

SECRET = "majikan kunci saya di rumah Pak Hassan"


def desk_of(vault: Vault, bot: FakeBot, *, lease: float = 3600) -> Desk:
    """Give a desk whose lease no slow machine outlives."""
    return make_desk(vault, bot, time.time, lease=lease)


@contextmanager
def working(*desks: Desk, slots: int = 4) -> Iterator[None]:
    """Let one worker a desk run until the block ends."""
    stop = threading.Event()
    workers = [Worker(desk, slots=slots, poll=0.01) for desk in desks]
    threads = [threading.Thread(target=worker.run, args=(stop,)) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        yield
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


def done(vault: Vault, count: int) -> Callable[[], bool]:
    return lambda: [state for state, _ in outcomes(vault)] == ["done"] * count


def test_a_running_worker_answers_what_comes_in(vault: Vault) -> None:
    """Stored before the start or while it runs: both are answered."""
    receive(vault, message("satu", provider_id="1"))
    with working(desk_of(vault, FakeBot())):
        receive(vault, message("dua", provider_id="2", at=time.time()))
        until(done(vault, 2))
    assert said(vault) == ["re: satu", "re: dua"]


def test_two_workers_on_one_database_share_the_work(vault: Vault) -> None:
    """Two processes' worth of workers, six callers, five messages each: all once, in order."""
    total = 0
    for number in range(5):
        for caller in range(6):
            receive(
                vault, message(f"p{number}", provider_id=f"{caller}-{number}", address=f"{caller}")
            )
            total += 1
    bots = [FakeBot(), FakeBot()]
    with working(*(desk_of(vault, bot) for bot in bots)):
        until(done(vault, total))
    asked = [question for bot in bots for question in bot.asked]
    assert len({question.message_id for question in asked}) == len(asked) == total
    with db.read(vault.engine) as connection:
        known = connection.execute(sa.select(conversations.c.id)).scalars().all()
    for conversation in known:
        assert said(vault, conversation) == [f"re: p{number}" for number in range(5)]


def test_one_slow_conversation_does_not_hold_up_another(vault: Vault) -> None:
    """While Rasa thinks about Siti, Budi gets his answer."""
    go_on = threading.Event()

    def behave(question: Question) -> Answer:
        if question.text == "lambat":
            go_on.wait(100)
        return reply(f"re: {question.text}")

    receive(vault, message("lambat", provider_id="1", address=SITI))
    receive(vault, message("cepat", provider_id="2", address=BUDI))
    with working(desk_of(vault, FakeBot(behave)), slots=2):
        until(lambda: ("done", "bot") in outcomes(vault))
        assert outcomes(vault) == [("waiting", None), ("done", "bot")]
        go_on.set()
        until(done(vault, 2))


def test_a_second_worker_answers_what_the_first_left_behind(vault: Vault) -> None:
    """The first hangs in the middle of its turn; after the lease the other takes over, once."""
    inside, go_on = threading.Event(), threading.Event()

    def hang(_: Question) -> Answer:
        inside.set()
        go_on.wait(100)
        return reply("terlambat")

    receive(vault, message("halo"))
    hung = desk_of(vault, FakeBot(hang), lease=0.5)
    with working(hung):
        try:
            assert inside.wait(60)
            with working(desk_of(vault, FakeBot())):
                until(done(vault, 1))
        finally:
            go_on.set()
    assert said(vault) == ["re: halo"]


def test_stopping_finishes_the_message_in_hand(vault: Vault) -> None:
    """Ctrl-C in the middle of a turn does not cost the caller her answer."""
    inside, go_on = threading.Event(), threading.Event()

    def slow(_: Question) -> Answer:
        inside.set()
        go_on.wait(100)
        return reply("selesai")

    receive(vault, message("halo"))
    with working(desk_of(vault, FakeBot(slow))):
        assert inside.wait(60)
        threading.Timer(0.3, go_on.set).start()
    assert said(vault) == ["selesai"]


def test_a_worker_shows_that_it_is_alive(vault: Vault) -> None:
    """Readiness and the command line ask for this sign."""
    with working(desk_of(vault, FakeBot())):

        def seen() -> bool:
            with db.read(vault.engine) as connection:
                return alive(connection, "worker", time.time())

        until(seen)


def test_two_workers_never_have_the_same_name(vault: Vault) -> None:
    """A restarted worker must not pass for the one that died."""
    desk = desk_of(vault, FakeBot())
    assert Worker(desk, slots=1, poll=1).name != Worker(desk, slots=1, poll=1).name


def test_a_bot_that_breaks_three_times_costs_no_answer(
    vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever the bot raises, the caller has a text in the end and the worker still works."""

    def broken(question: Question) -> Answer:
        if question.text == "racun":
            raise ValueError("nothing to say")
        return reply("halo juga")

    receive(vault, message("racun", provider_id="1", address=SITI))
    receive(vault, message("halo", provider_id="2", address=BUDI))
    with working(desk_of(vault, FakeBot(broken))):
        until(done(vault, 2))
    assert sorted(outcomes(vault)) == [("done", "bot"), ("done", "safe_text")]
    assert any("has stopped" in record.getMessage() for record in caplog.records)


def test_a_database_that_goes_away_does_not_end_the_worker(
    vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    """Messages wait in the database; when it is back, they are answered."""

    def rename(old: str, new: str) -> None:
        with db.write(vault.engine) as connection:
            connection.execute(sa.text(f"alter table {old} rename to {new}"))

    receive(vault, message("halo"))
    rename("conversations", "away")
    try:
        with working(desk_of(vault, FakeBot())):
            until(lambda: any("cannot look" in record.getMessage() for record in caplog.records))
            rename("away", "conversations")
            until(done(vault, 1))
    finally:
        if sa.inspect(vault.engine).has_table("away"):
            rename("away", "conversations")
    assert said(vault) == ["re: halo"]


def failing_to_store(_: Question) -> Answer:
    # Neither database can store this as a language, so the answer's transaction fails.
    return Answer((Reply(SECRET),), cast("str", object()))


def no_answer(_: Question) -> Answer:
    raise NoAnswer("Rasa answered 500")


@pytest.mark.parametrize(
    "behave", [None, no_answer, failing_to_store], ids=["answered", "no answer", "not stored"]
)
def test_the_log_never_holds_what_a_caller_wrote(
    vault: Vault, caplog: pytest.LogCaptureFixture, behave: Callable[[Question], Answer] | None
) -> None:
    """Not when all goes well, not without an answer, not when a transaction fails."""
    caplog.set_level(logging.DEBUG)
    receive(vault, message(SECRET, address=SITI))
    with working(desk_of(vault, FakeBot(behave))):
        until(done(vault, 1))
    written = "\n".join(
        record.getMessage() + (record.exc_text or logging.Formatter().format(record))
        for record in caplog.records
    )
    assert "Hassan" not in written
    assert SITI not in written


def test_a_failed_transaction_is_logged_without_its_values(
    vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    """The database's own error names the constraint, never the row's words."""
    first = receive(vault, message(SECRET, address=SITI))
    with db.write(vault.engine) as connection:
        conversation = connection.execute(sa.select(conversations.c.id)).scalar_one()
        row = {
            "conversation_id": conversation, "inbox_id": first, "place": 0,
            "body_sealed": vault.keyring.seal('{"text": "x"}', "outbox.body"),
            "author": "bot", "state": "sent", "created_at": 1.0,
        }  # fmt: skip
        connection.execute(sa.insert(outbox), row)
    with working(desk_of(vault, FakeBot())):
        until(lambda: "IntegrityError" in caplog.text)
    assert "Hassan" not in caplog.text
    assert SITI not in caplog.text


def test_a_fault_of_our_own_is_logged_without_what_it_says(
    vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    """An error's text may quote the message that it stumbled over; kind and lines are enough."""

    def stumble(question: Question) -> Answer:
        raise ValueError(f"cannot read {question.text!r}")

    receive(vault, message(SECRET, address=SITI))
    with working(desk_of(vault, FakeBot(stumble))):
        until(lambda: "ValueError at " in caplog.text)
    assert "channels/test_worker.py:" in caplog.text
    assert "Hassan" not in caplog.text
