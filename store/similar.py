"""Finds tickets that may be about the same matter: numbers, recruiter, place and story.

Of callers who do not want to be known neither address nor name nor number is compared.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

import sqlalchemy as sa
from rapidfuzz import fuzz

from hotline.folding import squeezed, words
from hotline.naming import bare_name
from hotline.staff import Staff
from hotline.tickets import PERSONAL
from store import hidden_callers, ticket_list
from store.console_tables import ticket_links
from store.crypto import Keyring
from store.tables import conversations, ticket_conversations, ticket_facts, tickets
from store.ticket_facts import open_value
from store.told_numbers import WRITTEN, phone

_SECONDS = 2.0  # sealed facts are opened one by one; what was not reached is said to be missing
_BATCH = 300
_MOST = 20
_WEIGHT = {"conversation": 6, "phone": 5, "account": 5, "story": 3, "licence": 2, "recruiter": 2}
_NUMBERS = ("phone", "shared_contact", "caller_phone")
_PLACES = ("country", "destination", "region", "origin", "where")
_TOLD = ("story", "addition", "evidence")
_FIELDS = (*_NUMBERS, *_PLACES, *_TOLD, "recruiter", "recruiter_matched", "licence_no")
_ACCOUNT = re.compile(
    r"\b(?:no ?rek|rek|rekening|account|acc|bri|bca|bni|mandiri)\b", re.IGNORECASE
)
_BEFORE = 25  # signs before a number in which an account is named
_NAME_ALIKE, _STORY_ALIKE, _STORY_WORDS = 90, 60, 6
_LEGAL = frozenset({"pt", "cv", "tbk"})


@dataclass
class Marks:
    """What of a ticket can be found again in another."""

    phones: set[str] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    licences: set[str] = field(default_factory=set)
    recruiters: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    story: str = ""

    def take(self, name: str, value: str) -> None:
        """Read one fact."""
        if name in (*_NUMBERS, *_TOLD):
            self._take_numbers(value, told=name in _TOLD)
        if name in _TOLD:
            self.story = " ".join([*self.story.split(), *words(value)])
        elif name in _PLACES:
            self.places.add(squeezed(value))
        elif name == "licence_no":
            self.licences.add(re.sub(r"\W", "", value).lower())
        elif name in ("recruiter", "recruiter_matched"):
            self.recruiters.add(_firm(value))

    def _take_numbers(self, text: str, *, told: bool) -> None:
        for found in WRITTEN.finditer(text):
            before = text[max(0, found.start() - _BEFORE) : found.start()]
            if told and _ACCOUNT.search(before):
                self.accounts.add(re.sub(r"\D", "", found.group()))
            else:
                number = phone(found.group())
                (self.phones if number else self.accounts).add(
                    number or re.sub(r"\D", "", found.group())
                )


def alike(one: Marks, two: Marks) -> list[str]:
    """Say in what two tickets agree."""
    found = [
        name
        for name, a, b in (
            ("phone", one.phones, two.phones),
            ("account", one.accounts, two.accounts),
            ("licence", one.licences, two.licences),
        )
        if a & b
    ]
    if any(
        a and b and (a == b or fuzz.ratio(a, b) >= _NAME_ALIKE)
        for a in one.recruiters
        for b in two.recruiters
    ):
        found.append("recruiter")
    long = min(len(one.story.split()), len(two.story.split())) >= _STORY_WORDS
    if long and one.places & two.places and _stories(one.story, two.story) >= _STORY_ALIKE:
        found.append("story")
    return found


def _stories(one: str, two: str) -> float:
    return fuzz.token_sort_ratio(one, two)


@dataclass(frozen=True, kw_only=True)
class Alike:
    """A ticket that may be about the same matter, and why."""

    code: str
    category: str
    urgency: str
    state: str
    opened_at: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What looking came to."""

    tickets: list[Alike]
    cut: bool  # there may be more among older tickets


def similar(connection: sa.Connection, keyring: Keyring, person: Staff, ticket_id: int) -> Found:
    """Look through the tickets somebody may see, newest first, for as long as there is time."""
    mine = _marks(connection, keyring, [ticket_id]).get(ticket_id, Marks())
    mine.phones |= _addresses(connection, keyring, ticket_id)
    reasons = {id_: ["conversation"] for id_ in _same_caller(connection, ticket_id)}
    for id_ in _by_address(connection, keyring, mine.phones):
        reasons.setdefault(id_, []).append("phone")
    cut = _look_through(connection, keyring, person, mine, reasons)
    reasons.pop(ticket_id, None)
    for id_ in _tied(connection, ticket_id):
        reasons.pop(id_, None)
    return Found(_rows(connection, person, reasons), cut)


