"""Starts a whole installation for tests and talks to it as a caller would."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hotline.messages import Channel
from hotline.settings import Settings, load_settings
from hotline.tickets import Ticket
from replies.render import render
from store import db, inbox, tickets
from store.vault import Vault
from suar import chat
from suar.processes import Supervisor, on_free_ports
from suar.run import prepare
from suar.training import make_model

READY = 1200.0  # seconds until everything must answer, on the slowest machine


@dataclass(frozen=True)
class Installation:
    """A running installation with its own database, keys and ports."""

    settings: Settings
    vault: Vault
    supervisor: Supervisor

    def say(self, channel: Channel, name: str, text: str) -> str:
        """Carry one line to the bot; returns the rendered replies, one below the other."""
        seen = chat._newest(self.vault, channel, name)
        message_id = chat._send(self.vault, channel, name, text)
        # Each wait has a limit of its own, made for people: a slow machine may need several.
        assert any(chat._wait(self.vault, message_id) for _ in range(5)), "no answer"
        replies = chat._replies(self.vault, message_id, seen)
        return "\n".join(render(reply.reply, channel).text for reply in replies)

    def ticket(self, channel: Channel, name: str) -> Ticket | None:
        """Read the open ticket of a conversation."""
        with db.write(self.vault.engine) as connection:
            conversation = inbox.conversation_of(
                connection,
                self.vault.keyring,
                channel=channel,
                address=f"chat:{name}",
                now=time.time(),
                transport="local",
            )
            return tickets.open_ticket_of(connection, self.vault.keyring, conversation)


def private_settings(home: Path, **environment: str) -> Settings:
    """Settings for an installation in a folder of its own, on free ports."""
    settings = load_settings({"SUAR_HOME": str(home), **environment})
    return on_free_ports(settings)


def shared_model() -> Path:
    """The model of the present content, from the newcomer's own folder."""
    return make_model(load_settings())


@contextmanager
def installation(home: Path, **environment: str) -> Iterator[Installation]:
    """Start everything in `home` and end it again."""
    settings = private_settings(home, **environment)
    vault = prepare(settings)
    supervisor = Supervisor(
        settings, shared_model(), home / "logs", lambda line: print(line, file=sys.stderr)
    )
    try:
        supervisor.start()
        supervisor.wait_ready(READY)
        yield Installation(settings, vault, supervisor)
    finally:
        supervisor.stop()
        vault.engine.dispose()
