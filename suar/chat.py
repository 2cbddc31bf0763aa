"""`suar chat`: a line in, the rendered replies out, on the same road as every channel."""

from __future__ import annotations

import json
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TextIO

import sqlalchemy as sa

from hotline.errors import SuarError
from hotline.messages import Channel, InboundMessage, InboxState
from hotline.settings import Settings
from replies.render import render
from store import db, inbox, outbox
from store.heartbeats import FRESH, alive, beats, is_here
from store.outbox import Outgoing
from store.tables import inbox as inbox_table
from store.vault import Vault
from suar.processes import Supervisor, on_free_ports
from suar.run import prepare
from suar.sole import AlreadyRunningError, Hold
from suar.training import ensure_model

_PATIENCE = 120.0  # seconds for an answer; the worker's own limits are far below
_RESTART = 15.0  # seconds in which a worker that ended is there again
_START = 300.0
_NO_ANSWER = "no answer: Suar has ended, or is stuck. What you wrote is kept and answered later."


def chat(
    settings: Settings,
    *,
    channel: Channel,
    conversation: str | None,
    as_json: bool,
    lines: TextIO,
    out: TextIO,
) -> int:
    """Carry each line to the bot and print what comes back; returns the exit code."""
    vault = prepare(settings)
    name = conversation or secrets.token_hex(6)
    with _somebody_working(settings, vault):
        if lines.isatty():
            print(f"conversation {name}; an empty line or Ctrl-D ends it", file=sys.stderr)
        for line in _typed(lines):
            seen = _newest(vault, channel, name)
            message_id = _send(vault, channel, name, line)
            if not _wait(vault, message_id):
                print(_NO_ANSWER, file=sys.stderr)
                return 1
            for reply in _replies(vault, message_id, seen):
                _show(reply, channel, as_json, out)
            if as_json:
                print(json.dumps({"done": True}), file=out, flush=True)
    return 0


def _typed(lines: TextIO) -> Iterator[str]:
    if not lines.isatty():
        yield from (line.rstrip("\n") for line in lines)
        return
    while True:
        print("> ", end="", file=sys.stderr, flush=True)
        line = lines.readline()
        if not line.strip():
            return
        yield line.rstrip("\n")


@contextmanager
def _somebody_working(settings: Settings, vault: Vault) -> Iterator[None]:
    """Use the installation that runs on this database, or start one for the time being."""
    tell = _tell_stderr
    if _somebody_lives(vault):
        yield
        return
    private = on_free_ports(settings)
    hold = Hold(vault.engine, settings.home, tell)
    try:
        hold.take()
    except AlreadyRunningError:
        tell("Suar is just starting on this database: waiting for it ...")
        _wait_for_worker(vault)
        yield
        return
    supervisor = Supervisor(private, ensure_model(private), private.home / "logs", tell)
    try:
        tell("nothing is running on this database: starting it for this conversation ...")
        supervisor.start()
        supervisor.wait_ready()
        yield
    finally:
        supervisor.stop()
        hold.give_back()


def _workers(vault: Vault) -> dict[str, float]:
    with db.read(vault.engine) as connection:
        return beats(connection, "worker", time.time())


def _somebody_lives(vault: Vault) -> bool:
    """Say whether a worker lives; one of another machine must give a new sign of life."""
    first = _workers(vault)
    deadline = time.monotonic() + (FRESH if first else 0)
    while not any(is_here(name) for name in first):
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.2)
        if any(at > first.get(name, 0) for name, at in _workers(vault).items()):
            return True
    return True


def _wait_for_worker(vault: Vault) -> None:
    deadline = time.monotonic() + _START
    while not _workers(vault):
        if time.monotonic() > deadline:
            raise SuarError("Suar is starting on this database, but nobody answers yet")
        time.sleep(0.5)


def _tell_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _address(name: str) -> str:
    return f"chat:{name}"


def _send(vault: Vault, channel: Channel, name: str, text: str) -> int:
    message = InboundMessage(
        channel=channel,
        provider_id=f"chat-{secrets.token_hex(12)}",
        address=_address(name),
        text=text,
        received_at=datetime.now(UTC),
    )
    with db.write(vault.engine) as connection:
        message_id, _ = inbox.receive(connection, vault.keyring, message, transport="local")
    return message_id


def _wait(vault: Vault, message_id: int) -> bool:
    deadline = time.monotonic() + _PATIENCE
    nobody_since: float | None = None
    query = sa.select(inbox_table.c.state).where(inbox_table.c.id == message_id)
    while time.monotonic() < deadline:
        with db.read(vault.engine) as connection:
            if connection.execute(query).scalar_one() == InboxState.DONE:
                return True
            working = alive(connection, "worker", time.time())
        now = time.monotonic()
        nobody_since = None if working else nobody_since or now
        if nobody_since is not None and now - nobody_since > _RESTART:
            return False
        time.sleep(0.02)
    return False


def _newest(vault: Vault, channel: Channel, name: str) -> int:
    """Give the id of the newest outbound message before a line is sent."""
    with db.write(vault.engine) as connection:
        conversation = inbox.conversation_of(
            connection,
            vault.keyring,
            channel=channel,
            address=_address(name),
            now=time.time(),
            transport="local",
        )
        newest = outbox.since(connection, vault.keyring, conversation, after=0)
    return newest[-1].id if newest else 0


def _replies(vault: Vault, message_id: int, seen: int) -> list[Outgoing]:
    """Read the answers to a message, and what a responder wrote since the last look."""
    query = sa.select(inbox_table.c.conversation_id).where(inbox_table.c.id == message_id)
    with db.read(vault.engine) as connection:
        conversation = connection.execute(query).scalar_one()
        return outbox.since(connection, vault.keyring, conversation, after=seen)


def _show(reply: Outgoing, channel: Channel, as_json: bool, out: TextIO) -> None:
    shown = render(reply.reply, channel)
    if as_json:
        buttons = [{"title": c.title, "payload": c.payload} for c in reply.reply.choices]
        plain = {"text": shown.text, "buttons": buttons, "segments": shown.segments}
        print(json.dumps(plain, ensure_ascii=False), file=out, flush=True)
        return
    print(shown.text, file=out)
    if channel != Channel.SMS:
        for number, title in enumerate(shown.buttons, 1):
            print(f"  [{number}] {title}", file=out)
    out.flush()
