"""What a ticket's page shows, put together; also how a change is made and a refusal shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from fastapi import Response

from console.canned import Canned, load_canned
from console.desk import Desk
from console.findings import CHOICES, Entered, findings
from console.inbox import OUTCOMES
from console.macros import Macro, load_macros
from console.reading_log import note
from console.ticket_end import how_it_ends
from console.units import unit_namer
from hotline import holding
from hotline.contact_rules import hours_told
from hotline.holding import WINDOW, Waiting
from hotline.messages import Channel, Hold, OutboxState, Purpose
from hotline.staff import May
from hotline.tickets import FACT_FIELDS, MOVES, OPEN_STATES, PERSONAL, State, Ticket
from store import (
    conversations,
    corrections,
    db,
    overview,
    reply_ways,
    retention_ahead,
    ticket_brought,
    ticket_conflicts,
    ticket_drafts,
    ticket_list,
    ticket_presence,
    ticket_told,
    ticket_work,
    tickets,
)
from store import staff as accounts
from store.corrections import Correction
from store.overview import Line, Standing
from store.regions import load_regions
from store.staff import Session
from store.standing import standing_of
from store.tables import conversations as conversations_table
from store.texts_back import known

LONGEST = 4000
_NOT_PEOPLE = frozenset({"bot", "gateway", "guard", "window"})
_FINAL = (Hold.OPTED_OUT, Hold.UNREACHABLE)  # nothing a responder writes gets through


@dataclass(frozen=True, kw_only=True)
class Way:
    """One conversation of a ticket: how its caller can be reached just now."""

    standing: Standing
    rules: dict[str, object]
    hold: Hold | None  # why a reply would wait
    hold_until: float | None
    window_until: float | None  # WhatsApp only: until when free text goes out
    mine: bool  # the reader holds it
    joined: bool  # it came with code and key, which can be read off her phone
    blocked: str  # why nothing can be written; empty when it can

    @property
    def id(self) -> str:
        """Name the conversation."""
        return self.standing.id

    @property
    def channel(self) -> str:
        """Name its channel."""
        return self.standing.channel

    @property
    def releasable(self) -> bool:
        """Say whether something is held that a responder may send all the same."""
        waivable = {Hold.SAFE_HOURS.value, Hold.QUIET_HOURS.value, Hold.DO_NOT_WRITE.value}
        return any(trouble.hold in waivable for trouble in self.standing.troubles)


def way(
    desk: Desk,
    connection: sa.Connection,
    session: Session,
    conversation: str,
    *,
    joined: bool = False,
) -> Way:
    """Read how one caller can be reached."""
    now, keyring = desk.now(), desk.vault.keyring
    [standing] = overview.standings(connection, now=now, conversation=conversation)
    row = connection.execute(
        sa.select(conversations_table).where(conversations_table.c.id == conversation)
    ).one()
    whole = standing_of(keyring, row, desk.settings.channels.sms_quiet)
    local = standing.transport == "local"
    # Our own page shows at once what is written: nothing is ever held there.
    reply = Waiting(id=0, purpose=Purpose.RESPONDER)
    why = None if local else holding.hold_for(reply, whole, now)
    mine = standing.claimed_by == session.staff.login
    blocked = why[0].value if why and why[0] in _FINAL else ""
    if local and standing.watched:
        blocked = "watched"
    if standing.claimed_by and not mine:
        blocked = "claimed"
    if row.erased_at is not None and row.erased_at >= (standing.heard_at or 0):
        blocked = "address_cleared"
    window = standing.channel == Channel.WHATSAPP and not local and standing.heard_at is not None
    return Way(
        standing=standing,
        rules=overview.rules(connection, keyring, conversation),
        hold=why[0] if why else None,
        hold_until=why[1] if why else None,
        window_until=(standing.heard_at or 0) + WINDOW if window else None,
        mine=mine,
        joined=joined,
        blocked=blocked,
    )


def page(
    desk: Desk,
    session: Session,
    id_: int,
    code: str,
    status: int = 200,
    *,
    problem: str = "",
    typed: str | None = None,
    entered: Entered | None = None,
    part: str = "ticket.html",
) -> Response:
    """Render a ticket; `typed` is a reply that could not be written and must not be lost.

    So is what was `entered` into the forms of people and elements. That it was read is logged.
    """
    note(desk, session, code)
    with db.read(desk.vault.engine) as connection:
        values = _values(desk, connection, session, id_, code)
        found = findings(connection, desk.vault.keyring, values["ticket"], entered)
        draft = ticket_drafts.read(connection, desk.vault.keyring, id_, session.staff.id)
    return desk.show(
        part,
        session,
        status,
        table=load_regions(),
        fields=FACT_FIELDS,
        found=found,
        choices=CHOICES,
        open_states=OPEN_STATES,
        outcomes=OUTCOMES,
        problem=problem,
        typed=draft if typed is None else typed,
        mark=desk.once.new(),
        failed=OutboxState.FAILED,
        longest=LONGEST,
        now=desk.now(),
        **values,
    )


def _values(
    desk: Desk, connection: sa.Connection, session: Session, id_: int, code: str
) -> dict[str, Any]:
    keyring = desk.vault.keyring
    [ticket] = tickets.all_tickets(connection, keyring, code=code)
    joined = reply_ways.joined_later(connection, id_)
    told = ticket_told.of_ticket(connection, session.staff, id_)
    ways = [way(desk, connection, session, each, joined=each in joined) for each in told]
    lines = sorted(
        (
            (line, one)
            for one in ways
            for line in overview.lines(connection, keyring, one.id)
            if told[one.id].shows(line.at)
        ),
        key=lambda pair: (pair[0].at, not pair[0].inbound, pair[0].id),
    )
    people = accounts.everybody(connection)
    chosen = conversations.reply_conversation(connection, id_)
    events = ticket_conflicts.told_to(
        connection, id_, session.staff, ticket_list.events(connection, id_)
    )
    return {
        "ticket": ticket,
        "facts": _facts(ticket),
        "wishes": _wishes(ticket, ways),
        "ways": sorted(ways, key=lambda one: one.id != chosen),
        "usual": next((one for one in ways if one.id == chosen), None),
        "lines": lines,
        "held_since": min((line.at for line, _ in lines if _is_held(line)), default=None),
        "indonesian": _indonesian(desk, lines),
        "corrected": _corrected(connection, [line.id for line, _ in lines if line.inbound]),
        "names": {person.login: person.name for person, _, _ in people},
        "moves": [s for s in State if s in MOVES[ticket.state] and s is not State.MERGED],
        "canned": _canned(session, ticket),
        "macros": _macros(session),
        "work": ticket_work.work_of(connection, id_),
        "notes": ticket_work.notes_of(connection, keyring, id_),
        "labels": ticket_work.labels_of(connection, id_),
        "regions": ticket_work.regions_of(connection, id_),
        "others": ticket_presence.others_here(connection, id_, session.staff.id, now=desk.now()),
        "events": events,
        "conflicts": [
            (one, ticket_conflicts.liftable(connection, id_, one, by=session.staff))
            for one in ticket_conflicts.holding(connection, id_)
        ],
        "conflict_lines": ticket_conflicts.reasons(connection, keyring, events),
        "conflict_levels": ticket_conflicts.levels(ticket_work.place_of(connection, id_)),
        "staff_names": {person.id: person.name for person, _, _ in people},
        "unit_name": unit_namer(connection),
        "brought": ticket_brought.of(connection, id_),
        "kept": retention_ahead.kept(
            connection, keyring, desk.settings.retention, id_, now=desk.now()
        ),
        "colleagues": [p for p, active, _ in people if active and p.may(May.READ)],
        **how_it_ends(connection, keyring, session, id_, events),
    }


def _indonesian(desk: Desk, lines: list[tuple[Line, Way]]) -> dict[str, str]:
    """Give what was said to callers in another language in Indonesian, where a catalogue has it."""
    found: dict[str, str] = {}
    for line, one in lines:
        if not line.inbound and not line.unreadable:
            found |= known([line.text], desk.back(one.standing.language))
    return found


def _is_held(line: Line) -> bool:
    """Say whether a colleague's message waits; what the bot says is no person's answer."""
    return line.state == OutboxState.HELD and line.author not in _NOT_PEOPLE


def _corrected(connection: sa.Connection, messages: list[int]) -> dict[int, Correction]:
    """Give the newest word of a responder on what each message meant."""
    return {one.inbox_id: one for one in corrections.of_messages(connection, messages)}


def _canned(session: Session, ticket: Ticket) -> list[tuple[Canned, str, str]]:
    """Give the canned answers with their text for the caller and the one in Indonesian."""
    if not session.staff.may(May.REPLY):
        return []
    return [
        (one, one.texts.get(ticket.language, one.texts["id"]), one.texts["id"])
        for one in load_canned()
    ]


def _macros(session: Session) -> list[Macro]:
    """Give the macros all of whose steps the reader may take."""
    may = session.staff.may
    return [one for one in load_macros() if may(May.WRITE) and (not one.reply or may(May.REPLY))]


def _wishes(ticket: Ticket, ways: list[Way]) -> list[tuple[str, str]]:
    """List what must not be done, and when it is safe: a kind for the words, and her own words."""
    told = [fact.value for fact in ticket.facts if fact.field == "contact_rule"]
    found: dict[tuple[str, str], None] = {}
    for value in told:
        kind, _, words = value.partition(":")
        known = kind in {"no_police", "no_visit", "no_family", "never_call", "do_not_write"}
        found[(kind, words.strip()) if known else ("words", value)] = None
    for one in ways:
        for rule in ("never_call", "do_not_write"):
            if one.rules.get(rule) and not any(kind == rule for kind, _ in found):
                found[rule, ""] = None
        if one.rules.get("unclear"):
            found["clock" if hours_told(one.rules) else "unclear", ""] = None
        if one.standing.watched:
            found["watched", ""] = None
        if one.standing.opted_out_at:
            found["opted_out", ""] = None
    hours = [fact.value for fact in ticket.facts if fact.field == "safe_time"]
    if hours:
        found["safe_time", hours[-1]] = None
    return list(found)


def _facts(ticket: Ticket) -> list[dict[str, Any]]:
    """List what is known, newest value of each field, with who said it and when."""
    known = ticket.known()
    shown = []
    for field in FACT_FIELDS:
        if field in known:
            last = [fact for fact in ticket.facts if fact.field == field][-1]
            value = "•••" if field in PERSONAL else known[field]
            count = sum(fact.field == field for fact in ticket.facts)
            shown.append(
                {"field": field, "value": value, "by": last.said_by, "at": last.at.timestamp(),
                 "masked": field in PERSONAL, "versions": count}
            )  # fmt: skip
    return shown
