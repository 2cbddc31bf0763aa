"""A new key takes over every sealed value, and the old one can then be thrown away."""

from __future__ import annotations

import json

import sqlalchemy as sa

from hotline.messages import Choice, Reply
from hotline.tickets import Category
from store import conversations, db, inbox, outbox, tickets
from store.crypto import Keyring
from store.rotation import reseal
from store.sealed import places
from store.tables import metadata
from store.vault import Vault

# Bytes that are no secrets: keyed indexes, random salts, hashes.
IN_THE_CLEAR = ("_index", "_salt", "hash")


def test_every_sealed_column_is_known_to_the_rotation() -> None:
    """A column that is forgotten here would become unreadable when an old key goes."""
    known = {f"{table.name}.{column.name}" for table, column, _ in places()}
    forgotten = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.LargeBinary) and not column.name.endswith(IN_THE_CLEAR)
    } - known
    assert forgotten == set()
    assert ("inbox.text_sealed" in known, "canary.word_sealed" in known) == (True, True)


def test_after_a_rotation_the_old_key_is_needed_no_more(vault: Vault) -> None:
    """Siti's words open with a keyring that holds the new key alone."""
    now = 1_800_000_000.0
    with db.write(vault.engine) as connection:
        siti = inbox.conversation_of(
            connection, vault.keyring, channel="sms", address="+62811", now=now, transport="local"
        )
        outbox.add(
            connection,
            vault.keyring,
            siti,
            [Reply("halo Siti")],
            inbox_id=None,
            author="bot",
            now=now,
        )
        conversations.remember(
            connection, vault.keyring, siti, choices=[Choice("Ya", "/affirm")], language="id",
            needs_person=False, neutral=False,
        )  # fmt: skip
        opened = tickets.open_or_raise(
            connection, vault.keyring, conversation=siti, category=Category.REPORT,
            reasons=("told",), message_id=None, language="id", now=now,
        )  # fmt: skip
        tickets.add_fact(
            connection, vault.keyring, opened.id, "story", "gaji ditahan", said_by="caller",
            message_id=None, now=now,
        )  # fmt: skip
    fresh = vault.keyring.with_new_key()
    assert reseal(Vault(vault.engine, fresh), fresh) == 4
    assert reseal(Vault(vault.engine, fresh), fresh) == 0
    for table, column, place in places():
        with db.read(vault.engine) as connection:
            for sealed in connection.execute(
                sa.select(column).where(column.is_not(None))
            ).scalars():
                assert Keyring.key_name(sealed) == fresh.active, f"{table.name} {place}"
    with db.read(vault.engine) as connection:
        assert outbox.since(connection, fresh, siti, after=0)[0].reply.text == "halo Siti"
        ticket = tickets.open_ticket_of(connection, fresh, siti)
    assert ticket is not None
    assert json.dumps(ticket.known()) == '{"story": "gaji ditahan"}'
