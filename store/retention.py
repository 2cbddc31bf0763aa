"""Clears what the rules of retention say: tickets that ended long ago, conversations grown silent.

Every ticket and conversation is cleared in a transaction of its own, after asking once more
whether it is due: broken off, the work goes on where it stopped when it is run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from hotline.retention import Retention, Rule
from hotline.settings import Settings
from store import attachment_files, audit, conversations, db, trackers
from store.console_tables import audit_log, ticket_work
from store.crypto import Keyring
from store.duty_tables import duty_handovers
from store.erasure import erase_conversation
from store.retention_due import (
    conversations_due,
    is_due,
    last_word,
    members,
    needed,
    tickets_due,
)
from store.tables import conversations as conversations_table
from store.tables import ticket_conversations, tickets
from store.ticket_erasure import erase_ticket, forget_address
from store.ticket_events import add_event, lock
from store.vault import Vault

LEASE = "retention"
ACTOR = "clock"
EVENT = "erased_by_retention"
_RAN = "retention_ran"
_BATCH = 500
Counts = dict[Rule, int]


def ran_at(connection: sa.Connection) -> float | None:
    """Say when everything that was due was last cleared."""
    query = sa.select(sa.func.max(audit_log.c.at)).where(audit_log.c.action == _RAN)
    return connection.execute(query).scalar()


def due(vault: Vault, rules: Retention, *, now: float) -> Counts:
    """Count what each rule would clear now, and clear nothing."""
    counts = dict.fromkeys(Rule, 0)
    for _ in _due(vault, rules, Rule.CLOSED, now):
        counts[Rule.CLOSED] += 1
    for _ in _due(vault, rules, Rule.MESSAGES, now):
        counts[Rule.MESSAGES] += 1
    with db.read(vault.engine) as connection:
        old = sa.select(sa.func.count()).select_from(duty_handovers)
        found = connection.execute(old.where(_old_handovers(rules, now))).scalar_one()
    return {**counts, Rule.HANDOVERS: int(found)}


def clear(
    vault: Vault,
    settings: Settings,
    *,
    now: float,
    actor: str = ACTOR,
    go_on: Callable[[], bool] = lambda: True,
) -> Counts | None:
    """Clear what is due; returns how much, or None when `go_on` said to stop before the end."""
    rules = settings.retention
    counts = dict.fromkeys(Rule, 0)
    # Tickets first: what they leave behind is then a conversation without one.
    for rule, work in ((Rule.CLOSED, _clear_ticket), (Rule.MESSAGES, _clear_talk)):
        for place, found in enumerate(_due(vault, rules, rule, now)):
            if place % _BATCH == 0 and not go_on():
                return None
            with db.write(vault.engine) as connection:
                counts[rule] += work(connection, vault.keyring, rules, found, now)
    with db.write(vault.engine) as connection:
        gone = sa.delete(duty_handovers).where(_old_handovers(rules, now))
        counts[Rule.HANDOVERS] = connection.execute(gone).rowcount
    while attachment_files.remove_erased(vault, settings, now):
        pass
    told = trackers.forget_old(vault, settings, now=now)
    told += trackers.forget_erased(vault, settings, now=now)
    with db.write(vault.engine) as connection:
        audit.add(
            connection, vault.keyring, actor=actor, action=_RAN, object="retention", now=now,
            rasa=told, messages_days=rules.messages_days, closed_days=rules.closed_days,
            **{rule.value: count for rule, count in counts.items()},
        )  # fmt: skip
    return counts


def _old_handovers(rules: Retention, now: float) -> sa.ColumnElement[bool]:
    before = rules.before(Rule.HANDOVERS, now)
    return sa.false() if before is None else duty_handovers.c.at < before


def _due(vault: Vault, rules: Retention, rule: Rule, now: float) -> Iterator[Any]:
    """Give what a rule clears, a batch from each look; between two looks others may write."""
    before = rules.before(rule, now)
    last: Any = None
    while before is not None:
        with db.read(vault.engine) as connection:
            found: tuple[Sequence[Any], Any]
            if rule is Rule.CLOSED:
                found = tickets_due(connection, vault.keyring, before, after=last, limit=_BATCH)
            else:
                found = conversations_due(connection, before, after=last, limit=_BATCH)
        last = found[1]
        yield from found[0]
        if last is None:
            return


def _clear_ticket(
    connection: sa.Connection, keyring: Keyring, rules: Retention, head: int, now: float
) -> int:
    """Clear a ticket and those it speaks for, unless something has come between."""
    before = rules.before(Rule.CLOSED, now)
    assert before is not None
    ids = members(connection, head)
    for ticket_id in ids:  # sorted: who merges meanwhile locks in this order too
        lock(connection, ticket_id)
    if not is_due(connection, keyring, head, ids, before):
        return 0
    details = {"rule": Rule.CLOSED.value, "days": rules.closed_days}
    erase(connection, keyring, ids, before, kind=EVENT, actor=ACTOR, details=details, now=now)
    return 1


def erase(
    connection: sa.Connection,
    keyring: Keyring,
    ids: Sequence[int],
    before: float,
    *,
    kind: str,
    actor: str,
    details: dict[str, object],
    now: float,
) -> None:
    """Clear locked tickets, and of their conversations what no other ticket needs.

    Of a conversation in which somebody has written since `before` only the older part goes.
    """
    for ticket_id in ids:
        erase_ticket(connection, keyring, ticket_id)
        connection.execute(
            sa.update(ticket_work)
            .where(ticket_work.c.ticket_id == ticket_id)
            .values(next_owner=None, next_owner_sealed=None)
        )
        connection.execute(
            sa.update(tickets).where(tickets.c.id == ticket_id).values(erased_at=now)
        )
        add_event(connection, ticket_id, kind, actor, details, message_id=None, now=now)
    theirs = sa.select(ticket_conversations.c.conversation_id).where(
        ticket_conversations.c.ticket_id.in_(ids)
    )
    for one in sorted(set(connection.execute(theirs).scalars())):
        _clear_conversation(connection, keyring, one, Rule.CLOSED, before, now)


def _clear_talk(
    connection: sa.Connection, keyring: Keyring, rules: Retention, one: str, now: float
) -> int:
    before = rules.before(Rule.MESSAGES, now)
    assert before is not None
    return _clear_conversation(connection, keyring, one, Rule.MESSAGES, before, now)


def _clear_conversation(
    connection: sa.Connection, keyring: Keyring, one: str, rule: Rule, before: float, now: float
) -> int:
    """Clear a conversation that no ticket needs; of one in which somebody writes, the old part."""
    mine = conversations_table.c.id == one
    query = sa.select(conversations_table.c.id).where(mine, ~needed())
    if connection.dialect.name == "postgresql":
        # A message that is being stored refers to the row, and waits for us or we for it.
        connection.execute(sa.select(conversations_table.c.id).where(mine).with_for_update())
    if connection.execute(query).first() is None:
        return 0
    last = last_word(connection, one)
    if last is None:
        return 0  # a message waits for its answer
    silent = last < before
    if not silent and rule is Rule.MESSAGES:
        return 0
    if silent:
        erase_conversation(connection, keyring, one)
        forget_address(connection, keyring, one)
    else:
        erase_conversation(connection, keyring, one, before=before)
    upto = now if silent else before
    connection.execute(sa.update(conversations_table).where(mine).values(erased_at=upto))
    details = {"rule": rule.value}
    conversations.add_event(connection, one, EVENT, ACTOR, details, now)
    return 1
