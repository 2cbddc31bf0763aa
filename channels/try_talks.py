"""What a session of the try-out page has on its screen, and what it writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from channels.try_requests import Written
from hotline.messages import Channel, InboundMessage
from replies.render import render
from store import conversations, db, inbox, outbox, transcript
from store.transcript import Said
from store.vault import Vault

_Shown = dict[str, Any]


@dataclass(frozen=True)
class View:
    """What a session has on its screen."""

    messages: list[_Shown]
    waiting: bool
    language: str = "id"


class Talks:
    """The conversations of all sessions, each found by its token."""

    def __init__(self, vault: Vault) -> None:
        """Read and write in an installation's database."""
        self._vault = vault

    def receive(self, token: str, written: Written) -> None:
        """Store one message; it is there when this returns."""
        # The token itself opens the conversation, so it is stored sealed or keyed only.
        session = self._vault.keyring.blind("try_session", token).hex()
        message = InboundMessage(
            channel=Channel.LOCAL,
            provider_id=f"try-{session}-{written.message_id}",
            address=_address(token),
            text=written.text,
            received_at=datetime.now(UTC),
        )
        with db.write(self._vault.engine) as connection:
            inbox.receive(connection, self._vault.keyring, message, transport="local")

    def view(self, token: str | None) -> View:
        """Read the whole conversation."""
        return self._read(token, transcript.transcript)

    def new(self, token: str | None, after: int) -> View:
        """Read what was sent with an id above `after`, or not fetched yet."""

        def newer(*where: Any) -> list[Said]:
            return transcript.sent_since(*where, after=after)

        return self._read(token, newer)

    def _read(self, token: str | None, choose: Callable[..., list[Said]]) -> View:
        keyring = self._vault.keyring
        with db.read(self._vault.engine) as connection:
            found = token and transcript.find_conversation(
                connection, keyring, channel=Channel.LOCAL, address=_address(token)
            )
            if not found:
                return View([], waiting=False)
            said = choose(connection, keyring, found)
            waiting = transcript.awaits_answer(connection, found)
            language = conversations.load(connection, keyring, found).language
        self._deliver([one.id for one in said if not one.inbound])
        return View([_shown(one) for one in said], waiting, language)

    def _deliver(self, ids: list[int]) -> None:
        if ids:
            with db.write(self._vault.engine) as connection:
                outbox.mark_delivered(connection, ids)


def _address(token: str) -> str:
    return f"try:{token}"


def _shown(one: Said) -> _Shown:
    form = render(one.reply, Channel.LOCAL)
    buttons = [{"title": title, "number": n} for n, title in enumerate(form.buttons, 1)]
    return {"id": one.id, "inbound": one.inbound, "text": form.text, "buttons": buttons}
