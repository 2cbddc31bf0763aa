"""Reports, missing persons, return, emergencies, calls for a person: a ticket from the first word.

The ticket is opened before anything is asked; every answer is written to it at once, so that a
caller who falls silent leaves behind what she has said.
"""

from __future__ import annotations

import sqlalchemy as sa

from actions import questions
from actions.answers import take
from actions.belonging import writing
from actions.desk import Desk
from actions.keeping import add, keep, note_child, raise_ticket
from actions.mistaken import not_told
from actions.questions import BESIDE, CATEGORY, KIND, STOPPED, ask_next, settle_known
from actions.state import State
from actions.steps import steps
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading
from hotline.circumstances import circumstances
from hotline.codes import format_key
from hotline.tickets import Category, Ticket, Urgency
from store import db, tickets

_BARE_WORDS = 6  # "saya mau lapor pak tolong" tells nothing yet


def begin(
    kind: str, turn: Turn, talk: Talk, desk: Desk, *, told: tuple[tuple[str, str], ...] = ()
) -> State | None:
    """Open or raise the ticket, keep what the first message tells, and ask what is missing.

    `told` are facts that the caller gave before she wanted to report, such as an offer's words.
    """
    with db.write(desk.vault.engine) as connection:
        opened = raise_ticket(
            connection,
            turn,
            desk,
            category=CATEGORY[kind],
            urgency=Urgency.CRITICAL if kind == "emergency" else None,
            reasons=_reasons(kind, turn),
        )
        for name, value in told:
            add(connection, opened.id, name, value, turn, desk)
        if "is_minor" in dict(told):
            note_child(connection, opened.id, turn, desk)
        telling = _tells_something(turn) or (kind == "emergency" and not turn.picked)
        keep(connection, opened.id, turn, desk, story=telling, whole_story=telling)
        for name, value in circumstances(kind, turn.text).items() if telling else ():
            add(connection, opened.id, name, value, turn, desk)
        ticket = tickets.open_ticket_of(connection, desk.vault.keyring, turn.conversation)
    assert ticket is not None
    state = State(kind, data={"ticket": opened.id, "code": opened.code})
    if turn.asked_beside:
        state.data[BESIDE] = turn.asked_beside
    settle_known(state, ticket)
    _remember_place(ticket, talk)
    values = {"code": opened.code, "key": format_key(opened.key)}
    if kind == "emergency":
        values["steps"] = steps(ticket, turn, desk)
    # Code and key are told once: on a phone that others see, each time is one too many.
    again = "utter_emergency_more" if kind == "emergency" else "utter_already_open"
    if kind == "report" and not telling:
        again = "utter_report_resumed"  # a tap or a bare "lapor" has added nothing
    talk.say(f"utter_{kind}_start" if opened.created else again, **values)
    return ask_next(state, talk)


def _remember_place(ticket: Ticket, talk: Talk) -> None:
    """Let "berapa nomor KBRI-nya" be about the country of the report."""
    if country := ticket.known().get("country"):
        talk.set_slot("country", country)


def _reasons(kind: str, turn: Turn) -> tuple[str, ...]:
    if kind == "emergency":
        return turn.dangers or ("model_emergency",)
    return (f"asked_{kind}",)


def _tells_something(turn: Turn) -> bool:
    return not turn.picked and len(reading.words(turn.text)) >= _BARE_WORDS


def ask_again(state: State, turn: Turn, talk: Talk, desk: Desk) -> None:
    """Repeat the open question after something else was answered, if one is open."""
    questions.ask_again(state, talk)


def answer(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Take a message inside an intake: a correction, a refusal, an answer, or more of the story."""
    with writing(state.data["ticket"], turn, desk) as connection:
        correcting = reading.corrects(turn.text) and not turn.picked
        changed = keep(
            connection,
            state.data["ticket"],
            turn,
            desk,
            story=False,
            # A shared place says "saya di", and it may be a sister's phone.
            whole_story=len(reading.words(turn.text)) > _BARE_WORDS and turn.shared != "location",
            only_new=not (correcting or state.asked == "where"),
            without=not_told(state.asked, turn, desk),
        )
        corrected = correcting and bool(changed)
        took = take(connection, state, turn, talk, desk, corrected=corrected)
        ticket = _read(connection, state.data["ticket"], turn, desk)
    if ticket is None:  # a responder has closed it meanwhile: what was said is kept there
        talk.say("utter_report_done", code=state.data["code"])
        return None
    before = set(state.settled)
    if took:
        settle_known(state, ticket)
    _remember_place(ticket, talk)
    if state.kind == "emergency" and "country" in changed:
        talk.say("utter_emergency_more", steps=steps(ticket, turn, desk))
    elif corrected:
        talk.say("utter_corrected")
    if not took and before == set(state.settled):
        return state  # the question was put again in other words
    return ask_next(state, talk)


def _read(connection: sa.Connection, ticket_id: int, turn: Turn, desk: Desk) -> Ticket | None:
    return tickets.open_ticket_of(
        connection, desk.vault.keyring, turn.conversation, wanted=ticket_id
    )


def more_danger(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Take another cry for help inside an emergency without starting all over."""
    ticket_id = state.data["ticket"]
    with writing(ticket_id, turn, desk) as connection:
        reasons = _reasons("emergency", turn)
        danger = Category.EMERGENCY
        raise_ticket(connection, turn, desk, category=danger, reasons=reasons, ticket_id=ticket_id)
        add(connection, ticket_id, "story", turn.text, turn, desk)
        changed = keep(connection, ticket_id, turn, desk, story=False, whole_story=True)
        ticket = _read(connection, ticket_id, turn, desk)
    assert ticket is not None
    if changed or state.asked == "where":
        talk.say("utter_emergency_more", steps=steps(ticket, turn, desk))
    else:
        talk.say("utter_noted")
    settle_known(state, ticket)
    return ask_next(state, talk)


def add_wish(state: State, kind: str, turn: Turn, talk: Talk, desk: Desk) -> None:
    """Note on the running ticket that something else is wanted too, such as a person."""
    with db.write(desk.vault.engine) as connection:
        reasons = (f"asked_{kind}",)
        wish, ticket_id = Category.OTHER, state.data["ticket"]
        raise_ticket(connection, turn, desk, category=wish, reasons=reasons, ticket_id=ticket_id)
    talk.say("utter_already_open", code=state.data["code"])


def cancel(state: State, turn: Turn, talk: Talk, desk: Desk) -> State:
    """Stop asking; what was said stays for the responder, and "lanjut" goes on."""
    with writing(state.data["ticket"], turn, desk) as connection:
        tickets.add_event(
            connection,
            state.data["ticket"],
            "intake_stopped",
            "caller",
            {"asked": state.asked},
            message_id=turn.message_id,
            now=desk.now(),
        )
    talk.say("utter_report_cancelled", code=state.data["code"])
    state.asked = STOPPED
    return state


def resume(turn: Turn, talk: Talk, desk: Desk, *, settled: tuple[str, ...] = ()) -> State | None:
    """Go on with the report of this conversation; None when none is open."""
    with db.read(desk.vault.engine) as connection:
        ticket = tickets.open_ticket_of(connection, desk.vault.keyring, turn.conversation)
    if ticket is None:
        return None
    data = {"ticket": ticket.id, "code": ticket.code}
    state = State(KIND[ticket.category], settled=list(settled), data=data)
    settle_known(state, ticket)
    talk.say("utter_report_resumed", code=ticket.code)
    return ask_next(state, talk)
