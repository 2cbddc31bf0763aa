"""Which provider carries a caller's SMS: the one rule, and its use when settings have changed."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.channel_settings import ChannelSettings
from hotline.messages import Channel
from store import db
from store.tables import conversations
from store.vault import Vault

TWILIO, SMPP = "twilio", "smpp"
_HOME = "+62"  # where Twilio carries nothing from callers to us


def sms_provider(channels: ChannelSettings, *, heard_on: str, number: str) -> str | None:
    """Say who carries SMS to a number; None when nobody does.

    Where she wrote to us, there she is answered. If that provider is gone, it is the other one;
    with both, SMPP for Indonesian numbers and Twilio for the rest.
    """
    twilio = channels.twilio
    opened = []
    if channels.smpp is not None:
        opened.append(SMPP)
    if twilio is not None and (twilio.sms_sender or twilio.messaging_service_sid):
        opened.append(TWILIO)
    if heard_on in opened:
        return heard_on
    usual = SMPP if number.startswith(_HOME) else TWILIO
    return usual if usual in opened else next(iter(opened), None)


def give_sms_to_who_carries_it(vault: Vault, channels: ChannelSettings) -> int:
    """Give conversations by SMS whose provider is gone to another; says how many."""
    c = conversations.c
    query = sa.select(c.id, c.transport, c.address_sealed).where(
        c.channel == Channel.SMS, c.transport.in_((TWILIO, SMPP))
    )
    moved = 0
    with db.write(vault.engine) as connection:
        for row in connection.execute(query).all():
            # Any number will do to see that all is well: nothing is opened for it.
            if sms_provider(channels, heard_on=row.transport, number="") == row.transport:
                continue
            number = vault.keyring.open(row.address_sealed, "conversations.address")
            other = sms_provider(channels, heard_on=row.transport, number=number)
            if other is not None:
                change = sa.update(conversations).where(c.id == row.id).values(transport=other)
                connection.execute(change)
                moved += 1
    return moved
