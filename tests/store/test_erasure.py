"""Erasing a conversation: its words are gone, its counts and all others' words stay."""

import sqlalchemy as sa

from hotline.messages import Choice, Reply
from hotline.tickets import Category
from store import conversations, db, inbox, outbox, tickets
from store.erasure import erase_conversation
from store.tables import inbox as inbox_table
from store.transcript import transcript
from store.vault import Vault
from tests.fakes import BUDI, NOON, SITI, message, receive, said


def conversation(vault: Vault, address: str) -> str:
    """Give a conversation with a message, an answer, choices and a ticket."""
    first = receive(vault, message(f"cerita {address}", provider_id=address, address=address))
    with db.write(vault.engine) as connection:
        query = sa.select(inbox_table.c.conversation_id).where(inbox_table.c.id == first)
        known = str(connection.execute(query).scalar_one())
        reply = Reply(f"jawaban {address}")
        outbox.add(
            connection, vault.keyring, known, [reply], inbox_id=first, author="bot", now=NOON
        )
        conversations.remember(
            connection, vault.keyring, known, choices=[Choice("Johor", "/x")],
            language="id", needs_person=False, neutral=False,
        )  # fmt: skip
        opened = tickets.open_or_raise(
            connection, vault.keyring, conversation=known, category=Category.REPORT,
            reasons=(), message_id=first, language="id", now=NOON,
        )  # fmt: skip
        tickets.add_fact(
            connection, vault.keyring, opened.id, "where", "Johor",
            said_by="caller", message_id=first, now=NOON,
        )  # fmt: skip
        inbox.finish(connection, first, outcome="bot", now=NOON)
    return known


def words(vault: Vault, known: str) -> str:
    with db.read(vault.engine) as connection:
        kept = conversations.load(connection, vault.keyring, known).choices
        queries = transcript(connection, vault.keyring, known)
    return "".join([one.reply.text for one in queries] + said(vault, known) + [str(kept)])


def test_every_word_of_the_conversation_is_gone(vault: Vault) -> None:
    """Messages, answers and choices are empty; the rows stay for the statistics."""
    known = conversation(vault, SITI)
    assert "Johor" in words(vault, known)
    with db.write(vault.engine) as connection:
        erase_conversation(connection, vault.keyring, known)
    assert words(vault, known) == "()"
    assert said(vault, known) == [""]


def test_other_conversations_keep_their_words(vault: Vault) -> None:
    """Siti's wish does not touch Budi."""
    siti, budi = conversation(vault, SITI), conversation(vault, BUDI)
    before = words(vault, budi)
    with db.write(vault.engine) as connection:
        erase_conversation(connection, vault.keyring, siti)
    assert words(vault, budi) == before


def test_a_ticket_is_left_to_a_responder(vault: Vault) -> None:
    """What a report knows is not deleted by whoever holds the phone."""
    known = conversation(vault, SITI)
    with db.write(vault.engine) as connection:
        erase_conversation(connection, vault.keyring, known)
        ticket = tickets.open_ticket_of(connection, vault.keyring, known)
    assert ticket is not None
    assert ticket.known() == {"where": "Johor"}
