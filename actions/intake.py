"""Reports, missing persons, return, emergencies, calls for a person: a ticket from the first word.

The ticket is opened before anything is asked; every answer is written to it at once, so that a
caller who falls silent leaves behind what she has said.
"""

from __future__ import annotations

import re

import sqlalchemy as sa

from actions.desk import Desk
from actions.harvest import HOME, harvest
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading
from hotline.codes import format_key
from hotline.conflict import involves_influential
from hotline.tickets import Category, Ticket, Urgency
from store import db, tickets

QUESTIONS = {
    "emergency": ("where", "who", "safe_time"),
    "report": ("story", "where", "who", "recruiter", "consent", "safe_time"),
    "missing": ("who_missing", "where", "last_contact", "recruiter", "consent", "safe_time"),
    "return": ("where", "who", "reason", "consent", "safe_time"),
    "human": ("story", "safe_time"),
}
CATEGORY = {
    "emergency": Category.EMERGENCY,
    "report": Category.REPORT,
    "missing": Category.MISSING,
    "return": Category.RETURN,
    "human": Category.OTHER,
}
KIND = {
    Category.EMERGENCY: "emergency",
    Category.REPORT: "report",
    Category.MISSING: "missing",
    Category.RETURN: "return",
    Category.COMPLAINT: "report",
    Category.OTHER: "human",
}
_MOVED = re.compile(
    r"\b(sekarang|skrg|saiki|ayeuna|now)\b.{0,30}\b(di|nang|ing|neng|pindah|in|at|moved)\b",
    re.IGNORECASE,
)
_FIELD = {"who_missing": "who"}
_TRIES = 2
_SHORT_REFUSAL = 3  # words; "tidak digaji lima bulan" refuses nothing
_BARE_WORDS = 6  # "saya mau lapor pak tolong" tells nothing yet


