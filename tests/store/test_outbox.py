"""The outbox: replies in order, sealed, and never twice for one message."""

import pytest
import sqlalchemy as sa

from hotline.messages import Choice, OutboxState, Reply
from store import db, outbox
from store.tables import conversations, inbox
from store.tables import outbox as outbox_table
from store.vault import Vault
from tests.fakes import NOON, message, receive, said, sent

MENU = Reply("Pilih:", (Choice("Ya", "/affirm"), Choice("Tidak", "/deny")))


@pytest.fixture
def first(vault: Vault) -> int:
    """Give the id of a message from Siti."""
    return receive(vault, message("halo"))


def add(
    vault: Vault, inbox_id: int | None, *replies: Reply, state: OutboxState = OutboxState.QUEUED
) -> None:
    with db.write(vault.engine) as connection:
        known = connection.execute(sa.select(conversations.c.id)).scalar_one()
        outbox.add(
            connection, vault.keyring, known, replies,
            inbox_id=inbox_id, author="bot", now=NOON, state=state,
        )  # fmt: skip


def test_replies_are_read_as_they_were_added(vault: Vault, first: int) -> None:
    """Order and choices survive sealing."""
    add(vault, first, Reply("satu"), MENU)
    with db.read(vault.engine) as connection:
        known = connection.execute(sa.select(conversations.c.id)).scalar_one()
        answers = outbox.since(connection, vault.keyring, known, after=0)
    assert [one.reply for one in answers] == [Reply("satu"), MENU]
    assert [one.inbox_id for one in answers] == [first, first]


def test_a_message_cannot_have_two_answers(vault: Vault, first: int) -> None:
    """The database itself refuses the second, and keeps the first whole."""
    add(vault, first, Reply("satu"))
    with pytest.raises(sa.exc.IntegrityError):
        add(vault, first, Reply("dua"))
    assert said(vault) == ["satu"]


def test_a_responder_may_write_as_often_as_she_likes(vault: Vault, first: int) -> None:
    """What answers no message in particular has no such limit."""
    add(vault, None, Reply("Saya Rini."))
    add(vault, None, Reply("Anda di mana?"))
    assert said(vault) == ["Saya Rini.", "Anda di mana?"]


def test_no_replies_leave_no_rows(vault: Vault, first: int) -> None:
    """Silence by design is not an empty message."""
    add(vault, first)
    assert sent(vault) == []


def test_only_newer_messages_are_read(vault: Vault, first: int) -> None:
    """A page that has shown the first asks for what came after it."""
    add(vault, first, Reply("satu"), Reply("dua"))
    shown = sent(vault)[0].id
    with db.read(vault.engine) as connection:
        known = connection.execute(sa.select(conversations.c.id)).scalar_one()
        newer = outbox.since(connection, vault.keyring, known, after=shown)
    assert [one.reply.text for one in newer] == ["dua"]


@pytest.mark.parametrize("state", OutboxState)
def test_a_status_never_moves_back(vault: Vault, first: int, state: OutboxState) -> None:
    """Only what was sent becomes delivered: not what is held, failed or already read."""
    add(vault, first, Reply("satu"), state=state)
    with db.write(vault.engine) as connection:
        outbox.mark_delivered(connection, [one.id for one in sent(vault)])
        outbox.mark_delivered(connection, [])
    expected = OutboxState.DELIVERED if state is OutboxState.SENT else state
    assert [one.state for one in sent(vault)] == [expected]


def test_the_raw_outbox_holds_no_words(vault: Vault, first: int) -> None:
    """An answer tells as much about Siti as her question."""
    add(vault, first, Reply("KJRI Johor Bahru", (Choice("Lapor Johor", "/x"),)))
    with db.read(vault.engine) as connection:
        rows = list(connection.execute(sa.select(outbox_table)))
        rows += list(connection.execute(sa.select(inbox)))
    assert "Johor" not in "".join(repr(tuple(row)) for row in rows)
