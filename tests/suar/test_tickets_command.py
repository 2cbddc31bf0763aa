"""`suar tickets`: what an operator sees of the tickets."""

import io
import json
from datetime import UTC, datetime

import pytest

from hotline.messages import Channel, InboundMessage, OutboxState, Reply
from hotline.tickets import Category
from store import db, inbox, outbox, tickets
from store.vault import Vault
from suar.tickets import show
from tests.fakes import BUDI, NOON, SITI


@pytest.fixture
def code(vault: Vault) -> str:
    """Give the code of Siti's report; Budi has a critical one."""
    made = [open_one(vault, SITI, Category.REPORT), open_one(vault, BUDI, Category.EMERGENCY)]
    return made[0].code


def open_one(vault: Vault, address: str, category: Category) -> tickets.Opened:
    with db.write(vault.engine) as connection:
        conversation = inbox.conversation_of(
            connection, vault.keyring, channel="sms", address=address, now=NOON, transport="local"
        )
        opened = tickets.open_or_raise(
            connection, vault.keyring, conversation=conversation, category=category,
            reasons=["locked_in"], message_id=1, language="id", now=NOON,
        )  # fmt: skip
        for number, place in enumerate(["Johor", "Penang"]):
            tickets.add_fact(
                connection, vault.keyring, opened.id, "where", place,
                said_by="caller", message_id=number, now=NOON,
            )  # fmt: skip
    return opened


def run(vault: Vault, code: str | None = None, *, as_json: bool = False) -> tuple[int, str]:
    out = io.StringIO()
    return show(vault, code=code, as_json=as_json, out=out), out.getvalue()


def test_all_tickets_are_listed_most_urgent_first(vault: Vault, code: str) -> None:
    """One head line each, and what is known now below."""
    status, text = run(vault)
    heads = [line for line in text.splitlines() if line.startswith("SR-")]
    assert status == 0
    assert "critical  emergency  new" in heads[0]
    assert heads[1].startswith(f"{code}  high  report  new  2024-11-22 05:00 UTC")
    assert text.count("    where: Penang\n") == 2
    assert "Johor" not in text


def test_one_ticket_is_found_by_a_sloppy_code(vault: Vault, code: str) -> None:
    """The operator types it the way callers do."""
    status, text = run(vault, code.lower().replace("-", " "), as_json=True)
    assert status == 0
    assert [ticket["code"] for ticket in json.loads(text)] == [code]


def test_json_tells_everything(vault: Vault, code: str) -> None:
    """What is known, how it came to be known, and when a person must look."""
    [plain] = json.loads(run(vault, code, as_json=True)[1])
    assert plain["facts"] == {"where": "Penang"}
    assert [fact["value"] for fact in plain["history"]] == ["Johor", "Penang"]
    assert plain["reasons"] == ["locked_in"]
    assert plain["first_response_due"] == "2024-11-22T09:00:00+00:00"
    assert (plain["category"], plain["urgency"], plain["state"]) == ("report", "high", "new")


@pytest.mark.parametrize("as_json", [True, False])
def test_a_ticket_that_does_not_exist_is_status_one(vault: Vault, as_json: bool) -> None:
    """A script can tell an unknown code from an empty database."""
    status, text = run(vault, "SR-2222-22", as_json=as_json)
    assert (status, text.strip()) == (1, "[]" if as_json else "no tickets")


def test_no_tickets_at_all_is_no_error(vault: Vault) -> None:
    """A new installation has none."""
    assert run(vault) == (0, "no tickets\n")


def test_the_json_form_holds_what_was_said_on_both_sides(vault: Vault) -> None:
    """A responder without a console reads the conversation here."""
    with db.write(vault.engine) as connection:
        told = InboundMessage(
            channel=Channel.SMS, provider_id="1", address="+62811", text="gaji saya ditahan",
            received_at=datetime(2026, 11, 22, tzinfo=UTC),
        )  # fmt: skip
        message_id, _ = inbox.receive(connection, vault.keyring, told, transport="local")
        siti = inbox.conversation_of(
            connection, vault.keyring, channel="sms", address="+62811", now=0, transport="local"
        )
        tickets.open_or_raise(
            connection, vault.keyring, conversation=siti, category=Category.REPORT, reasons=(),
            message_id=message_id, language="id", now=1_795_000_000.0,
        )  # fmt: skip
        outbox.add(
            connection, vault.keyring, siti, [Reply("Sudah dicatat.")], inbox_id=message_id,
            author="bot", now=1_795_400_000.0, state=OutboxState.SENT,
        )  # fmt: skip
    out = io.StringIO()
    show(vault, code=None, as_json=True, out=out)
    [ticket] = json.loads(out.getvalue())
    said = [(m["channel"], m["from"], m["text"]) for m in ticket["messages"]]
    assert said == [("sms", "caller", "gaji saya ditahan"), ("sms", "suar", "Sudah dicatat.")]
