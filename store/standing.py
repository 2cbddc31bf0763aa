"""What is known of a caller when something is to go out to her: read from her conversation."""

from __future__ import annotations

import json
from typing import Any

import phonenumbers
import sqlalchemy as sa
from phonenumbers import timezone

from hotline.errors import KeyringError
from hotline.holding import ContactRules, Standing
from hotline.hours import JAKARTA
from store.crypto import Keyring
from store.tables import conversations


def standing_of(keyring: Keyring, row: sa.Row[Any], quiet: tuple[int, int]) -> Standing:
    """Put together what decides about sending, from a row of `conversations`.

    Raises KeyringError when the address cannot be opened.
    """
    address = keyring.open(row.address_sealed, "conversations.address")
    country, zone = whereabouts(address)
    return Standing(
        channel=row.channel,
        heard_at=row.heard_at,
        country=country,
        zone=zone,
        opted_out=row.opted_out_at is not None,
        unreachable=row.unreachable is not None,
        watched=row.neutral,
        rules=_rules(keyring, row.contact_rules_sealed, watched=row.neutral),
        quiet=quiet,
    )


def _rules(keyring: Keyring, sealed: bytes | None, *, watched: bool) -> ContactRules:
    if watched:
        return ContactRules(do_not_write=True)  # somebody else is reading: recipes only
    if sealed is None:
        return ContactRules()
    try:
        plain = json.loads(keyring.open(sealed, "conversations.contact_rules"))
    except (KeyringError, ValueError):
        return ContactRules(unclear=True)  # damaged: a person must judge
    return ContactRules.from_dict(plain) if isinstance(plain, dict) else ContactRules(unclear=True)


def whereabouts(address: str) -> tuple[str, str]:
    """Give the country and time zone of a number; of anything else, Jakarta's."""
    try:
        number = phonenumbers.parse(address)
    except phonenumbers.NumberParseException:
        return "ID", JAKARTA
    country = phonenumbers.region_code_for_country_code(number.country_code or 0)
    zones = timezone.time_zones_for_number(number)
    known = zones and zones[0] != timezone.UNKNOWN_TIMEZONE
    return country, zones[0] if known else JAKARTA


def lock(connection: sa.Connection, conversation: str) -> sa.Row[Any]:
    """Read a conversation and keep others from changing it until this transaction ends.

    Whoever changes a conversation and its messages locks the conversation first, so that two who
    do both never wait for each other.
    """
    query = sa.select(conversations).where(conversations.c.id == conversation)
    if connection.dialect.name == "postgresql":
        query = query.with_for_update()
    return connection.execute(query).one()


def keep(connection: sa.Connection, conversation: str) -> None:
    """Let nobody else change a conversation until we are done; messages may come and go."""
    if connection.dialect.name == "postgresql":
        query = sa.select(conversations.c.id).where(conversations.c.id == conversation)
        connection.execute(query.with_for_update(key_share=True))


def make_due(connection: sa.Connection, conversation: str, now: float) -> None:
    """Let a sender look at a conversation at once."""
    send_at = conversations.c.send_at
    connection.execute(
        sa.update(conversations)
        .where(conversations.c.id == conversation)
        .values(send_at=sa.case((send_at < now, send_at), else_=now))
    )
