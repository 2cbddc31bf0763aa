"""What is written down of a ticket in lists, as it may leave the ticket: people and elements."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from hotline.elements import Part, marked
from hotline.tickets import Ticket
from hotline.victims import Details, for_others
from store import elements, victims
from store.crypto import Keyring


@dataclass(frozen=True, kw_only=True)
class Lists:
    """The people concerned, and what is marked as there; without who said it and why."""

    people: tuple[Details, ...] = ()
    marked: Mapping[Part, tuple[str, ...]] = field(default_factory=dict)
    child: bool = False  # somebody is under eighteen

    def names(self) -> tuple[str, ...]:
        """Name the lists that hold anything."""
        held = (("victims", bool(self.people)), ("elements", bool(self.marked)))
        return tuple(name for name, full in held if full)

    def only(self, names: Collection[str]) -> Lists:
        """Keep the lists that are named."""
        return replace(
            self,
            people=self.people if "victims" in names else (),
            marked=self.marked if "elements" in names else {},
        )


def lists_of(connection: sa.Connection, keyring: Keyring, ticket: Ticket) -> Lists:
    """Read what may go along to another unit; of an anonymous caller's people no name or place."""
    people = victims.of_tickets(connection, keyring, [ticket.id])
    answers = elements.answers_of(connection, [ticket.id])
    return Lists(
        people=tuple(
            for_others(one.now.details, anonymous=ticket.anonymous)
            for one in people.get(ticket.id, [])
        ),
        marked=marked(answers.get(ticket.id, {})),
        child=ticket.id in victims.with_a_child(people),
    )
