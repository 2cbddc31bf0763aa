"""People, tickets and shifts for the tests about duty."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from hotline.notices import Way
from hotline.staff import Level, Role, Scope, Staff
from hotline.tickets import Category, Urgency
from store import db, notice_ways, notices, tickets
from store import staff as accounts
from store.console_tables import staff, ticket_regions
from store.duty_tables import duty_shifts
from store.duty_tables import notices as notices_table
from store.tables import ticket_events
from store.tables import tickets as ticket_table
from store.vault import Vault
from tests.fakes import Clock, message, receive
from tests.store.conversations_of import conversation_of

KUPANG, NTT, JATIM = "5371", "53", "35"


@dataclass
class Station:
    """A task force on an empty database: e-mail is set up, nothing is sent."""

    vault: Vault
    clock: Clock
    number: int = 0

    def __post_init__(self) -> None:
        """Open the way by e-mail."""
        with db.write(self.vault.engine) as connection:
            notices.set_open(connection, [Way.EMAIL])

    def hire(
        self, login: str, role: Role = Role.RESPONDER, region: str = "", unit: str = "",
        *, mail: bool = True,
    ) -> Staff:  # fmt: skip
        """Make an account, with an address for e-mail unless told otherwise."""
        level = {0: Level.NATIONAL, 2: Level.PROVINCE, 4: Level.REGENCY}[len(region)]
        with db.write(self.vault.engine) as connection:
            accounts.invite(
                connection, login=login, name=login.title(), role=role,
                scope=Scope(level, region), unit=unit, now=self.clock(),
            )  # fmt: skip
            found = accounts.account(connection, self.vault.keyring, login)
            assert found
            if mail:
                notice_ways.set_email(
                    connection, self.vault.keyring, found.staff.id, f"{login}@desk.test"
                )
        return found.staff

    def ticket(
        self, region: str = KUPANG, urgency: Urgency = Urgency.HIGH, *, conflict: bool = False
    ) -> int:
        """Let a caller write, and a ticket be opened for her."""
        self.number += 1
        row = receive(
            self.vault,
            message(
                "tolong", provider_id=f"d{self.number}", address=f"+62811{self.number:06d}",
                at=self.clock(),
            ),
        )  # fmt: skip
        with db.write(self.vault.engine) as connection:
            made = tickets.open_or_raise(
                connection, self.vault.keyring, conversation=conversation_of(self.vault, row),
                category=Category.REPORT, urgency=urgency, reasons=(), message_id=row,
                language="id", now=self.clock(),
            ).id  # fmt: skip
            if region:
                where = {"ticket_id": made, "part": "origin", "region": region}
                connection.execute(sa.insert(ticket_regions), where)
            if conflict:
                tickets.flag_conflict(connection, made, message_id=None, now=self.clock())
        return made

    def shift(
        self, person: Staff, begins: float = -3600, ends: float = 3600, region: str = ""
    ) -> int:
        """Put somebody on duty around this moment, without asking a supervisor."""
        now = self.clock()
        row = {
            "staff_id": person.id, "region": region, "begins_at": now + begins,
            "ends_at": now + ends, "zone": "Asia/Jakarta", "entered_by": person.id, "at": now,
        }  # fmt: skip
        with db.write(self.vault.engine) as connection:
            made = connection.execute(sa.insert(duty_shifts).returning(duty_shifts.c.id), row)
            return int(made.scalar_one())

    def told(self, kind: str) -> list[str]:
        """Name who was told, in order."""
        query = (
            sa.select(staff.c.login)
            .join(notices_table, notices_table.c.staff_id == staff.c.id)
            .where(notices_table.c.kind == kind)
        )
        with db.read(self.vault.engine) as connection:
            return list(connection.execute(query.order_by(notices_table.c.id)).scalars())

    def ups(self, ticket_id: int) -> list[str]:
        """Say to which levels a ticket has gone up, by its log."""
        query = sa.select(ticket_events.c.details).where(
            ticket_events.c.ticket_id == ticket_id, ticket_events.c.kind == "escalated"
        )
        with db.read(self.vault.engine) as connection:
            rows = connection.execute(query.order_by(ticket_events.c.id)).scalars()
            return [f"{row['level']} for {row['deadline']}" for row in rows]

    def code(self, ticket_id: int) -> str:
        """Give a ticket's code."""
        query = sa.select(ticket_table.c.code).where(ticket_table.c.id == ticket_id)
        with db.read(self.vault.engine) as connection:
            return str(connection.execute(query).scalar_one())