def _look_through(
    connection: sa.Connection,
    keyring: Keyring,
    person: Staff,
    mine: Marks,
    reasons: dict[int, list[str]],
) -> bool:
    """Add to `reasons` what the facts of other tickets agree in; says whether time ran out."""
    deadline = time.monotonic() + _SECONDS
    before: int | None = None
    while True:
        query = ticket_list.visible_ids(person).order_by(tickets.c.id.desc()).limit(_BATCH)
        if before is not None:
            query = query.where(tickets.c.id < before)
        batch = list(connection.execute(query).scalars())
        if not batch:
            return False
        for id_, theirs in _marks(connection, keyring, batch).items():
            found = [name for name in alike(mine, theirs) if name not in reasons.get(id_, ())]
            if found:
                reasons.setdefault(id_, []).extend(found)
        before = batch[-1]
        if time.monotonic() > deadline:
            return True


def _marks(connection: sa.Connection, keyring: Keyring, ids: list[int]) -> dict[int, Marks]:
    hidden = hidden_callers.among(connection, ids)
    rows = connection.execute(
        sa.select(ticket_facts.c.ticket_id, ticket_facts.c.field, ticket_facts.c.value_sealed)
        .where(ticket_facts.c.ticket_id.in_(ids), ticket_facts.c.field.in_(_FIELDS))
        .order_by(ticket_facts.c.id)
    )
    found: dict[int, Marks] = {}
    for row in rows:
        if row.field in PERSONAL and row.ticket_id in hidden:
            continue
        value = open_value(keyring, row.value_sealed)
        if value is not None:
            found.setdefault(row.ticket_id, Marks()).take(row.field, value)
    return found


def _addresses(connection: sa.Connection, keyring: Keyring, ticket_id: int) -> set[str]:
    """Give the callers' own numbers: somebody may have told them as a number to ring."""
    rows = connection.execute(
        sa.select(conversations.c.address_sealed)
        .join(ticket_conversations)
        .where(
            ticket_conversations.c.ticket_id == ticket_id,
            conversations.c.channel.in_(("whatsapp", "sms")),
            ~hidden_callers.speaks_in(conversations.c.id),
        )
    ).scalars()
    numbers = {phone(keyring.open(sealed, "conversations.address")) for sealed in rows}
    return {number for number in numbers if number}


def _by_address(connection: sa.Connection, keyring: Keyring, phones: set[str]) -> set[int]:
    indexes = [
        keyring.blind("address", f"{channel}:{number}")
        for number in phones
        for channel in ("whatsapp", "sms")
    ]
    query = (
        sa.select(ticket_conversations.c.ticket_id)
        .join(conversations)
        .where(
            conversations.c.address_index.in_(indexes),
            ~hidden_callers.speaks_in(conversations.c.id),
        )
    )
    return set(connection.execute(query).scalars())


def _same_caller(connection: sa.Connection, ticket_id: int) -> set[int]:
    mine = sa.select(ticket_conversations.c.conversation_id).where(
        ticket_conversations.c.ticket_id == ticket_id
    )
    query = sa.select(ticket_conversations.c.ticket_id).where(
        ticket_conversations.c.conversation_id.in_(mine)
    )
    return set(connection.execute(query).scalars())


def _tied(connection: sa.Connection, ticket_id: int) -> set[int]:
    rows = connection.execute(
        sa.select(ticket_links.c.ticket_id, ticket_links.c.other_id).where(
            ticket_links.c.undone_at.is_(None),
            sa.or_(ticket_links.c.ticket_id == ticket_id, ticket_links.c.other_id == ticket_id),
        )
    )
    return {row.other_id if row.ticket_id == ticket_id else row.ticket_id for row in rows}


def _rows(connection: sa.Connection, person: Staff, reasons: dict[int, list[str]]) -> list[Alike]:
    order = sorted(reasons, key=lambda id_: (-sum(_WEIGHT[why] for why in reasons[id_]), -id_))
    # Callers and addresses were looked up everywhere: only here is it asked who may know.
    query = sa.select(tickets).where(
        tickets.c.id.in_(order), ticket_list.known(person, tickets.c.id)
    )
    rows = {row.id: row for row in connection.execute(query)}
    return [
        Alike(
            code=rows[id_].code,
            category=rows[id_].category,
            urgency=rows[id_].urgency,
            state=rows[id_].state,
            opened_at=rows[id_].opened_at,
            reasons=tuple(reasons[id_]),
        )
        for id_ in order
        if id_ in rows
    ][:_MOST]


def _firm(name: str) -> str:
    return "".join(squeezed(word) for word in words(bare_name(name)) if word not in _LEGAL)
