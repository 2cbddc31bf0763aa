"""How members of staff want to be told: an address for e-mail, and a Telegram linked by a code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.notices import CODE_SECONDS, Kind, Way, is_address, new_code, read_code
from store import notices
from store.arrivals import insert_ignoring
from store.console_tables import staff
from store.crypto import Keyring
from store.duty_tables import notice_ways
from store.staff_rows import token_hash

_SEALED = {Way.TELEGRAM: notice_ways.c.telegram_sealed, Way.EMAIL: notice_ways.c.email_sealed}
_TROUBLE = {Way.TELEGRAM: notice_ways.c.telegram_trouble, Way.EMAIL: notice_ways.c.email_trouble}


@dataclass(frozen=True, kw_only=True)
class Ways:
    """What somebody has entered; troubles are what the provider said of the address."""

    telegram: bool = False
    telegram_trouble: str = ""
    email: str = ""
    email_trouble: str = ""


def place(way: Way) -> str:
    """Name the place under which addresses of a way are sealed."""
    return f"notice_ways.{way.value}"


def ways_of(connection: sa.Connection, keyring: Keyring, staff_id: int) -> Ways:
    """Read what somebody has entered."""
    query = sa.select(notice_ways).where(notice_ways.c.staff_id == staff_id)
    row = connection.execute(query).first()
    if row is None:
        return Ways()
    return Ways(
        telegram=row.telegram_sealed is not None,
        telegram_trouble=row.telegram_trouble,
        email=keyring.open(row.email_sealed, place(Way.EMAIL)) if row.email_sealed else "",
        email_trouble=row.email_trouble,
    )


def _change(connection: sa.Connection, staff_id: int, **values: object) -> None:
    connection.execute(insert_ignoring(connection, notice_ways), {"staff_id": staff_id})
    connection.execute(
        sa.update(notice_ways).where(notice_ways.c.staff_id == staff_id).values(**values)
    )


def set_email(connection: sa.Connection, keyring: Keyring, staff_id: int, address: str) -> None:
    """Keep an address, or forget it when it is empty; raises Refused for what is none."""
    address = address.strip()
    if address and not is_address(address):
        raise Refused("this is not an address for e-mail")
    sealed = keyring.seal(address, place(Way.EMAIL)) if address else None
    _change(connection, staff_id, email_sealed=sealed, email_trouble="")


def ask_to_link(connection: sa.Connection, staff_id: int, *, now: float) -> str:
    """Give a code that links a Telegram once, within minutes; an earlier one no longer works."""
    code = new_code()
    _change(connection, staff_id, code_hash=token_hash(code), code_until=now + CODE_SECONDS)
    return code


def link(connection: sa.Connection, keyring: Keyring, text: str, chat: str, *, now: float) -> bool:
    """Link the Telegram that sent a code; False when the text is no code that works now."""
    code = read_code(text)
    if code is None:
        return False
    query = sa.select(notice_ways.c.staff_id).join(staff)
    found = connection.execute(
        query.where(
            notice_ways.c.code_hash == token_hash(code), notice_ways.c.code_until > now,
            staff.c.active,
        )
    ).scalar()  # fmt: skip
    if found is None:
        return False
    sealed = keyring.seal(chat, place(Way.TELEGRAM))
    _change(
        connection, found, telegram_sealed=sealed, telegram_trouble="", code_hash=None,
        code_until=None,
    )  # fmt: skip
    notices.add(connection, [found], Kind.LINKED, f"linked:{now:.3f}", now=now, only=Way.TELEGRAM)
    return True


def unlink(connection: sa.Connection, staff_id: int) -> None:
    """Forget somebody's Telegram and any code that waits."""
    _change(
        connection, staff_id, telegram_sealed=None, telegram_trouble="", code_hash=None,
        code_until=None,
    )  # fmt: skip


def note_trouble(connection: sa.Connection, staff_id: int, way: Way, trouble: str) -> None:
    """Keep what a provider said of somebody's address; they read it in their profile."""
    _change(connection, staff_id, **{_TROUBLE[way].name: trouble[:48]})


def reachable(connection: sa.Connection) -> frozenset[int]:
    """List who can be told in some way that works."""
    found: set[int] = set()
    for way in notices.open_ways(connection):
        query = sa.select(notice_ways.c.staff_id).where(*notices.usable(way))
        found |= set(connection.execute(query).scalars())
    return frozenset(found)


def without(connection: sa.Connection, ids: Iterable[int]) -> set[int]:
    """Of some members of staff, give those whom no notice reaches."""
    return set(ids) - reachable(connection)
