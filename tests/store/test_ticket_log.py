"""The log that shows tampering, and the key with which a caller comes back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
import sqlalchemy as sa

from hotline.errors import Refused
from hotline.tickets import Category
from store import db, inbox, tickets
from store.tables import ticket_events
from store.vault import Vault
from tests.fakes import BUDI, NOON, SITI


@pytest.fixture
def siti(vault: Vault) -> str:
    """Give Siti's conversation."""
    return conversation(vault, SITI)


def conversation(vault: Vault, address: str) -> str:
    with db.write(vault.engine) as connection:
        return inbox.conversation_of(
            connection, vault.keyring, channel="sms", address=address, now=NOON, transport="local"
        )


def open_one(vault: Vault, conversation: str) -> tickets.Opened:
    with db.write(vault.engine) as connection:
        return tickets.open_or_raise(
            connection, vault.keyring, conversation=conversation, category=Category.REPORT,
            reasons=(), message_id=1, language="id", now=NOON,
        )  # fmt: skip


def events(vault: Vault) -> list[str]:
    with db.read(vault.engine) as connection:
        query = sa.select(ticket_events.c.kind).order_by(ticket_events.c.id)
        return list(connection.execute(query).scalars())


def tell(vault: Vault, ticket: int, field: str, value: str, message_id: int | None) -> bool:
    with db.write(vault.engine) as connection:
        return tickets.add_fact(
            connection, vault.keyring, ticket, field, value,
            said_by="caller", message_id=message_id, now=NOON,
        )  # fmt: skip


def broken(vault: Vault, ticket: int) -> int | None:
    with db.read(vault.engine) as connection:
        return tickets.broken_line(connection, ticket)


MESSAGES = count(1)


def try_key(
    vault: Vault,
    conversation: str,
    code: str,
    key: str,
    now: float = NOON,
    *,
    message_id: int | None = None,
) -> bool:
    """Try a key; every try is a message of its own unless one is given."""
    with db.write(vault.engine) as connection:
        found = tickets.find_with_key(
            connection, vault.keyring, conversation=conversation, code=code, key=key,
            message_id=message_id or next(MESSAGES), now=now,
        )  # fmt: skip
    return found is not None


def log_of_five(vault: Vault, conversation: str) -> int:
    ticket = open_one(vault, conversation).id
    for number in range(4):
        tell(vault, ticket, "where", f"kota {number}", number)
    assert broken(vault, ticket) is None
    return ticket


@pytest.mark.parametrize(
    "change",
    [{"kind": "moved"}, {"actor": "budi"}, {"at": NOON + 1}, {"details": {}}, {"message_id": 99}],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_line_of_the_log_is_found(
    vault: Vault, siti: str, change: dict[str, object]
) -> None:
    """Whatever is rewritten afterwards, the line's own hash gives it away."""
    ticket = log_of_five(vault, siti)
    third = sa.select(ticket_events.c.id).order_by(ticket_events.c.id).offset(2).limit(1)
    with db.write(vault.engine) as connection:
        line = connection.execute(third).scalar_one()
        connection.execute(
            sa.update(ticket_events).where(ticket_events.c.id == line).values(**change)
        )
    assert broken(vault, ticket) == line


@pytest.mark.parametrize("missing", [0, 1, 3])
def test_a_missing_line_of_the_log_is_found(vault: Vault, siti: str, missing: int) -> None:
    """The line after a deleted one no longer fits what stands before it."""
    ticket = log_of_five(vault, siti)
    with db.write(vault.engine) as connection:
        every = sa.select(ticket_events.c.id).order_by(ticket_events.c.id)
        lines = list(connection.execute(every).scalars())
        connection.execute(sa.delete(ticket_events).where(ticket_events.c.id == lines[missing]))
    assert broken(vault, ticket) == lines[missing + 1]


def test_the_logs_of_two_tickets_do_not_mix(vault: Vault, siti: str) -> None:
    """Lines of different tickets written in turn leave both logs whole."""
    one, two = open_one(vault, siti).id, open_one(vault, conversation(vault, BUDI)).id
    for number in range(3):
        tell(vault, one, "where", f"kota {number}", number)
        tell(vault, two, "where", f"desa {number}", number)
    assert broken(vault, one) is broken(vault, two) is None


def test_two_who_write_at_the_same_time_leave_the_log_whole(vault: Vault, siti: str) -> None:
    """Siti writes while a responder moves her ticket: neither line may look like tampering."""
    ticket = open_one(vault, siti).id

    def add(actor: str) -> None:
        with db.write(vault.engine) as connection:
            tickets.add_event(connection, ticket, "seen", actor, {}, message_id=None, now=NOON)
            together.wait(1)

    class Gate(threading.Barrier):
        def wait(self, timeout: float | None = None) -> int:
            try:
                return super().wait(timeout)
            except threading.BrokenBarrierError:
                return 0  # the other waits for our transaction, as it should

    together = Gate(2)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, ["caller", "rini"]))
    assert events(vault) == ["opened", "seen", "seen"]
    assert broken(vault, ticket) is None


