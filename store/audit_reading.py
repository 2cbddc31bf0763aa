"""The audit log as it is read on a page: what is kept from its reader is not in it.

An auditor of the nation reads every line but those about tickets that are kept from them by name;
everybody else who may read it reads what was done with the tickets they may know of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from hotline.staff import Level, Role, Staff
from store import ticket_list
from store.console_tables import audit_log, ticket_work
from store.tables import tickets

PAGE = 50
UNSEEN = "•••"  # stands for a ticket that the reader may not know of
_CODE = re.compile(r"\bSR-[0-9A-Z]{4}-[0-9A-Z]{2}\b")
# Who set or lifted a conflict is not told to those it is about, also not after it was lifted.
_CONFLICTS = ("conflict_set", "conflict_lifted")


class Kind(StrEnum):
    """What a reader looks for."""

    ALL = "all"
    READING = "reading"
    ACCESS = "access"  # who came in, or tried to
    TAKEN = "taken"  # what left the house
    CHANGES = "changes"


_OF_KIND = {
    Kind.READING: (
        "ticket_read", "personal_data_opened", "file_opened", "victim_read", "elements_read",
        "referral_read", "follow_ups_read", "conversation_read", "search", "network_read",
        "handovers_read", "log_read", "corrections_listed",
    ),
    Kind.ACCESS: (
        "login", "login_failed", "joined", "second_factor_failed", "session_ended",
        "password_changed", "backup_codes_drawn", "own_secret_refused", "forged_request",
    ),
    Kind.TAKEN: (
        "exported", "personal_exported", "personal_export_taken", "summary_made", "backup_made",
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the log."""

    id: int
    at: float
    actor: str
    action: str
    object: str
    details: dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a page is narrowed to; empty parts narrow nothing."""

    kind: Kind = Kind.ALL
    actor: str = ""
    object: str = ""
    before: int | None = None  # the id of the line after which to go on


def page(connection: sa.Connection, staff: Staff, asked: Asked) -> list[Entry]:
    """Read up to PAGE lines, newest first."""
    query = sa.select(audit_log).where(_readable(staff), *_narrowed(asked))
    rows = connection.execute(query.order_by(audit_log.c.id.desc()).limit(PAGE)).all()
    found = [
        Entry(
            id=row.id, at=row.at, actor=row.actor, action=row.action, object=row.object,
            details=row.details,
        )
        for row in rows
    ]  # fmt: skip
    return _without_unseen(connection, staff, found)


def _narrowed(asked: Asked) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if asked.kind is Kind.CHANGES:
        known = [action for actions in _OF_KIND.values() for action in actions]
        found.append(audit_log.c.action.not_in(known))
    elif asked.kind is not Kind.ALL:
        found.append(audit_log.c.action.in_(_OF_KIND[asked.kind]))
    if asked.actor:
        found.append(audit_log.c.actor == asked.actor)
    if asked.object:
        found.append(audit_log.c.object == asked.object)
    if asked.before is not None:
        found.append(audit_log.c.id < asked.before)
    return found


def _knows(staff: Staff) -> sa.ColumnElement[bool]:
    """Say of a ticket that somebody with this scope, unit and name may know of it."""
    return ticket_list.visible(replace(staff, role=Role.SUPERVISOR))


def _readable(staff: Staff) -> sa.ColumnElement[bool]:
    joined = tickets.outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id)
    about = sa.select(sa.literal(1)).select_from(joined).where(tickets.c.code == audit_log.c.object)
    if staff.role is Role.AUDITOR and staff.scope.level is Level.NATIONAL:
        return ~sa.exists(about.where(~_knows(staff)))
    return sa.and_(sa.exists(about.where(_knows(staff))), audit_log.c.action.not_in(_CONFLICTS))


def _without_unseen(
    connection: sa.Connection, staff: Staff, entries: Sequence[Entry]
) -> list[Entry]:
    """Take the codes of other tickets out of the details where the reader may not know of them."""
    named = {code for one in entries for code in _CODE.findall(json.dumps(one.details))}
    joined = tickets.outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id)
    query = sa.select(tickets.c.code).select_from(joined)
    seen = query.where(tickets.c.code.in_(sorted(named)), _knows(staff))
    unseen = named - set(connection.execute(seen).scalars())
    if not unseen:
        return list(entries)

    def mask(found: re.Match[str]) -> str:
        return UNSEEN if found[0] in unseen else found[0]

    return [
        replace(one, details=json.loads(_CODE.sub(mask, json.dumps(one.details))))
        for one in entries
    ]
