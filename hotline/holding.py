"""Which waiting message of a conversation goes out next, and why the others wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hotline import hours
from hotline.hours import Span
from hotline.messages import Channel, Hold, OutboxState, Purpose

# She holds the phone: what answers her may go out although the hour is not a safe one.
FRESH = 30 * 60.0
WINDOW = 24 * 3600.0
_WINDOW_MARGIN = 120.0  # the provider counts from its own clock, and sending takes a moment
_CLOCKS_DIFFER = 3600.0
LONGEST_RETRY = 3600.0  # no pause between two tries is longer


@dataclass(frozen=True, kw_only=True)
class ContactRules:
    """When and how a caller may be written to, as she said or a responder wrote down."""

    safe: tuple[Span, ...] = ()  # minutes of her day; empty: any time
    zone: str = hours.JAKARTA
    do_not_write: bool = False
    unclear: bool = False  # she said something about it that only a person can judge

    @classmethod
    def from_dict(cls, plain: Mapping[str, object]) -> ContactRules:
        """Read the stored form; what cannot be read counts as unclear, so nothing goes out."""
        try:
            raw = plain.get("safe") or []
            assert isinstance(raw, list)
            return cls(
                safe=tuple((int(begin), int(end)) for begin, end in raw),
                zone=str(plain.get("tz") or hours.JAKARTA),
                do_not_write=bool(plain.get("do_not_write")),
                unclear=bool(plain.get("unclear")),
            )
        except (AssertionError, TypeError, ValueError):
            return cls(do_not_write=bool(plain.get("do_not_write")), unclear=True)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known of a caller at the moment when something is to go out to her."""

    channel: str
    heard_at: float | None
    country: str = "ID"  # of her number
    zone: str = hours.JAKARTA  # of her number
    opted_out: bool = False
    unreachable: bool = False
    watched: bool = False  # she is answered neutrally: somebody else may be reading
    rules: ContactRules = field(default=ContactRules())
    quiet: tuple[int, int] = (0, 0)  # hours from and until which networks carry no SMS of ours


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An outbound message that has not gone out yet, as far as deciding about it goes."""

    id: int
    purpose: str
    state: str = OutboxState.QUEUED
    template: bool = False  # the content-free message that asks her to write again
    waived: bool = False  # a responder has looked at why it waits, and sends it all the same
    next_at: float | None = None
    # Why the provider did not take it; it knows better than we, until she writes again.
    refused: Hold | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to do in a conversation now."""

    send: int | None = None
    held: Mapping[int, tuple[Hold, float | None]] = field(default_factory=dict)
    look_at: float | None = None  # when to look again, if nothing happens before
    ask_to_write: bool = False  # the window is shut: a template should go out


def fresh(standing: Standing, now: float) -> bool:
    """Say whether the caller has just written and so holds the phone."""
    return standing.heard_at is not None and -_CLOCKS_DIFFER <= now - standing.heard_at <= FRESH


def window_open(standing: Standing, now: float) -> bool:
    """Say whether free text may go out on WhatsApp."""
    heard = standing.heard_at
    return heard is not None and now - heard < WINDOW - _WINDOW_MARGIN


def hold_for(one: Waiting, standing: Standing, now: float) -> tuple[Hold, float | None] | None:
    """Say why a message must wait and, where it is known, until when; None when it may go."""
    if standing.unreachable:
        return Hold.UNREACHABLE, None
    if one.refused is not None:
        return one.refused, None
    at_hand = one.purpose == Purpose.ANSWER and fresh(standing, now)
    if not at_hand:
        if standing.opted_out:
            return Hold.OPTED_OUT, None
        if not one.waived and (wait := _unwelcome(one, standing, now)) is not None:
            return wait
    shut = standing.channel == Channel.WHATSAPP and not window_open(standing, now)
    return (Hold.WINDOW, None) if shut and not one.template else None


def _unwelcome(one: Waiting, standing: Standing, now: float) -> tuple[Hold, float | None] | None:
    """Say why she should not get a message just now that she does not expect."""
    rules = standing.rules
    if rules.do_not_write or standing.watched:
        return Hold.DO_NOT_WRITE, None
    if rules.unclear:
        return Hold.SAFE_HOURS, None
    if rules.safe and not hours.within(rules.safe, rules.zone, now):
        return Hold.SAFE_HOURS, hours.next_beginning(rules.safe, rules.zone, now)
    begin, end = standing.quiet
    # Indonesia's networks refuse what comes at night; elsewhere only we begin a day politely.
    applies = standing.country == "ID" or one.purpose == Purpose.NOTICE
    if standing.channel == Channel.SMS and applies and begin != end:
        day = ((end * 60, begin * 60),)
        if not hours.within(day, standing.zone, now):
            return Hold.QUIET_HOURS, hours.next_beginning(day, standing.zone, now)
    return None


def plan(waiting: Sequence[Waiting], standing: Standing, now: float) -> Plan:
    """Choose the next message of a conversation; `waiting` is in the order of writing.

    The order is strict, with two exceptions. An answer overtakes messages of responders and
    notices that are held, because it would be held for fewer reasons; and what a responder sends
    in spite of a hold overtakes what is still held.
    """
    held: dict[int, tuple[Hold, float | None]] = {}
    look: list[float] = []
    answers_wait = others_wait = False
    for one in waiting:
        why = hold_for(one, standing, now)
        if why is not None:
            held[one.id] = why
            look += [why[1]] if why[1] is not None else []
            if not one.template:
                others_wait = True
                answers_wait = answers_wait or one.purpose == Purpose.ANSWER
            continue
        if not one.template and _blocked(one, answers_wait=answers_wait, others_wait=others_wait):
            continue
        if one.state == OutboxState.QUEUED and (again := _again_at(one, now)) is not None:
            look.append(again)
            break
        return Plan(send=one.id, held=held, ask_to_write=_shut_out(held))
    return Plan(held=held, look_at=min(look, default=None), ask_to_write=_shut_out(held))


def _blocked(one: Waiting, *, answers_wait: bool, others_wait: bool) -> bool:
    if one.purpose == Purpose.ANSWER:
        return answers_wait
    return others_wait and not one.waived


def _again_at(one: Waiting, now: float) -> float | None:
    """Give the moment of the next try if it lies ahead; a clock put back must not delay it."""
    ahead = one.next_at is not None and now < one.next_at <= now + LONGEST_RETRY
    return one.next_at if ahead else None


def _shut_out(held: Mapping[int, tuple[Hold, float | None]]) -> bool:
    return any(why is Hold.WINDOW for why, _ in held.values())
