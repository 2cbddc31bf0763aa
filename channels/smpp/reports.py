"""What a centre tells of our own messages: receipts, and answers that came too late."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from channels.smpp import wire
from channels.smpp.codes import codes, refused
from channels.smpp.ids import Ids, forms
from channels.smpp.parse import Receipt
from hotline.messages import Channel, OutboxState
from store import receipts
from store.crypto import Keyring
from store.tables import conversations, outbox

_NAME = "smpp"
_UNSETTLED = (OutboxState.SENDING.value, OutboxState.UNCERTAIN.value)


@dataclass(frozen=True)
class Late:
    """The centre's answer to a message that counts as uncertain meanwhile."""

    outbox_id: int
    status: int
    number: str


@dataclass(frozen=True)
class _About:
    """Which message a receipt is about, as our table has it."""

    provider_id: str
    outbox_id: int | None
    whole: bool = True  # all parts have arrived, where the receipt says that one has


def note_late(connection: sa.Connection, late: Late, now: float) -> None:
    """Settle an uncertain message by the answer that came after all."""
    if late.status == wire.OK:
        receipts.note(
            connection,
            transport=_NAME,
            provider_id=late.number,
            status="late",
            state=OutboxState.SENT,
            outbox_id=late.outbox_id,
            at=now,
        )
        return
    delivery = refused(late.status)
    receipts.note(
        connection,
        transport=_NAME,
        # The centre gave no number; ours tells this try from others.
        provider_id=late.number or f"late.{late.outbox_id}.{int(now)}",
        status="late",
        state=OutboxState.FAILED,
        code=delivery.code,
        words=delivery.words,
        outbox_id=late.outbox_id,
        at=now,
        end=delivery.end,
    )


def note_receipt(
    connection: sa.Connection, keyring: Keyring, ids: Ids, receipt: Receipt, now: float
) -> None:
    """Store a receipt and move its message."""
    about = _about(connection, keyring, ids, receipt)
    state, status = receipt.state, receipt.status or "?"
    if state is OutboxState.DELIVERED and not about.whole:
        # Parts without the others are no message.
        state, status = OutboxState.SENT, f"{status} {receipt.told_id}"
    failed = state is OutboxState.FAILED
    meaning = codes[receipt.status]
    receipts.note(
        connection,
        transport=_NAME,
        provider_id=about.provider_id,
        status=status,
        state=state,
        code=_code(receipt) if failed else None,
        words=meaning.words if failed else "",
        outbox_id=about.outbox_id,
        at=now,
        end=meaning.end if failed else None,
    )


def _code(receipt: Receipt) -> str:
    told = receipt.error.strip("0")
    return f"{receipt.status}:{receipt.error}" if told else receipt.status


def _about(connection: sa.Connection, keyring: Keyring, ids: Ids, receipt: Receipt) -> _About:
    number = receipt.told_id
    sent = ids.find(number, receipt.address) if number else None
    if sent is not None:
        arrived = receipt.state is OutboxState.DELIVERED
        whole = ids.all_delivered(sent, number) if arrived else sent.parts == 1
        return _About(sent.name, sent.outbox_id, whole)
    index = keyring.blind("address", f"{Channel.SMS}:{receipt.address}")
    found = _by_number(connection, number, index) or _by_reference(connection, receipt, index)
    if found is not None:
        return found
    ids.early(number)
    return _About(number or f"reference.{receipt.reference}", None)


def _by_number(connection: sa.Connection, number: str, index: bytes) -> _About | None:
    """Find a message that an earlier process sent."""
    if not number:
        return None
    written = forms(number)
    query = (
        sa.select(outbox.c.id, outbox.c.provider_id, conversations.c.address_index)
        .join(conversations)
        .where(outbox.c.provider_id.in_(written), conversations.c.transport == _NAME)
        .order_by(outbox.c.id.desc())
    )
    rows = connection.execute(query).all()
    for form in written:
        for row in rows:
            # Another way to write a number may be another message's number.
            same = form == number or row.address_index == index
            if row.provider_id == form and same:
                return _About(row.provider_id, row.id)
    return None


def _by_reference(connection: sa.Connection, receipt: Receipt, index: bytes) -> _About | None:
    """Find a message whose answer was lost by our own reference, if the centre gives it back."""
    if receipt.reference is None:
        return None
    query = (
        sa.select(outbox.c.id)
        .join(conversations)
        .where(
            conversations.c.address_index == index,
            outbox.c.state.in_(_UNSETTLED),
            outbox.c.provider_id.is_(None),
            outbox.c.id % 65536 == receipt.reference,
        )
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
    found = connection.execute(query).scalar()
    if found is None:
        return None
    return _About(receipt.told_id or f"reference.{receipt.reference}.{found}", int(found))
