"""Asking a unit to help: what may be asked, with whose consent, and how a referral goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from hotline.errors import Refused, WrongMove
from hotline.tickets import FACT_FIELDS, Urgency


class Service(StrEnum):
    """What a unit is asked for."""

    RESCUE = "rescue"  # get somebody out of a place
    SHELTER = "shelter"
    HEALTH = "health"
    PSYCHOSOCIAL = "psychosocial"
    POLICE_REPORT = "police_report"
    PROTECTION = "protection"  # of a witness or victim
    LEGAL_AID = "legal_aid"
    RESTITUTION = "restitution"
    WAGES = "wages"
    PAPERS = "papers"
    RETURN = "return"
    FAMILY = "family"  # find or speak with the family
    REINTEGRATION = "reintegration"
    OTHER = "other"


class Consent(StrEnum):
    """What the caller said to this referral."""

    GIVEN = "given"
    REFUSED = "refused"
    NOT_ASKED = "not_asked"


class ReferralState(StrEnum):
    """Where a referral stands; that it is overdue is read off its date, not kept."""

    WAITING = "waiting"  # the unit was asked
    ACCEPTED = "accepted"  # the unit works on it and sees the ticket
    REFUSED = "refused"  # the unit cannot, and has said why
    COMPLETED = "completed"  # the unit has done what was asked
    TAKEN_BACK = "taken_back"  # whoever asked needs it no longer, or the caller does not want it


MOVES: Mapping[ReferralState, frozenset[ReferralState]] = {
    ReferralState.WAITING: frozenset(
        {ReferralState.ACCEPTED, ReferralState.REFUSED, ReferralState.TAKEN_BACK}
    ),
    ReferralState.ACCEPTED: frozenset({ReferralState.COMPLETED, ReferralState.TAKEN_BACK}),
    ReferralState.REFUSED: frozenset(),
    ReferralState.COMPLETED: frozenset(),
    ReferralState.TAKEN_BACK: frozenset(),
}
OPEN = frozenset({ReferralState.WAITING, ReferralState.ACCEPTED})
# Only the unit that was asked does these; the last is for those who asked.
BY_THE_UNIT = frozenset({ReferralState.ACCEPTED, ReferralState.REFUSED, ReferralState.COMPLETED})
_WITH_REASON = frozenset({ReferralState.REFUSED, ReferralState.TAKEN_BACK})

# Whoever helps her must know these, or they endanger her: they go along whatever is chosen.
ALWAYS_ALONG = ("safe_time", "contact_rule")
# What is written down in lists of its own: the people concerned, and the marked elements.
LISTS = ("victims", "elements")
# An anonymous caller's own name, number and whereabouts are not ours to give on.
_IDENTIFYING = frozenset({"caller_name", "caller_phone", "phone", "shared_contact", "location"})
_SHORTEST = 5


def check_move(current: ReferralState, wanted: ReferralState, reason: str) -> None:
    """Raise WrongMove or Refused unless a referral may go from `current` to `wanted`."""
    if wanted not in MOVES[current]:
        raise WrongMove(f"a referral that is {current} cannot become {wanted}")
    if wanted in _WITH_REASON and len(reason.strip()) < _SHORTEST:
        raise Refused("a referral is refused or taken back only with a reason")


def check_consent(
    consent: Consent, reason: str, *, urgency: Urgency, known: Mapping[str, str]
) -> None:
    """Raise Refused when a referral needs a consent it does not have.

    A child, or somebody whose life is in danger, is helped also without; why is written down.
    """
    if consent is Consent.GIVEN:
        return
    if not (is_child(known) or urgency is Urgency.CRITICAL):
        raise Refused("without consent only a child or a life in danger is referred")
    if len(reason.strip()) < _SHORTEST:
        raise Refused("a referral without consent needs a reason")


def is_child(known: Mapping[str, str]) -> bool:
    """Say whether somebody said that a victim is under eighteen."""
    return known.get("is_minor", "").strip().lower() in {"yes", "ya", "true"}


def may_go_along(known: Iterable[str], *, anonymous: bool) -> tuple[str, ...]:
    """List the facts that can be chosen to go along, in the order they are read."""
    barred = _IDENTIFYING if anonymous else frozenset()
    return tuple(name for name in (*FACT_FIELDS, *LISTS) if name in set(known) - barred)


def going_along(chosen: Iterable[str], known: Iterable[str], *, anonymous: bool) -> tuple[str, ...]:
    """Say which facts go along: those chosen and those that protect the caller."""
    wanted = {*chosen, *ALWAYS_ALONG}
    return tuple(name for name in may_go_along(known, anonymous=anonymous) if name in wanted)


def is_overdue(state: ReferralState, due_at: float | None, now: float) -> bool:
    """Say whether an open referral is past its date."""
    return state in OPEN and due_at is not None and due_at < now
