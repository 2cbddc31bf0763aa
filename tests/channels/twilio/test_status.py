"""What Twilio tells of our messages moves them: in any order, early, late, and in words."""

from __future__ import annotations

import itertools
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from hotline.messages import OutboxState, Reply
from store import db, outbox, receipts
from store.tables import conversations
from store.tables import outbox as outbox_table
from store.vault import Vault
from tests.channels.twilio.stand import (
    SID,
    incoming,
    signed,
    status,
)
from tests.channels.twilio.webhooks import PATH, STATUS, stored
from tests.fakes import NOON


def a_reply(vault: Vault, state: OutboxState = OutboxState.SENDING, sid: str | None = None) -> int:
    """Store a reply that is on its way to Siti."""
    with db.write(vault.engine) as connection:
        conversation = connection.execute(sa.select(conversations.c.id)).scalar_one()
        made = outbox.add(
            connection,
            vault.keyring,
            conversation,
            [Reply("Kami di sini.")],
            inbox_id=None,
            author="bot",
            now=NOON,
        )[0]
        change = sa.update(outbox_table).where(outbox_table.c.id == made)
        connection.execute(change.values(state=state.value, provider_id=sid))
    return made


def outgoing(vault: Vault, number: int) -> sa.Row[tuple[object, ...]]:
    """Read a reply's row."""
    with db.read(vault.engine) as connection:
        query = sa.select(outbox_table).where(outbox_table.c.id == number)
        return connection.execute(query).one()


def test_statuses_move_a_message_forward_in_any_order(client: TestClient, vault: Vault) -> None:
    """The phone's word counts more than a network's late one."""
    orders = itertools.permutations(["sent", "delivered", "read"])
    for number, order in enumerate(orders):
        client.post(PATH, **signed(incoming()))
        sid = f"SM{number:032x}"
        made = a_reply(vault, OutboxState.SENT, sid)
        path = f"{STATUS}?o={made}"
        for word in (*order, order[0]):
            assert client.post(path, **signed(status(word, sid), path)).status_code == 200
        assert outgoing(vault, made).state == "read"


def test_a_status_settles_a_message_whose_answer_was_lost(client: TestClient, vault: Vault) -> None:
    """Our number in the address says which; Twilio's number is learnt from it."""
    client.post(PATH, **signed(incoming()))
    made = a_reply(vault, OutboxState.UNCERTAIN)
    path = f"{STATUS}?o={made}"
    client.post(path, **signed(status("sent"), path))
    row = outgoing(vault, made)
    assert (row.state, row.provider_id) == ("sent", SID)


def test_a_status_before_its_message_waits_for_it(client: TestClient, vault: Vault) -> None:
    """Twilio may be faster than our own commit; an address without our number then too."""
    client.post(PATH, **signed(incoming()))
    assert client.post(STATUS, **signed(status("delivered"), STATUS)).status_code == 200
    made = a_reply(vault, OutboxState.SENT, SID)
    with db.write(vault.engine) as connection:
        receipts.adopt(connection, made, "twilio", SID)
    assert outgoing(vault, made).state == "delivered"


@pytest.mark.parametrize("number", ["999999", "x", "", quote("1' or '1'='1")])
def test_a_status_of_a_message_we_do_not_know_does_no_harm(
    client: TestClient, vault: Vault, number: str
) -> None:
    """An old database may have been put back."""
    path = f"{STATUS}?o={number}"
    assert client.post(path, **signed(status("delivered"), path)).status_code == 200
    assert stored(vault) == []


def test_a_failure_is_shown_in_words(client: TestClient, vault: Vault) -> None:
    """And with Twilio's code."""
    client.post(PATH, **signed(incoming()))
    made = a_reply(vault, OutboxState.SENT, SID)
    path = f"{STATUS}?o={made}"
    client.post(path, **signed(status("undelivered", ErrorCode="30007"), path))
    row = outgoing(vault, made)
    assert (row.state, row.error_code, row.error) == ("failed", "30007", "Disaring jaringan")


def test_a_window_that_shut_meanwhile_holds_the_message(client: TestClient, vault: Vault) -> None:
    """WhatsApp says so only after it was taken: it waits for her, it is not lost."""
    client.post(PATH, **signed(incoming()))
    made = a_reply(vault, OutboxState.SENT, SID)
    path = f"{STATUS}?o={made}"
    client.post(path, **signed(status("failed", ErrorCode="63016"), path))
    assert outgoing(vault, made).state == "held"


@pytest.mark.parametrize(
    ("code", "state", "hold"),
    [("63018", "queued", None), ("30034", "queued", "misconfigured"), ("63032", "failed", None)],
)
def test_a_late_failure_ends_as_one_at_once_would(
    client: TestClient, vault: Vault, code: str, state: str, hold: str | None
) -> None:
    """A crowded network is tried again, our own settings too, a limit of WhatsApp never."""
    client.post(PATH, **signed(incoming()))
    made = a_reply(vault, OutboxState.SENT, SID)
    path = f"{STATUS}?o={made}"
    client.post(path, **signed(status("failed", ErrorCode=code), path))
    row = outgoing(vault, made)
    assert (row.state, row.hold) == (state, hold)