def begin(kind: str, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Open or raise the ticket, keep what the first message tells, and ask what is missing."""
    with db.write(desk.vault.engine) as connection:
        opened = tickets.open_or_raise(
            connection,
            desk.vault.keyring,
            conversation=turn.conversation,
            category=CATEGORY[kind],
            urgency=Urgency.CRITICAL if kind == "emergency" else None,
            reasons=_reasons(kind, turn),
            message_id=turn.message_id,
            language=turn.language,
            now=desk.now(),
        )
        telling = _tells_something(turn) or (kind == "emergency" and not turn.picked)
        _keep(connection, opened.id, turn, desk, story=telling, whole_story=telling)
        ticket = tickets.open_ticket_of(connection, desk.vault.keyring, turn.conversation)
    assert ticket is not None
    state = State(kind, data={"ticket": opened.id, "code": opened.code})
    _settle_known(state, ticket)
    values = {"code": opened.code, "key": format_key(opened.key)}
    if kind == "emergency":
        values["steps"] = steps(ticket, turn, desk)
    # Code and key are told once: on a phone that others see, each time is one too many.
    again = "utter_emergency_more" if kind == "emergency" else "utter_already_open"
    talk.say(f"utter_{kind}_start" if opened.created else again, **values)
    return ask_next(state, turn, talk, desk)


def _reasons(kind: str, turn: Turn) -> tuple[str, ...]:
    if kind == "emergency":
        return turn.dangers or ("model_emergency",)
    return (f"asked_{kind}",)


def _tells_something(turn: Turn) -> bool:
    return not turn.picked and len(reading.words(turn.text)) >= _BARE_WORDS


def _keep(
    connection: sa.Connection,
    ticket_id: int,
    turn: Turn,
    desk: Desk,
    *,
    story: bool,
    whole_story: bool,
    only_new: bool = True,
) -> set[str]:
    """Write what a message tells; returns the fields that are new or changed."""
    found = harvest(turn, desk.knowledge, whole_story=whole_story)
    if story:
        found["story"] = turn.text
    ticket = tickets.open_ticket_of(connection, desk.vault.keyring, turn.conversation)
    # What this very message wrote before a crash does not count as known already.
    earlier = [f for f in ticket.facts if f.message_id != turn.message_id] if ticket else []
    known = {fact.field for fact in earlier}
    changed = set()
    for name, value in found.items():
        # Only a correction or a direct answer replaces what is known; a passing mention does not.
        if only_new and name in known and name != "story":
            continue
        if add(connection, ticket_id, name, value, turn, desk):
            changed.add(name)
    _note_conflict(connection, ticket_id, turn, desk)
    if "is_minor" in found:
        _note_child(connection, turn, desk)
    return changed


def add(
    connection: sa.Connection, ticket_id: int, name: str, value: str, turn: Turn, desk: Desk
) -> bool:
    """Write one fact that the caller said in this turn."""
    return tickets.add_fact(
        connection,
        desk.vault.keyring,
        ticket_id,
        name,
        value,
        said_by="caller",
        message_id=turn.message_id,
        now=desk.now(),
    )


def _settle_known(state: State, ticket: Ticket) -> None:
    known = ticket.known()
    for question in QUESTIONS[state.kind]:
        field = _FIELD.get(question, question)
        if field in known or (field == "where" and ("country" in known or "region" in known)):
            state.settle(question)


def ask_next(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Ask the first question that is not settled; say what happens next when none is left."""
    for question in QUESTIONS[state.kind]:
        if question not in state.settled:
            state.asked = question
            talk.say(f"utter_ask_{question}")
            return state
    talk.say("utter_report_done", code=state.data["code"])
    state.asked = "more"
    return state


def ask_again(state: State, turn: Turn, talk: Talk, desk: Desk) -> None:
    """Repeat the open question after something else was answered, if one is open."""
    if state.asked != "more":
        talk.say(f"utter_ask_{state.asked}")


def answer(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Take a message inside an intake: a correction, a refusal, an answer, or more of the story."""
    with db.write(desk.vault.engine) as connection:
        correcting = reading.corrects(turn.text) and not turn.picked
        changed = _keep(
            connection,
            state.data["ticket"],
            turn,
            desk,
            story=False,
            whole_story=len(reading.words(turn.text)) > _BARE_WORDS,
            only_new=not (correcting or state.asked == "where"),
        )
        took = _take(connection, state, turn, talk, desk, correcting and bool(changed))
        ticket = tickets.open_ticket_of(connection, desk.vault.keyring, turn.conversation)
    if ticket is None:  # a responder has closed it meanwhile: what was said is kept there
        talk.say("utter_report_done", code=state.data["code"])
        return None
    before = set(state.settled)
    if took:
        _settle_known(state, ticket)
    if state.kind == "emergency" and "country" in changed:
        talk.say("utter_emergency_more", steps=steps(ticket, turn, desk))
    elif correcting and changed:
        talk.say("utter_corrected")
    if not took and before == set(state.settled):
        return state  # the question was put again in other words
    return ask_next(state, turn, talk, desk)


def _take(
    connection: sa.Connection,
    state: State,
    turn: Turn,
    talk: Talk,
    desk: Desk,
    corrected: bool,
) -> bool:
    """Read the answer to the open question; False when the question was put again."""
    question = state.asked
    if corrected and not _answers(question, turn):
        return True  # the correction was the message; the question stays open
    if question == "consent":
        return _take_consent(connection, state, turn, talk, desk)
    refused = turn.intent == "deny" and len(reading.words(turn.text)) <= _SHORT_REFUSAL
    if turn.value == "unknown" or reading.skips(turn.text) or refused:
        state.settle(question)
        return True
    if question == "where" and turn.first("recruiter") and not _names_place(turn, desk):
        talk.say("utter_noted")
        talk.say("utter_ask_where")
        return False
    if not reading.has_letters(turn.text) and not any(c.isdigit() for c in turn.text):
        state.tries += 1
        if state.tries >= _TRIES:
            state.settle(question)
            return True
        talk.say("utter_unsure_empty")
        talk.say(f"utter_ask_{question}")
        return False
    if question == "safe_time" and not turn.picked and not reading.tells_time(turn.text):
        add(connection, state.data["ticket"], "addition", turn.text, turn, desk)
        state.tries += 1
        if state.tries >= _TRIES:
            state.settle(question)
            return True
        talk.say("utter_noted")
        talk.say("utter_ask_safe_time")
        return False
    field = _FIELD.get(question, question)
    add(connection, state.data["ticket"], field, _short(question, turn), turn, desk)
    state.settle(question)
    return True


def _names_place(turn: Turn, desk: Desk) -> bool:
    return bool(turn.first("region") or turn.first("country") or desk.knowledge.mentions(turn.text))


def _answers(question: str, turn: Turn) -> bool:
    if question == "where":
        return True
    return question == "recruiter" and turn.first("recruiter") is not None


def _short(question: str, turn: Turn) -> str:
    if question == "recruiter":
        return turn.first("recruiter") or turn.value
    return turn.value


def _take_consent(
    connection: sa.Connection, state: State, turn: Turn, talk: Talk, desk: Desk
) -> bool:
    """Take consent from explicit words only; anything else leaves it unknown."""
    word = {"yes": True, "no": False}.get(turn.value) if turn.picked else None
    said = word if word is not None else reading.yes_or_no(turn.text)
    if said is None and not reading.skips(turn.text):
        state.tries += 1
        if state.tries < _TRIES:
            talk.say("utter_ask_consent_words")
            return False
    if said is not None:
        add(connection, state.data["ticket"], "consent", "yes" if said else "no", turn, desk)
    state.settle("consent")
    return True


def steps(ticket: Ticket, turn: Turn, desk: Desk) -> str:
    """Write the urgent step for the place: local emergency number and mission, or 110."""
    known = ticket.known()
    code = known.get("country") or (HOME if "region" in known else None)
    if code is None:
        return desk.phrase(turn, "utter_phrase_steps_unknown")
    if code == HOME:
        return desk.phrase(turn, "utter_phrase_steps_home")
    country = desk.knowledge.country(code)
    assert country is not None
    said = " ".join(fact.value for fact in ticket.facts)
    contact = desk.mission(country, said)
    if contact is None:
        return desk.phrase(turn, "utter_phrase_steps_abroad_none", country=country.name)
    local = ""
    if country.emergency:
        number = country.emergency.number
        local = desk.phrase(turn, "utter_phrase_local_emergency", number=number)
    mission = desk.contact_line(turn, contact)
    return desk.phrase(
        turn, "utter_phrase_steps_abroad", country=country.name, local=local, mission=mission
    )


def more_danger(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Take another cry for help inside an emergency without starting all over."""
    with db.write(desk.vault.engine) as connection:
        tickets.open_or_raise(
            connection,
            desk.vault.keyring,
            conversation=turn.conversation,
            category=Category.EMERGENCY,
            reasons=_reasons("emergency", turn),
            message_id=turn.message_id,
            language=turn.language,
            now=desk.now(),
        )
        add(connection, state.data["ticket"], "story", turn.text, turn, desk)
        changed = _keep(connection, state.data["ticket"], turn, desk, story=False, whole_story=True)
        ticket = tickets.open_ticket_of(connection, desk.vault.keyring, turn.conversation)
    assert ticket is not None
    if changed or state.asked == "where":
        talk.say("utter_emergency_more", steps=steps(ticket, turn, desk))
    else:
        talk.say("utter_noted")
    _settle_known(state, ticket)
    return ask_next(state, turn, talk, desk)


def add_to_open(turn: Turn, talk: Talk, desk: Desk) -> bool:
    """Keep a message that nothing else understands on the ticket that is open, if one is."""
    with db.write(desk.vault.engine) as connection:
        ticket = tickets.open_ticket_of(connection, desk.vault.keyring, turn.conversation)
        if ticket is None:
            return False
        add(connection, ticket.id, "addition", turn.text, turn, desk)
        correcting = reading.corrects(turn.text) or bool(_MOVED.search(turn.text))
        changed = _keep(
            connection,
            ticket.id,
            turn,
            desk,
            story=False,
            whole_story=False,
            only_new=not correcting,
        )
        after = tickets.open_ticket_of(connection, desk.vault.keyring, turn.conversation)
    assert after is not None
    if after.category is Category.EMERGENCY and "country" in changed:
        talk.say("utter_emergency_more", steps=steps(after, turn, desk))
    elif correcting and changed:
        talk.say("utter_corrected")
    else:
        talk.say("utter_added", code=ticket.code)
    return True


def overhear(state: State, turn: Turn, desk: Desk) -> None:
    """Keep what matters for safety and stands in a question: "pak kades yang rekrut, dia tahu?".

    Places and names stay away: "brp biaya ke taiwan" does not say where somebody is.
    """
    found = harvest(turn, desk.knowledge, whole_story=False)
    with db.write(desk.vault.engine) as connection:
        for name in ("is_minor", "contact_rule"):
            if name in found:
                add(connection, state.data["ticket"], name, found[name], turn, desk)
        _note_conflict(connection, state.data["ticket"], turn, desk)


def _note_child(connection: sa.Connection, turn: Turn, desk: Desk) -> None:
    """A child is never an ordinary report."""
    tickets.open_or_raise(
        connection,
        desk.vault.keyring,
        conversation=turn.conversation,
        category=Category.OTHER,
        urgency=Urgency.CRITICAL,
        reasons=("minor",),
        message_id=turn.message_id,
        language=turn.language,
        now=desk.now(),
    )


def _note_conflict(connection: sa.Connection, ticket_id: int, turn: Turn, desk: Desk) -> None:
    if involves_influential(turn.text):
        tickets.flag_conflict(connection, ticket_id, message_id=turn.message_id, now=desk.now())


def add_wish(state: State, kind: str, turn: Turn, talk: Talk, desk: Desk) -> None:
    """Note on the running ticket that something else is wanted too, such as a person."""
    with db.write(desk.vault.engine) as connection:
        tickets.open_or_raise(
            connection,
            desk.vault.keyring,
            conversation=turn.conversation,
            category=Category.OTHER,
            reasons=(f"asked_{kind}",),
            message_id=turn.message_id,
            language=turn.language,
            now=desk.now(),
        )
    talk.say("utter_already_open", code=state.data["code"])


def cancel(state: State, turn: Turn, talk: Talk, desk: Desk) -> None:
    """Stop asking; what was said stays for the responder."""
    with db.write(desk.vault.engine) as connection:
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
