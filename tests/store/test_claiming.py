"""Claiming: one owner at a time, leases that run out, and releases that forget nobody."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from store import db, inbox
from store.tables import inbox as inbox_table
from store.vault import Vault
from tests.fakes import BUDI, LEASE, NOON, claim, message, outcomes, receive, release


def waiting(vault: Vault, conversation: str) -> inbox.Waiting | None:
    with db.read(vault.engine) as connection:
        return inbox.next_waiting(connection, vault.keyring, conversation)


def finish(vault: Vault, message_id: int) -> None:
    with db.write(vault.engine) as connection:
        inbox.finish(connection, message_id, outcome="bot", now=NOON)


def conversation_of(vault: Vault, message_id: int) -> str:
    with db.read(vault.engine) as connection:
        query = sa.select(inbox_table.c.conversation_id).where(inbox_table.c.id == message_id)
        return str(connection.execute(query).scalar_one())


def test_only_one_owner_gets_a_conversation(vault: Vault) -> None:
    """While one worker holds it, another finds nothing."""
    receive(vault, message("halo"))
    assert len(claim(vault, "a", NOON)) == 1
    assert claim(vault, "b", NOON + 1) == []


def test_many_workers_at_once_share_out_every_conversation(vault: Vault) -> None:
    """Sixteen conversations, eight workers claiming at the same moment: each is taken once."""
    for number in range(16):
        receive(vault, message("halo", provider_id=str(number), address=f"+62{number}"))
    together = threading.Barrier(8)

    def take(number: int) -> list[str]:
        together.wait()
        mine: list[str] = []
        while got := claim(vault, f"worker-{number}", NOON, limit=2):
            mine += got
        return mine

    with ThreadPoolExecutor(8) as pool:
        taken = [one for mine in pool.map(take, range(8)) for one in mine]
    assert len(taken) == len(set(taken)) == 16


def test_a_claim_takes_no_more_than_it_asks_for(vault: Vault) -> None:
    """A worker with two free places leaves the third conversation to others."""
    for number in range(3):
        receive(vault, message("halo", provider_id=str(number), address=f"+62{number}"))
    assert len(claim(vault, "a", NOON, limit=2)) == 2
    assert len(claim(vault, "b", NOON, limit=2)) == 1


def test_who_has_waited_longest_comes_first(vault: Vault) -> None:
    """Budi wrote before Siti, so his conversation is claimed first."""
    siti = conversation_of(vault, receive(vault, message("halo", provider_id="1", at=NOON)))
    earlier = message("halo", provider_id="2", address=BUDI, at=NOON - 9)
    budi = conversation_of(vault, receive(vault, earlier))
    assert claim(vault, "a", NOON, limit=1) == [budi]
    assert claim(vault, "a", NOON, limit=1) == [siti]


def test_an_expired_lease_is_taken_over(vault: Vault) -> None:
    """A worker that died holds nobody's conversation for longer than its lease."""
    receive(vault, message("halo"))
    [conversation] = claim(vault, "dead", NOON)
    assert claim(vault, "alive", NOON + LEASE) == []
    assert claim(vault, "alive", NOON + LEASE + 1) == [conversation]


def test_a_renewed_lease_is_not_taken_over(vault: Vault) -> None:
    """A slow turn that renews keeps its conversation."""
    receive(vault, message("halo"))
    [conversation] = claim(vault, "slow", NOON)
    with db.write(vault.engine) as connection:
        later = NOON + LEASE - 1
        assert inbox.renew(connection, conversation, owner="slow", now=later, lease=LEASE)
    assert claim(vault, "other", NOON + LEASE + 1) == []


def test_the_old_owner_cannot_renew_what_was_taken_over(vault: Vault) -> None:
    """The fence: a worker that comes back from the dead learns that it holds nothing."""
    receive(vault, message("halo"))
    [conversation] = claim(vault, "dead", NOON)
    claim(vault, "alive", NOON + LEASE + 1)
    with db.write(vault.engine) as connection:
        late = NOON + LEASE + 2
        assert not inbox.renew(connection, conversation, owner="dead", now=late, lease=LEASE)


def test_the_old_owner_cannot_release_what_was_taken_over(vault: Vault) -> None:
    """Giving back somebody else's conversation changes nothing."""
    receive(vault, message("halo"))
    [conversation] = claim(vault, "dead", NOON)
    claim(vault, "alive", NOON + LEASE + 1)
    release(vault, conversation, "dead")
    assert claim(vault, "third", NOON + LEASE + 2) == []


