"""Two who open or raise at once: one ticket, and nobody's danger is written over."""

from __future__ import annotations

import threading
from collections.abc import Callable

import sqlalchemy as sa

from hotline.tickets import Category, State, Urgency
from store import db, tickets
from store.tables import tickets as ticket_table
from store.vault import Vault
from tests.fakes import NOON
from tests.posting import open_conversation

PATIENCE = 60.0


def _raise(
    connection: sa.Connection, vault: Vault, one: str, category: Category, urgency: Urgency,
    reason: str,
) -> None:  # fmt: skip
    tickets.open_or_raise(
        connection, vault.keyring, conversation=one, category=category, urgency=urgency,
        reasons=(reason,), message_id=None, language="id", now=NOON,
    )  # fmt: skip


def _beside(vault: Vault, first: Callable[[sa.Connection], None],
            second: Callable[[sa.Connection], None]) -> None:  # fmt: skip
    """Let a second writer begin while the first has written and not yet committed."""
    written, begun = threading.Event(), threading.Event()

    def late() -> None:
        assert written.wait(PATIENCE)
        begun.set()
        with db.write(vault.engine) as connection:
            second(connection)

    other = threading.Thread(target=late)
    other.start()
    with db.write(vault.engine) as connection:
        first(connection)
        written.set()
        assert begun.wait(PATIENCE)
        other.join(0.3)  # it has come as far as it can
    other.join(PATIENCE)
    assert not other.is_alive()


def _rows(vault: Vault) -> list[tuple[str, str, list[str]]]:
    query = sa.select(ticket_table.c.category, ticket_table.c.urgency, ticket_table.c.reasons)
    with db.read(vault.engine) as connection:
        return [tuple(row) for row in connection.execute(query.order_by(ticket_table.c.id))]


def test_a_conversation_gets_one_ticket_from_two_who_open_at_once(vault: Vault) -> None:
    """The second raises what the first has opened."""
    one = open_conversation(vault)
    _beside(
        vault,
        lambda c: _raise(c, vault, one, Category.REPORT, Urgency.HIGH, "asked_report"),
        lambda c: _raise(c, vault, one, Category.OTHER, Urgency.HIGH, "no_answer"),
    )
    assert _rows(vault) == [("report", "high", ["asked_report", "no_answer"])]


def test_a_late_writer_does_not_talk_danger_down(vault: Vault) -> None:
    """An action that adds a reason while the guard raises the ticket."""
    one = open_conversation(vault)
    with db.write(vault.engine) as connection:
        _raise(connection, vault, one, Category.REPORT, Urgency.HIGH, "asked_report")
    _beside(
        vault,
        lambda c: _raise(c, vault, one, Category.EMERGENCY, Urgency.CRITICAL, "locked_in"),
        lambda c: _raise(c, vault, one, Category.OTHER, Urgency.HIGH, "asked_human"),
    )
    reasons = ["asked_report", "locked_in", "asked_human"]
    assert _rows(vault) == [("emergency", "critical", reasons)]


def test_what_is_ended_meanwhile_is_not_raised(vault: Vault) -> None:
    """Who writes while a responder ends the ticket gets a new one."""
    one = open_conversation(vault)
    with db.write(vault.engine) as connection:
        _raise(connection, vault, one, Category.REPORT, Urgency.HIGH, "asked_report")
        id_ = connection.execute(sa.select(ticket_table.c.id)).scalar_one()
    _beside(
        vault,
        lambda c: tickets.move(c, id_, State.UNFOUNDED, actor="ani", now=NOON),
        lambda c: _raise(c, vault, one, Category.EMERGENCY, Urgency.CRITICAL, "locked_in"),
    )
    assert [row[1] for row in _rows(vault)] == ["high", "critical"]
