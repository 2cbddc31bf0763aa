"""Tickets that ended, for the tests of retention."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from hotline.messages import Kind, Media, Reply
from hotline.retention import Rule
from hotline.settings import Settings, load_settings
from hotline.staff import Role, Scope, Staff
from hotline.tickets import Category, State
from store import attachments, db, inbox, media_files, outbox, retention, tickets
from store.media_files import media_folder
from store.sealed import places
from store.tables import conversations
from store.ticket_changes import move
from store.ticket_work import add_note, close, set_labels
from store.vault import Vault
from tests.fakes import SITI, Clock, message, receive
from tests.store.conversations_of import conversation_of
from tests.store.people import ani

DAY = 86400.0
YEARS = 1826 * DAY
WAYS = (State.TRIAGED, State.ASSIGNED, State.IN_PROGRESS, State.RESOLVED)


@dataclass
class Archive:
    """A task force whose tickets grow old."""

    vault: Vault
    clock: Clock
    home: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """Give the settings as they stand."""
        return load_settings({"SUAR_HOME": str(self.home), **self.env})

    def talk(self, text: str = "berapa biaya ke Taiwan", *, address: str = SITI) -> str:
        """Let a caller write and be answered; gives the conversation."""
        one = message(text, provider_id=uuid4().hex, address=address, at=self.clock(), ref="77")
        row = receive(self.vault, one, transport="twilio")
        known = conversation_of(self.vault, row)
        with db.write(self.vault.engine) as connection:
            outbox.add(
                connection, self.vault.keyring, known, [Reply("Jawaban rahasia")], inbox_id=row,
                author="bot", now=self.clock(),
            )  # fmt: skip
            inbox.finish(connection, row, outcome="bot", now=self.clock())
        return known

    def photo(self, known: str, *, address: str = SITI) -> Path:
        """Let a caller send a photo, and keep it; gives its file."""
        inbound = replace(
            message("", provider_id=uuid4().hex, address=address, at=self.clock()),
            kind=Kind.PHOTO, media=(Media(Kind.PHOTO, "https://media.example/1", "paspor Siti"),),
        )  # fmt: skip
        row = receive(self.vault, inbound, transport="twilio")
        with db.write(self.vault.engine) as connection:
            inbox.finish(connection, row, outcome="kept", now=self.clock())
            got = attachments.claim(
                connection, owner="w", transports=["twilio"], now=self.clock(), lease=300
            )
            assert got
            media_files.write(media_folder(self.settings), got.file, b"foto", self.vault.keyring)
            assert attachments.keep(connection, got, found_type="image/jpeg", size=4)
        return media_folder(self.settings) / got.file

    def ticket(self, *, address: str = SITI, facts: dict[str, str] | None = None) -> int:
        """Let a caller tell something, and a ticket be opened, noted and labelled."""
        known = self.talk("paspor Siti diambil", address=address)
        with db.write(self.vault.engine) as connection:
            row = connection.execute(
                sa.text("SELECT max(id) FROM inbox WHERE conversation_id = :c"), {"c": known}
            ).scalar_one()
            made = tickets.open_or_raise(
                connection, self.vault.keyring, conversation=known, category=Category.REPORT,
                reasons=("confined",), message_id=row, language="id", now=self.clock(),
            ).id  # fmt: skip
            told = {"story": "paspor Siti diambil", "region": "Kupang", **(facts or {})}
            for name, value in told.items():
                tickets.add_fact(
                    connection, self.vault.keyring, made, name, value, said_by="caller",
                    message_id=row, now=self.clock(),
                )  # fmt: skip
        who = ani(self.vault)
        with db.write(self.vault.engine) as connection:
            add_note(
                connection, self.vault.keyring, made, staff_id=who, actor="ani",
                text="ibunya di Kupang", now=self.clock(),
            )  # fmt: skip
            set_labels(connection, made, ["siti"], actor="ani", now=self.clock())
        return made

    def close(self, ticket_id: int, outcome: str = "advice_given") -> None:
        """Work through a ticket and close it."""
        with db.write(self.vault.engine) as connection:
            for state in WAYS:
                move(connection, ticket_id, state, actor="ani", now=self.clock())
            close(
                connection, self.vault.keyring, ticket_id, outcome=outcome,
                next_owner="keluarga Siti", actor="ani", now=self.clock(),
            )  # fmt: skip

    def asks(self, ticket_id: int) -> None:
        """Let the caller write that all of it shall go, and a day pass."""
        with db.write(self.vault.engine) as connection:
            tickets.add_fact(
                connection, self.vault.keyring, ticket_id, "data_request", "delete",
                said_by="caller", message_id=None, now=self.clock(),
            )  # fmt: skip
        self.clock.advance(DAY)

    def conversation(self, ticket_id: int) -> str:
        """Give the first conversation of a ticket."""
        with db.read(self.vault.engine) as connection:
            return tickets.conversations_of(connection, ticket_id)[0][0]

    def words(self) -> str:
        """Open every sealed value there is: what a thief with the keys would read."""
        found = []
        with db.read(self.vault.engine) as connection:
            for _, column, place in places():
                rows = connection.execute(sa.select(column).where(column.is_not(None))).scalars()
                found += [self.vault.keyring.open(one, place) for one in rows]
        return "\n".join(found)

    def index(self, conversation: str) -> bytes:
        """Give the mark by which a number is known again."""
        query = sa.select(conversations.c.address_index).where(conversations.c.id == conversation)
        with db.read(self.vault.engine) as connection:
            return bytes(connection.execute(query).scalar_one())


def clear(archive: Archive) -> dict[Rule, int]:
    """Clear what is due."""
    found = retention.clear(archive.vault, archive.settings, now=archive.clock())
    assert found is not None
    return found


def chief(archive: Archive) -> Staff:
    """Give somebody who sees everything."""
    return Staff(
        id=ani(archive.vault), login="ani", name="Ani", role=Role.SUPERVISOR, scope=Scope(), unit=""
    )
