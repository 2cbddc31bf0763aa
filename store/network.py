"""What links tickets: the recruiters, telephone numbers and accounts that several of them name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
import sqlalchemy as sa

from hotline.register import Recruiter
from store import figures
from store.crypto import Keyring
from store.figures import Asked
from store.register.checking import RegisterIndex
from store.register.names import normal_name
from store.tables import ticket_facts, tickets
from store.ticket_facts import open_value

MOST = 5000  # tickets, the newest: every fact has to be opened one by one
_NAMED = ("recruiter", "recruiter_matched")
_FIELDS = (*_NAMED, "phone", "shared_contact", "story", "addition", "evidence")
_HANDLE = re.compile(
    r"(?<![\w@.])@([a-z0-9_][a-z0-9_.]{2,30})|\b(?:t\.me|wa\.me|instagram\.com|facebook\.com"
    r"|fb\.com|tiktok\.com)/@?([a-z0-9_.+-]{3,60})",
    re.IGNORECASE,
)
_BANK = re.compile(
    r"\b(bca|bri|bni|mandiri|bsi|btn|cimb|dana|ovo|gopay)\b\D{0,20}(\d[\d .-]{6,22}\d)",
    re.IGNORECASE,
)


class Kind(StrEnum):
    """What a knot of the network is."""

    RECRUITER = "recruiter"
    PHONE = "phone"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Knot:
    """One thing that tickets name, and which do."""

    kind: Kind
    label: str  # a number is never here in clear
    listed: bool  # a recruiter of the register in force, by its very name
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Network:
    """What was found, and whether older tickets were left out."""

    knots: tuple[Knot, ...]
    cut: bool


def network(
    connection: sa.Connection,
    keyring: Keyring,
    asked: Asked,
    register: RegisterIndex,
    *,
    least: int = 2,
) -> Network:
    """Find what at least `least` tickets name, the most often named first."""
    codes = _newest(connection, asked)
    found: defaultdict[tuple[Kind, str], list[str]] = defaultdict(list)
    names: dict[tuple[Kind, str], tuple[str, bool]] = {}
    for id_, field, value in _said(connection, keyring, list(codes)):
        for kind, key, label, listed in _knots(field, value, register):
            names[kind, key] = (label, listed)
            if codes[id_] not in found[kind, key]:
                found[kind, key].append(codes[id_])
    knots = [
        Knot(kind, *names[kind, key], tuple(sorted(named)))
        for (kind, key), named in found.items()
        if len(named) >= least
    ]
    knots.sort(key=lambda knot: (-len(knot.codes), knot.kind, knot.label))
    return Network(tuple(knots), cut=len(codes) == MOST)


def by_recruiter(
    connection: sa.Connection, keyring: Keyring, asked: Asked, register: RegisterIndex
) -> tuple[dict[str, int], bool]:
    """Count tickets by the listed recruiter they name, once each; says whether it was cut.

    Names that are not on the register stay out: they may be people, and figures never say who.
    """
    codes = _newest(connection, asked)
    listed: dict[int, set[str]] = defaultdict(set)
    entries: dict[str, Recruiter | None] = {}
    for id_, _, value in _said(connection, keyring, list(codes), _NAMED):
        if value not in entries:
            entries[value] = register.exact(value)
        if entry := entries[value]:
            listed[id_].add(entry.name)
    found: defaultdict[str, int] = defaultdict(int)
    for labels in listed.values():
        found[min(labels)] += 1
    return dict(found), len(codes) == MOST


def _newest(connection: sa.Connection, asked: Asked) -> dict[int, str]:
    query = figures.query(asked, tickets.c.id, tickets.c.code)
    rows = connection.execute(query.order_by(tickets.c.id.desc()).limit(MOST))
    return {row.id: row.code for row in rows}


def _secret() -> sa.ColumnElement[bool]:
    """Leave out what would say who an anonymous caller is: the card she sent of herself."""
    return sa.and_(
        ticket_facts.c.field == "shared_contact",
        ticket_facts.c.ticket_id.in_(sa.select(tickets.c.id).where(tickets.c.anonymous)),
    )


def _said(
    connection: sa.Connection, keyring: Keyring, ids: Sequence[int], fields: Sequence[str] = _FIELDS
) -> Iterator[tuple[int, str, str]]:
    for start in range(0, len(ids), 500):
        rows = connection.execute(
            sa.select(ticket_facts.c.ticket_id, ticket_facts.c.field, ticket_facts.c.value_sealed)
            .where(ticket_facts.c.ticket_id.in_(ids[start : start + 500]))
            .where(ticket_facts.c.field.in_(fields), ~_secret())
        )
        for row in rows:
            value = open_value(keyring, row.value_sealed)
            if value is not None:
                yield row.ticket_id, row.field, value


def _knots(
    field: str, value: str, register: RegisterIndex
) -> Iterator[tuple[Kind, str, str, bool]]:
    """Find what a fact names: kind, key, label, and whether the register lists it."""
    if field in _NAMED:
        entry = register.exact(value)
        if entry is not None:
            yield Kind.RECRUITER, normal_name(entry.name), entry.name, True
        elif key := normal_name(value):
            yield Kind.RECRUITER, key, value.strip(), False
        return
    for number in _numbers(value):
        yield Kind.PHONE, number, masked(number), False
    for one in _HANDLE.finditer(value):
        handle = (one[1] or one[2]).lower().rstrip(".")
        yield Kind.ACCOUNT, f"@{handle}", f"@{handle}", False
    for one in _BANK.finditer(value):
        digits = re.sub(r"\D", "", one[2])
        bank = one[1].upper()
        yield Kind.ACCOUNT, f"{bank} {digits}", f"{bank} {masked(digits)}", False


def _numbers(value: str) -> Iterator[str]:
    """Find telephone numbers; a home number needs no country code."""
    for match in phonenumbers.PhoneNumberMatcher(value, "ID"):
        yield phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)


def masked(number: str) -> str:
    """Leave as much of a number as tells two apart in a list."""
    return f"•••{number[-3:]}"
