"""Failures that only a receipt tells, long after the try: they come to an end all the same."""

import pytest

from hotline.delivery import Delivery, End, Parcel
from hotline.messages import Channel, OutboxState
from store import db, receipts
from store.vault import Vault
from tests.fakes import NOON, SITI
from tests.posting import open_conversation, pump, queue, states

MINUTE, HOUR = 60.0, 3600.0


def tries(vault: Vault, *, told_after: float, end: End, hours: float) -> int:
    """Let a sender try for some hours, each failure told by a receipt; returns how often."""
    queue(vault, open_conversation(vault, SITI, Channel.SMS), "halo")
    ids: list[str] = []

    def send(parcel: Parcel) -> Delivery:
        ids.append(f"SM{len(ids)}")
        return Delivery(end=End.SENT, provider_id=ids[-1])

    now = NOON
    while now < NOON + hours * HOUR:
        if pump(vault, now, send):
            now += told_after
            with db.write(vault.engine) as connection:
                receipts.note(
                    connection, transport="twilio", provider_id=ids[-1], status="undelivered",
                    state=OutboxState.FAILED, code="30003", end=end, at=now,
                )  # fmt: skip
        now += MINUTE
    return len(ids)


@pytest.mark.parametrize("minutes", [1, 20, 90])
def test_a_phone_that_stays_off_ends_the_tries(vault: Vault, minutes: int) -> None:
    """However late the network says so, a message is tried for its four hours, not for ever."""
    often = tries(vault, told_after=minutes * MINUTE, end=End.RETRY, hours=24)
    assert states(vault) == ["failed"]
    assert 2 <= often <= 30


def test_an_account_that_is_refused_by_receipt_is_tried_ever_less_often(vault: Vault) -> None:
    """Every try is paid for; the message waits for an operator and is not lost."""
    assert tries(vault, told_after=5, end=End.MISCONFIGURED, hours=24) < 40
    assert states(vault) == ["queued"]
