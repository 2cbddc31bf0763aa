"""`suar tickets`: what is on the tickets, decrypted, for the operator of this database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

from hotline.codes import find_code
from hotline.tickets import Ticket
from store import db, tickets
from store.transcript import transcript
from store.vault import Vault


def as_plain(ticket: Ticket) -> dict[str, Any]:
    """Give a ticket as plain JSON values; `facts` holds what is known now."""
    history = [
        {
            "field": f.field,
            "value": f.value,
            "said_by": f.said_by,
            "message_id": f.message_id,
            "at": f.at.isoformat(),
        }
        for f in ticket.facts
    ]
    return {
        "code": ticket.code,
        "category": ticket.category.value,
        "urgency": ticket.urgency.value,
        "reasons": list(ticket.reasons),
        "state": ticket.state.value,
        "verification": ticket.verification.value,
        "clearing": ticket.clearing.value,
        "conflict_of_interest": ticket.conflict_of_interest,
        "anonymous": ticket.anonymous,
        "language": ticket.language,
        "opened_at": ticket.opened_at.isoformat(),
        "first_response_due": ticket.first_response_due.isoformat(),
        "facts": ticket.known(),
        "history": history,
    }


def _messages(vault: Vault, ticket: Ticket) -> list[dict[str, Any]]:
    """Give everything said in the conversations of a ticket, oldest first."""
    with db.read(vault.engine) as connection:
        said = [
            (one, channel)
            for conversation, channel in tickets.conversations_of(connection, ticket.id)
            for one in transcript(connection, vault.keyring, conversation)
        ]
    return [
        {
            "channel": channel,
            "from": "caller" if one.inbound else "suar",
            "text": one.reply.text,
            "at": datetime.fromtimestamp(one.at, UTC).isoformat(),
        }
        for one, channel in sorted(said, key=lambda pair: pair[0].at)
    ]


def show(vault: Vault, *, code: str | None, as_json: bool, out: TextIO) -> int:
    """Print all tickets, or one; exit code 1 when that one does not exist."""
    wanted = (find_code(code) or code) if code else None
    with db.read(vault.engine) as connection:
        found = tickets.all_tickets(connection, vault.keyring, code=wanted)
    if as_json:
        plain = [{**as_plain(ticket), "messages": _messages(vault, ticket)} for ticket in found]
        print(json.dumps(plain, ensure_ascii=False, indent=1), file=out)
    else:
        _print(found, out)
    return 1 if wanted and not found else 0


def _print(found: Sequence[Ticket], out: TextIO) -> None:
    if not found:
        print("no tickets", file=out)
    for ticket in found:
        head = f"{ticket.code}  {ticket.urgency}  {ticket.category}  {ticket.state}"
        print(f"{head}  {ticket.opened_at:%Y-%m-%d %H:%M} UTC", file=out)
        for name, value in ticket.known().items():
            print(f"    {name}: {value}", file=out)
