"""A line to the centre in a thread of the test, and a look at what it has stored."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from channels.smpp.ids import Ids
from channels.smpp.joining import Parts
from channels.smpp.line import Line, Work
from channels.smpp.sending import SmppTransport
from channels.smpp.storing import Stores
from hotline.delivery import Parcel
from hotline.messages import Channel, Choice, Purpose, Reply
from store import db, inbox
from store.tables import inbox as inbox_table
from store.tables import outbox, receipts
from store.vault import Vault
from tests.channels.smpp.centre import BUDI, Centre, settings_of, smpp_of, wait_until
from tests.fakes import NOON


@dataclass
class Station:
    """What the tests hold of a running line."""

    centre: Centre
    vault: Vault
    line: Line
    transport: SmppTransport
    stores: Stores
    stop: Callable[[], None]


def idle(ended: threading.Event) -> None:
    """Send nothing while the session lasts."""
    ended.wait()


@contextmanager
def running(
    centre: Centre,
    vault: Vault,
    home: Path,
    *,
    work: Work = idle,
    bound: bool = True,
    seconds: float = 60,
    **changes: str,
) -> Iterator[Station]:
    """Run a line; gives it once it is bound."""
    smpp = smpp_of(settings_of(centre.port, home, **changes))
    parts, ids = Parts(home / "smpp_parts.db", vault.keyring), Ids()
    stores = Stores(vault, parts, ids)
    # No slow machine counts as a slow centre.
    line = Line(smpp, vault, stores, ids, slow=600, last_answers=60)
    transport = SmppTransport(smpp, line, ids, seconds=seconds, sleep=lambda _: None)
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    def serve() -> None:
        loop.run_until_complete(line.run(stop, work))
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()

    def end() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(stop.set)
        thread.join(120)
        assert not thread.is_alive()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        if bound:
            wait_until(lambda: centre.state["bound"] and line._session is not None)
        yield Station(centre, vault, line, transport, stores, end)
    finally:
        end()
        parts.close()


def stored(vault: Vault) -> list[tuple[str, str]]:
    """List the kind and text of every stored message, in order."""
    with db.read(vault.engine) as connection:
        rows = connection.execute(sa.select(inbox_table).order_by(inbox_table.c.id)).all()
    return [(row.kind, vault.keyring.open(row.text_sealed, "inbox.text")) for row in rows]


def words(vault: Vault) -> list[str]:
    """List the texts of every stored message."""
    return [text for _, text in stored(vault)]


def conversation(vault: Vault, address: str = BUDI) -> str:
    """Open a conversation by SMS over the centre."""
    with db.write(vault.engine) as connection:
        return inbox.conversation_of(
            connection,
            vault.keyring,
            channel=Channel.SMS,
            address=address,
            now=NOON,
            transport="smpp",
        )


def being_sent(vault: Vault, text: str = "Kami di sini.", address: str = BUDI) -> int:
    """Put a message into the outbox as it stands while the centre is asked."""
    row = {
        "conversation_id": conversation(vault, address),
        "body_sealed": vault.keyring.seal("{}", "outbox.body"),
        "author": "bot",
        "state": "sending",
        "attempts": 1,
        "created_at": NOON,
    }
    with db.write(vault.engine) as connection:
        number = connection.execute(sa.insert(outbox).returning(outbox.c.id), row).scalar_one()
    return int(number)


def row_of(vault: Vault, number: int) -> sa.Row[tuple[object, ...]]:
    """Read a message of the outbox."""
    with db.read(vault.engine) as connection:
        return connection.execute(sa.select(outbox).where(outbox.c.id == number)).one()


def receipts_of(vault: Vault) -> list[str]:
    """List what was told of our messages."""
    with db.read(vault.engine) as connection:
        return list(connection.execute(sa.select(receipts.c.status)).scalars())


def parcel(
    text: str = "Kami di sini.", *titles: str, number: int = 7, address: str = BUDI
) -> Parcel:
    """Give one message to Budi."""
    return Parcel(
        id=number,
        conversation="c1",
        channel=Channel.SMS,
        transport="smpp",
        address=address,
        language="id",
        reply=Reply(text, tuple(Choice(title, f"/pick_{title}") for title in titles)),
        purpose=Purpose.ANSWER,
        attempts=1,
    )
