"""Brings what a caller told about hours and ways to her conversation, where the sender obeys it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa
from babel.core import get_global

from hotline.contact_rules import DEFAULT_ZONE, read_rules
from hotline.hours import zone_named
from hotline.tickets import OPEN_STATES
from store.crypto import Keyring
from store.tables import conversations, inbox, ticket_conversations, ticket_facts, tickets

_FIELDS = ("safe_time", "contact_rule", "country")
_PLACE = "conversations.contact_rules"


def learn(connection: sa.Connection, keyring: Keyring, conversation: str) -> None:
    """Read the facts of the open tickets anew; hours hold for every conversation of a ticket.

    "Do not write" holds for the conversation in which it was said: she may have another phone.
    """
    facts = _facts(connection, keyring, conversation)
    if not facts:
        return
    latest = {field: value for field, value, _ in facts}
    told = read_rules(
        safe_time=latest.get("safe_time"),
        rules=[
            value
            for field, value, said_in in facts
            if field == "contact_rule"
            and (said_in == conversation or not value.startswith("do_not_write"))
        ],
        zone=zone_of(latest["country"]) if "country" in latest else DEFAULT_ZONE,
    )
    if told.any_rule:
        _keep(connection, keyring, conversation, told.to_dict())


def _facts(
    connection: sa.Connection, keyring: Keyring, conversation: str
) -> list[tuple[str, str, str | None]]:
    """Give field, value, and the conversation in which it was said, oldest first."""
    rows = connection.execute(
        sa.select(ticket_facts.c.field, ticket_facts.c.value_sealed, inbox.c.conversation_id)
        .join(tickets, tickets.c.id == ticket_facts.c.ticket_id)
        .join(ticket_conversations, ticket_conversations.c.ticket_id == tickets.c.id)
        .join(inbox, inbox.c.id == ticket_facts.c.message_id, isouter=True)
        .where(
            ticket_conversations.c.conversation_id == conversation,
            tickets.c.state.in_([state.value for state in OPEN_STATES]),
            ticket_facts.c.field.in_(_FIELDS),
        )
        .order_by(ticket_facts.c.id)
    )
    return [
        (row.field, keyring.open(row.value_sealed, "ticket_facts.value"), row.conversation_id)
        for row in rows
    ]


def _keep(
    connection: sa.Connection, keyring: Keyring, conversation: str, plain: dict[str, object]
) -> None:
    if plain != read(connection, keyring, conversation):
        mine = conversations.c.id == conversation
        sealed = keyring.seal(json.dumps(plain), _PLACE)
        connection.execute(sa.update(conversations).where(mine).values(contact_rules_sealed=sealed))


def read(connection: sa.Connection, keyring: Keyring, conversation: str) -> dict[str, object]:
    """Give the rules in force in the plain form of ToldRules.to_dict; empty without any."""
    mine = conversations.c.id == conversation
    sealed = connection.execute(
        sa.select(conversations.c.contact_rules_sealed).where(mine)
    ).scalar()
    return dict(json.loads(keyring.open(sealed, _PLACE))) if sealed else {}


def zone_of(country: str) -> str | None:
    """Give a country's time zone; None where its clocks differ, or the country is unknown.

    Indonesia counts as Jakarta: who is there says WITA or WIT when she means it.
    """
    if country == "ID":
        return DEFAULT_ZONE
    zones: list[str] = sorted(get_global("territory_zones").get(country, []))
    return zones[0] if zones and len(_offsets(zones)) == 1 else None


def _offsets(zones: Iterable[str]) -> set[object]:
    # Winter and summer of one year tell clocks apart that only sometimes agree.
    moments = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 7)]
    return {tuple(m.astimezone(zone_named(zone)).utcoffset() for m in moments) for zone in zones}
