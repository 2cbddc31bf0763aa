"""Fifty open consoles on a real process: how long after its commit each hears of a ticket."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx

from hotline.messages import Channel, InboundMessage
from hotline.settings import ROOT
from hotline.staff import Role, Scope
from hotline.tickets import Category, Urgency
from store import db, inbox, staff_sessions, tickets
from store import staff as accounts
from store.vault import Vault
from suar.processes import free_port

_QUIET = 0.7  # between two tickets; not a whole number of looks, so that they fall anywhere


@contextmanager
def console(url: str, home: Path) -> Iterator[str]:
    """Run `suar console` on a database; gives its address."""
    port = free_port()
    env = {**os.environ, "SUAR_HOME": str(home), "SUAR_DATABASE_URL": url}  # noqa: TID251
    env |= {"SUAR_CONSOLE_PORT": str(port), "SUAR_CONSOLE_URL": ""}
    process = subprocess.Popen([sys.executable, "-m", "suar", "console"], env=env, cwd=ROOT)
    try:
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if httpx.get(f"{address}/healthz").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait()


def _tokens(vault: Vault, count: int) -> list[str]:
    found = []
    with db.write(vault.engine) as connection:
        for n in range(count):
            login = f"live{n}-{uuid4().hex[:6]}"
            now = time.time()
            token = accounts.invite(
                connection, login=login, name=login, role=Role.RESPONDER, scope=Scope(), unit="",
                now=now,
            )  # fmt: skip
            # Nobody logs in with a word: the sessions are opened here.
            person, _ = accounts.take_up(
                connection, vault.keyring, token, password_hash=login, totp_secret=None, now=now
            )
            found.append(staff_sessions.open_session(connection, person.id, "bench", now=now))
    return found


def _open_critical(vault: Vault) -> tuple[str, float]:
    """Let a caller in danger write; gives the ticket's code and the moment of the commit."""
    said = InboundMessage(
        channel=Channel.WHATSAPP, provider_id=uuid4().hex, address=f"+6281{time.time_ns() % 10**9}",
        text="tolong saya disekap", received_at=datetime.now(UTC),
    )  # fmt: skip
    with db.write(vault.engine) as connection:
        row, _ = inbox.receive(connection, vault.keyring, said, transport="local")
        talk = inbox.conversation_of(
            connection, vault.keyring, channel=said.channel, address=said.address,
            now=time.time(), transport="local",
        )  # fmt: skip
        opened = tickets.open_or_raise(
            connection, vault.keyring, conversation=talk, category=Category.EMERGENCY,
            urgency=Urgency.CRITICAL, reasons=("locked_in",), message_id=row, language="id",
            now=time.time(),
        )  # fmt: skip
    return opened.code, time.time()


@asynccontextmanager
async def _open(address: str, token: str, heard: dict[str, list[float]]) -> AsyncIterator[None]:
    """Hold one stream open as a page does, and note when codes of critical tickets come."""
    limits = httpx.Timeout(None, connect=60)
    ready = asyncio.Event()

    async def listen(client: httpx.AsyncClient) -> None:
        url = f"{address}/events?since={time.time()}"
        async with client.stream("GET", url, headers={"Cookie": f"suar_console={token}"}) as got:
            assert got.status_code == 200
            async for line in got.aiter_lines():
                ready.set()
                if line.startswith("data: "):
                    for code in json.loads(line[6:]).get("critical", []):
                        heard.setdefault(code, []).append(time.time())

    async with httpx.AsyncClient(timeout=limits) as client:
        task = asyncio.create_task(listen(client))
        await asyncio.wait_for(ready.wait(), 120)
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _measure(vault: Vault, address: str, consoles: int, times: int) -> list[float]:
    heard: dict[str, list[float]] = {}
    delays: list[float] = []
    async with AsyncExitStack() as stack:
        await asyncio.gather(*(
            stack.enter_async_context(_open(address, token, heard))
            for token in _tokens(vault, consoles)
        ))  # fmt: skip
        for _ in range(times):
            code, at = await asyncio.to_thread(_open_critical, vault)
            until = time.monotonic() + 60
            while len(heard.get(code, ())) < consoles and time.monotonic() < until:
                await asyncio.sleep(0.05)
            got = heard.get(code, [])
            assert len(got) == consoles, f"{len(got)} of {consoles} consoles heard of {code}"
            delays += [moment - at for moment in got]
            await asyncio.sleep(_QUIET)
    return delays


def delays(vault: Vault, url: str, home: Path, *, consoles: int, times: int) -> list[float]:
    """Give, in seconds, how long after the commit every console heard of every ticket."""
    with console(url, home) as address:
        return asyncio.run(_measure(vault, address, consoles, times))
