"""What the actions write into a conversation's own log, for responders who read it."""

from typing import Any

import sqlalchemy as sa

from store import db, tables


def events(desk: Any, conversation: str) -> list[tuple[str, dict[str, Any]]]:
    """Read kind and details, oldest first."""
    e = tables.conversation_events.c
    query = sa.select(e.kind, e.details).where(e.conversation_id == conversation).order_by(e.id)
    with db.read(desk.vault.engine) as connection:
        return [(row.kind, row.details) for row in connection.execute(query)]


def report(caller: Any) -> str:
    """Open a report; gives its code."""
    caller.writes("mau lapor paspor saya ditahan", intent="report_trafficking")
    return str(caller.ticket().code)


def test_wrong_keys_are_written_down_where_they_were_typed(phone: Any, desk: Any) -> None:
    """Never the key itself."""
    code, stranger = report(phone("siti")), phone("stranger")
    for number in range(6):
        stranger.state = None
        stranger.writes(f"{code} 0000 000{number}", intent="ticket_status")
    told = events(desk, stranger.conversation)
    assert told == [("wrong_key", {"code": code})] * 5 + [("too_many_keys", {"code": code})]


def test_a_right_key_is_written_down_too(phone: Any, desk: Any) -> None:
    """Whoever reads the conversation sees since when it belongs to the ticket."""
    from store import tickets

    siti, other = phone("siti"), phone("other")
    code = report(siti)
    with db.read(desk.vault.engine) as connection:
        key = tickets.key_of(connection, desk.vault.keyring, siti.ticket().id)
    other.writes(f"{code} {key}", intent="ticket_status")
    assert events(desk, other.conversation) == [("opened_ticket", {"code": code})]


def test_a_wish_to_delete_asks_the_provider_as_well(phone: Any, desk: Any) -> None:
    """With a ticket too: we keep what the law wants, her phone keeps nothing."""
    siti = phone("siti")
    report(siti)
    with db.write(desk.vault.engine) as connection:
        row = {
            "conversation_id": siti.conversation, "body_sealed": desk.vault.keyring.seal(
                '{"text": "x", "choices": []}', "outbox.body"
            ),
            "author": "bot", "state": "sent", "created_at": desk.now(), "provider_id": "41",
        }  # fmt: skip
        connection.execute(sa.insert(tables.outbox), row)
    siti.state = None
    siti.writes("hapus data saya", intent="delete_my_data")
    siti.picks("Ya, hapus")
    assert ("delete_at_provider", {"refs": ["41"]}) in events(desk, siti.conversation)
