"""How a late ticket goes up, from the unit over the province to the nation, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from hotline.roster import Shift
from hotline.staff import Level, May, Place, Role, Staff, sees


class Step(IntEnum):
    """How far a late ticket has gone up."""

    UNIT = 0  # with those who work on it
    PROVINCE = 1
    NATIONAL = 2


_LEVEL = {Step.PROVINCE: Level.PROVINCE, Step.NATIONAL: Level.NATIONAL}


@dataclass(frozen=True, kw_only=True)
class Crew:
    """Everybody who could be told, at one moment."""

    people: Sequence[Staff]  # with an account that is open
    shifts: Sequence[Shift]  # that run now
    reachable: frozenset[int]  # who has entered a way to be told

    def on_duty(self, place: Place) -> frozenset[int]:
        """Give who is on duty for a ticket."""
        return frozenset(shift.staff_id for shift in self.shifts if shift.covers(place))


def next_step(crew: Crew, place: Place, step: Step) -> tuple[Step, list[Staff]] | None:
    """Say where a late ticket goes from `step`, and who is told; None when it is at the top.

    A level at which nobody may see the ticket is passed over, so a conflict of interest never
    leads to the level of the person involved. Such a ticket begins one level higher than others.
    """
    at_least = Step.NATIONAL if place.conflict else Step(min(step + 1, Step.NATIONAL))
    if step >= Step.NATIONAL:
        return None
    for wanted in (Step.PROVINCE, Step.NATIONAL):
        if wanted < at_least:
            continue
        there = [
            one
            for one in crew.people
            if one.scope.level is _LEVEL[wanted] and one.may(May.REPLY) and sees(one, place)
        ]
        if there:
            return wanted, _told(crew, place, there, lambda one: one.role is Role.SUPERVISOR)
    return Step.NATIONAL, []


def alarmed(crew: Crew, place: Place) -> list[Staff]:
    """Say who is told of a critical ticket: its holder first, and all who hear of a fresh one."""
    seeing = [one for one in crew.people if one.may(May.REPLY) and sees(one, place)]
    told = _told(crew, place, seeing, lambda _: True)
    holder = [one for one in seeing if one.id == place.staff_id and one.id in crew.reachable]
    return holder + [one for one in told if one not in holder]


def _told(
    crew: Crew, place: Place, there: Iterable[Staff], usual: Callable[[Staff], bool]
) -> list[Staff]:
    """Choose who is told: those on duty, else those whose work it is, else everybody there."""
    ready = [one for one in there if one.id in crew.reachable]
    duty = crew.on_duty(place)
    # Who is on duty but cannot be reached must not be the reason that nobody hears of it.
    return [one for one in ready if one.id in duty] or [one for one in ready if usual(one)] or ready


def rings_for(staff: Staff, place: Place, on_duty: Iterable[int], listening: set[int]) -> bool:
    """Say whether an open page sounds the alarm: with those on duty, else with everybody.

    Who is on duty but has no page open hears nothing, so then it sounds everywhere.
    """
    hearing = {one for one in on_duty if one in listening}
    return sees(staff, place) and (not hearing or staff.id in hearing)