def test_messages_of_a_conversation_come_oldest_first(vault: Vault) -> None:
    """The second message is not looked at before the first is done, and the first knows of it."""
    first = receive(vault, message("satu", provider_id="1"))
    receive(vault, message("dua", provider_id="2"))
    conversation = conversation_of(vault, first)
    head = waiting(vault, conversation)
    assert head is not None
    assert (head.text, head.behind) == ("satu", 1)
    finish(vault, first)
    head = waiting(vault, conversation)
    assert head is not None
    assert (head.text, head.behind) == ("dua", 0)


def test_an_attempt_is_remembered(vault: Vault) -> None:
    """A message that has stopped a worker tells the next one."""
    first = receive(vault, message("racun"))
    with db.write(vault.engine) as connection:
        inbox.count_attempt(connection, first)
        inbox.count_attempt(connection, first)
    head = waiting(vault, conversation_of(vault, first))
    assert head is not None
    assert head.attempts == 2


def test_a_finished_conversation_is_due_for_nobody(vault: Vault) -> None:
    """With nothing left to answer a release lets the conversation rest."""
    first = receive(vault, message("halo"))
    [conversation] = claim(vault, "a", NOON)
    finish(vault, first)
    release(vault, conversation, "a")
    with db.read(vault.engine) as connection:
        assert not inbox.anything_due(connection, NOON + 1000)
    assert claim(vault, "b", NOON + 1000) == []


def test_a_message_that_came_in_while_answering_keeps_the_conversation_due(vault: Vault) -> None:
    """The release looks again: the second message is answered without waiting for a third."""
    first = receive(vault, message("satu", provider_id="1"))
    [conversation] = claim(vault, "a", NOON)
    receive(vault, message("dua", provider_id="2", at=NOON + 1))
    finish(vault, first)
    release(vault, conversation, "a")
    with db.read(vault.engine) as connection:
        assert inbox.anything_due(connection, NOON + 1)
    assert claim(vault, "b", NOON + 1) == [conversation]


def test_a_release_for_later_waits_until_then(vault: Vault) -> None:
    """After a failure the conversation is left alone for a moment."""
    receive(vault, message("halo"))
    [conversation] = claim(vault, "a", NOON)
    with db.write(vault.engine) as connection:
        inbox.release(connection, conversation, owner="a", again_at=NOON + 5)
    assert claim(vault, "b", NOON + 4) == []
    assert claim(vault, "b", NOON + 5) == [conversation]


@pytest.mark.parametrize("first_commits", ["the message", "the release"])
def test_no_message_is_lost_between_look_and_release(vault: Vault, first_commits: str) -> None:
    """A message that commits while the release is under way still makes the conversation due."""
    first = receive(vault, message("satu", provider_id="1"))
    [conversation] = claim(vault, "a", NOON)
    finish(vault, first)
    second = message("dua", provider_id="2", at=NOON + 1)

    def store() -> None:
        receive(vault, second)

    def give_back() -> None:
        release(vault, conversation, "a")

    with vault.engine.connect() as connection:
        if first_commits == "the message":
            inbox.receive(connection, vault.keyring, second, transport="local")
            other = threading.Thread(target=give_back)
        else:
            inbox.release(connection, conversation, owner="a")
            other = threading.Thread(target=store)
        other.start()
        # SQLite has one writer; elsewhere a webhook must not wait for a worker, nor it for us.
        one_writer = vault.engine.dialect.name == "sqlite"
        other.join(0.3 if one_writer else 60)
        assert other.is_alive() == one_writer
        connection.commit()
    other.join(60)
    assert claim(vault, "b", NOON + 1) == [conversation]


def drain(vault: Vault, owner: str, stop: threading.Event) -> None:
    """Claim, finish and release until told to stop."""
    while not stop.is_set():
        for conversation in claim(vault, owner, NOON + 1):
            while (head := waiting(vault, conversation)) is not None:
                finish(vault, head.id)
            release(vault, conversation, owner)


def test_nothing_is_lost_when_messages_and_releases_race(vault: Vault) -> None:
    """Two senders against two workers that claim and release all the time: all are answered."""
    stop = threading.Event()

    def send(sender: int) -> None:
        for number in range(20):
            receive(vault, message("pesan", provider_id=f"{sender}-{number}"))

    workers = [threading.Thread(target=drain, args=(vault, name, stop)) for name in ("a", "b")]
    sending = [threading.Thread(target=send, args=(number,)) for number in range(2)]
    for thread in workers + sending:
        thread.start()
    for thread in sending:
        thread.join()
    deadline = time.monotonic() + 60
    while ("waiting", None) in outcomes(vault) and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    for thread in workers:
        thread.join()
    assert outcomes(vault) == [("done", "bot")] * 40