def test_code_and_key_open_a_ticket_from_another_phone(vault: Vault, siti: str) -> None:
    """Siti comes back from Budi's phone with what she was told."""
    opened, phone = open_one(vault, siti), conversation(vault, BUDI)
    assert try_key(vault, phone, opened.code, opened.key)
    assert not try_key(vault, phone, opened.code, "00000000")
    assert not try_key(vault, phone, "SR-2222-22", opened.key)


def test_five_wrong_keys_close_the_door_for_an_hour(vault: Vault, siti: str) -> None:
    """Guessing ends early: even the right key is refused until the hour is over."""
    opened, thief = open_one(vault, siti), conversation(vault, BUDI)
    for _ in range(tickets.KEY_ATTEMPTS_AN_HOUR):
        assert not try_key(vault, thief, opened.code, "00000000")
    with pytest.raises(Refused):
        try_key(vault, thief, opened.code, opened.key)
    assert try_key(vault, thief, opened.code, opened.key, NOON + 3601)


def test_guessing_one_code_from_many_phones_is_limited(vault: Vault, siti: str) -> None:
    """Five phones with one guess each are one thief."""
    opened = open_one(vault, siti)
    for number in range(tickets.KEY_ATTEMPTS_AN_HOUR):
        phone = conversation(vault, f"+6281{number}")
        assert not try_key(vault, phone, opened.code, "00000000")
    with pytest.raises(Refused):
        try_key(vault, conversation(vault, BUDI), opened.code, "11111111")


def test_a_guess_that_is_worked_on_again_counts_once(vault: Vault, siti: str) -> None:
    """A turn that runs again after a crash does not use up her tries."""
    opened, phone = open_one(vault, siti), conversation(vault, BUDI)
    for _ in range(tickets.KEY_ATTEMPTS_AN_HOUR + 1):
        assert not try_key(vault, phone, opened.code, "00000000", message_id=77)
    assert try_key(vault, phone, opened.code, opened.key)


def test_guesses_that_belong_to_no_message_are_counted_too(vault: Vault, siti: str) -> None:
    """Whoever asks without a message's id has no more tries than others."""
    opened, thief = open_one(vault, siti), conversation(vault, BUDI)
    with db.write(vault.engine) as connection:
        for _ in range(tickets.KEY_ATTEMPTS_AN_HOUR):
            guess(connection, vault, thief, opened.code)
        with pytest.raises(Refused):
            guess(connection, vault, thief, opened.code)


def guess(connection: sa.Connection, vault: Vault, conversation: str, code: str) -> None:
    """Try a wrong key outside any message."""
    tickets.find_with_key(
        connection, vault.keyring, conversation=conversation, code=code, key="00000000",
        message_id=None, now=NOON,
    )  # fmt: skip
