"""Deletes what a ticket tells, leaving what it counts for: its row, regions, dates and log."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from hotline import ctdc
from hotline.errors import KeyringError
from store import elements, victims
from store.console_tables import (
    follow_ups,
    referrals,
    ticket_drafts,
    ticket_labels,
    ticket_notes,
)
from store.crypto import Keyring
from store.tables import conversations, ticket_facts

_VALUE = "ticket_facts.value"


def erase_ticket(connection: sa.Connection, keyring: Keyring, ticket_id: int) -> None:
    """Delete facts, people, notes, labels and what referrals, follow-ups and marks say."""
    _coarsen_facts(connection, keyring, ticket_id)
    victims.erase(connection, keyring, ticket_id)
    elements.erase(connection, ticket_id)
    for table in (ticket_drafts, ticket_labels):
        connection.execute(sa.delete(table).where(table.c.ticket_id == ticket_id))
    connection.execute(
        sa.update(ticket_notes)
        .where(ticket_notes.c.ticket_id == ticket_id)
        .values(text_sealed=keyring.seal("", "ticket_notes.text"))
    )
    connection.execute(
        sa.update(referrals)
        .where(referrals.c.ticket_id == ticket_id)
        .values(request_sealed=keyring.seal("", "referrals.request"), reason_sealed=None)
    )
    connection.execute(
        sa.update(follow_ups).where(follow_ups.c.ticket_id == ticket_id).values(answers_sealed=None)
    )


def _coarsen_facts(connection: sa.Connection, keyring: Keyring, ticket_id: int) -> None:
    """Keep of the facts what published figures are made of, as coarse as they say it."""
    mine = ticket_facts.c.ticket_id == ticket_id
    counted = ticket_facts.c.field.in_(("is_minor", "occupation"))
    query = sa.select(ticket_facts).where(mine, counted).order_by(ticket_facts.c.id)
    newest = {row.field: row for row in connection.execute(query)}
    connection.execute(sa.delete(ticket_facts).where(mine))
    for field, row in newest.items():
        try:
            told = keyring.open(row.value_sealed, _VALUE)
        except KeyringError:
            continue  # damaged: nobody could count it either
        value = ctdc.coarse_occupation(told)
        if field == "is_minor":
            value = "yes" if ctdc.is_minor(told) else "no"
        if value:
            kept = {"ticket_id": ticket_id, "field": field, "said_by": row.said_by, "at": row.at}
            sealed = keyring.seal(value, _VALUE)
            connection.execute(sa.insert(ticket_facts), {**kept, "value_sealed": sealed})


def forget_address(connection: sa.Connection, keyring: Keyring, conversation: str) -> None:
    """Forget where a caller is reached; when she writes again, she begins anew.

    Whose phone may be watched, or who wrote STOP, is known again by the keyed mark of her number
    alone: an answer in plain words would give her away, and what she forbade stays forbidden.
    """
    mine = conversations.c.id == conversation
    row = connection.execute(sa.select(conversations).where(mine)).one()
    protected = row.neutral or row.opted_out_at is not None or row.contact_rules_sealed is not None
    connection.execute(
        sa.update(conversations)
        .where(mine)
        .values(
            address_sealed=keyring.seal("", "conversations.address"),
            address_index=row.address_index if protected else secrets.token_bytes(16),
        )
    )
