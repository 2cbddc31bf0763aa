"""What a ticket's page shows of the people concerned and of the check lists, put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from hotline import elements as lists
from hotline.elements import ELEMENTS, LISTS, Answer, Part, Summary
from hotline.referrals import is_child
from hotline.tickets import Ticket
from hotline.victims import Condition, Details, Minor, Relation, Sex
from store import elements, victims
from store.crypto import Keyring
from store.elements import Mark
from store.victims import Victim

# What the forms of somebody concerned choose from.
CHOICES = {
    "relations": tuple(Relation),
    "sexes": tuple(Sex),
    "minors": tuple(Minor),
    "conditions": tuple(Condition),
    "nobody": Details(),
}


@dataclass(frozen=True)
class Entered:
    """What somebody typed that could not be written, and must not be lost."""

    person: Details | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    ground: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a check list on the page."""

    item: str  # such as means.fraud
    name: str
    mark: Mark | None
    chosen: Answer  # what the form shows: what was typed, else what stands
    hints: tuple[str, ...]  # the bot's reasons to look here, while nobody has answered


@dataclass(frozen=True, kw_only=True)
class Findings:
    """Everything the two sections of the page show."""

    victims: list[Victim]
    child: bool
    summary: Summary
    there: Mapping[Part, tuple[str, ...]]  # what is marked as there
    elements: Mapping[Part, list[Line]]  # act, means, purpose
    signs: Mapping[Part, list[Line]]
    seen: int  # the newest mark on the page
    entered: Entered
    parts_entered: frozenset[Part]  # the lists with an answer that could not be written

    @property
    def people(self) -> list[Victim]:
        """Give those who are no mistake."""
        return [one for one in self.victims if not one.now.mistaken]


def findings(
    connection: sa.Connection, keyring: Keyring, ticket: Ticket, entered: Entered | None = None
) -> Findings:
    """Read them for one ticket."""
    typed = entered or Entered()
    people = victims.of_ticket(connection, keyring, ticket.id)
    marks = elements.marks_of(connection, keyring, ticket.id)
    newest = {mark.item: mark for mark in marks}
    child = is_child(ticket.known()) or bool(victims.with_a_child({ticket.id: people}))
    answers = {item: mark.answer for item, mark in newest.items()}
    hints = lists.hints(ticket.reasons)
    return Findings(
        victims=people,
        child=child,
        summary=lists.summary(answers, child=child),
        there=lists.marked(answers),
        elements=_lines(ELEMENTS, newest, hints, typed),
        signs=_lines([Part.SIGN], newest, hints, typed),
        seen=marks[-1].id if marks else 0,
        entered=typed,
        parts_entered=frozenset(Part(item.split(".")[0]) for item in typed.answers),
    )


def _lines(
    parts: Iterable[Part],
    newest: Mapping[str, Mark],
    hints: Mapping[str, tuple[str, ...]],
    typed: Entered,
) -> dict[Part, list[Line]]:
    return {
        part: [_line(f"{part.value}.{name}", name, newest, hints, typed) for name in LISTS[part]]
        for part in parts
    }


def _line(
    item: str,
    name: str,
    newest: Mapping[str, Mark],
    hints: Mapping[str, tuple[str, ...]],
    typed: Entered,
) -> Line:
    mark = newest.get(item)
    stands = mark.answer if mark else Answer.UNKNOWN
    return Line(
        item=item,
        name=name,
        mark=mark,
        chosen=typed.answers.get(item, stands),
        hints=() if mark else hints.get(item, ()),
    )
