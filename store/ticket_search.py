"""Finds tickets by code, telephone number, or words in what is sealed, within one's scope.

What is masked on pages is found whole or not at all: from parts one could spell it out. Of callers
who do not want to be known it is never found, nor by their address.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.codes import find_code
from hotline.staff import Staff
from hotline.tickets import PERSONAL
from store import hidden_callers, ticket_list, victims
from store.crypto import Keyring
from store.tables import conversations, ticket_conversations, ticket_facts, tickets
from store.ticket_facts import open_value
from store.ticket_list import Line, View
from store.told_numbers import names, phone

_MOST = 50
_SECONDS = 3.0  # opening sealed facts one by one; what was not reached is said to be missing
_BATCH = 500


@dataclass(frozen=True)
class Found:
    """What a search came to."""

    lines: list[Line]
    cut: bool  # there may be more: the search was ended by time or number


def search(
    connection: sa.Connection, keyring: Keyring, staff: Staff, words: str, *, now: float
) -> Found:
    """Search by code, else by number, else by words; newest tickets first."""
    code = find_code(words)
    if code is not None:
        return _lines(connection, staff, tickets.c.code == code, now=now)
    wanted = _Wanted(_plain(words), _number(words))
    if wanted.number:
        return _by_number(connection, keyring, staff, wanted, now=now)
    return _by_words(connection, keyring, staff, wanted, now=now)


@dataclass(frozen=True)
class _Wanted:
    """What is looked for: words without signs, and the telephone number they are, if any."""

    words: str
    number: str = ""

    def is_in(self, text: str) -> bool:
        """Say whether a text that everybody may read holds it."""
        said = _plain(text)
        if self.words in said or not self.number:
            return self.words in said
        return _plain(self.number.removeprefix("+62")) in said or names(text, self.number)

    def is_all_of(self, text: str) -> bool:
        """Say whether these are whole names, or a whole number, of a text that is masked.

        One of several names is enough: "Aminah" is how a colleague asks for Siti Aminah.
        """
        if self.number and names(text, self.number):
            return True
        words, said = self.words.split(), _plain(text).split()
        if any(character.isdigit() for character in self.words):
            return sorted(words) == sorted(said)  # a part of a number would spell it out
        return set(words) <= set(said)


def _lines(
    connection: sa.Connection,
    staff: Staff,
    where: sa.ColumnElement[bool],
    *,
    now: float,
    cut: bool = False,
) -> Found:
    lines = ticket_list.page(connection, staff, View.ALL, now=now, where=where)
    return Found(lines, cut)


def _number(words: str) -> str:
    """Give the form in which a telephone number is kept; empty when it is none."""
    return phone(words) if re.fullmatch(r"[+\d][\d ().-]{6,20}", words) else ""


def _by_number(
    connection: sa.Connection, keyring: Keyring, staff: Staff, wanted: _Wanted, *, now: float
) -> Found:
    """Look for the caller's own address first, then in what was told."""
    indexes = [
        keyring.blind("address", f"{channel}:{wanted.number}") for channel in ("whatsapp", "sms")
    ]
    mine = (
        sa.select(ticket_conversations.c.ticket_id)
        .join(conversations)
        .where(
            conversations.c.address_index.in_(indexes),
            ~hidden_callers.speaks_in(conversations.c.id),
        )
    )
    direct = _lines(connection, staff, tickets.c.id.in_(mine), now=now)
    if direct.lines:
        return direct
    return _by_words(connection, keyring, staff, wanted, now=now)


def _by_words(
    connection: sa.Connection, keyring: Keyring, staff: Staff, wanted: _Wanted, *, now: float
) -> Found:
    if not wanted.words:
        return Found([], cut=False)
    ids: list[int] = []
    before: int | None = None
    deadline = time.monotonic() + _SECONDS
    while len(ids) < _MOST:
        if time.monotonic() > deadline:
            return _lines(connection, staff, tickets.c.id.in_(ids), now=now, cut=True)
        batch = _batch(connection, staff, before)
        if not batch:
            return _lines(connection, staff, tickets.c.id.in_(ids), now=now)
        ids += _holding(connection, keyring, batch, wanted)
        before = batch[-1]
    return _lines(connection, staff, tickets.c.id.in_(ids), now=now, cut=True)


def _batch(connection: sa.Connection, staff: Staff, before: int | None) -> list[int]:
    query = ticket_list.visible_ids(staff).order_by(tickets.c.id.desc()).limit(_BATCH)
    if before is not None:
        query = query.where(tickets.c.id < before)
    return [int(found) for found in connection.execute(query).scalars()]


def _holding(
    connection: sa.Connection, keyring: Keyring, ids: list[int], wanted: _Wanted
) -> list[int]:
    hidden = hidden_callers.among(connection, ids)
    rows = connection.execute(
        sa.select(
            ticket_facts.c.ticket_id, ticket_facts.c.field, ticket_facts.c.value_sealed
        ).where(
            ticket_facts.c.ticket_id.in_(ids),
            ticket_facts.c.field != "conflict",  # why somebody is kept away is not to be found
        )
    )
    found = []
    for row in rows:
        masked = row.field in PERSONAL
        if masked and row.ticket_id in hidden:
            continue
        said = open_value(keyring, row.value_sealed) or ""
        if wanted.is_all_of(said) if masked else wanted.is_in(said):
            found.append(row.ticket_id)
    # Her family's names would find her too.
    known = [id_ for id_ in ids if id_ not in hidden]
    found += _with_people(connection, keyring, known, wanted)
    return list(dict.fromkeys(found))


def _with_people(
    connection: sa.Connection, keyring: Keyring, ids: list[int], wanted: _Wanted
) -> list[int]:
    return [
        ticket_id
        for ticket_id, people in victims.of_tickets(connection, keyring, ids).items()
        if any(
            wanted.is_in(text)
            for one in people
            for text in (one.now.details.name, one.now.details.whereabouts)
        )
    ]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
