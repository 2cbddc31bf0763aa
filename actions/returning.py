"""Coming back to a ticket: its status, additions, a wish to withdraw; by code and key elsewhere."""

from __future__ import annotations

import sqlalchemy as sa

from actions import my_data
from actions.belonging import writing
from actions.desk import Desk
from actions.keeping import add
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading
from hotline.codes import find_code, find_key, mistyped_code, near_codes
from hotline.conflict import involves_influential
from hotline.errors import Refused
from hotline.tickets import State as TicketState
from hotline.tickets import Ticket
from store import db, spoken_for, tickets
from store.conversations import add_event

_TELLING_WORDS = 6
_BY_KIN = "recruited_by"
_WATCHED = "may_be_watched"  # she has used the word for recipes
_TOLD = (
    "story",
    "where",
    "who",
    "recruiter",
    "last_contact",
    "reason",
    "consent",
    "safe_time",
)


def begin(kind: str, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Find the ticket: by the code in the message, or the one this conversation is about."""
    state = State(kind, data={"first": turn.text if not turn.picked else ""})
    return _look(state, turn, talk, desk)


def _look(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    with db.write(desk.vault.engine) as connection:
        own = tickets.open_ticket_of(connection, desk.vault.keyring, turn.conversation)
    misread = _misread(turn.text, own)
    if mistyped_code(turn.text) and misread is None:
        talk.say("utter_code_wrong")
        state.asked = "code"
        return state
    code = find_code(turn.text) or misread or state.data.get("code")
    if code is None or (own is not None and own.code == code):
        if own is not None and _needs_key(state, own):
            return _ask_own_key(state, own, turn, talk, desk)
        if own is not None:
            return _use(state, own, turn, talk, desk)
        if state.kind == "withdraw" and my_data.wants_deletion(turn):
            return my_data.begin(turn, talk, desk)
        talk.say("utter_ticket_none" if state.asked == "" else "utter_ask_code")
        state.asked = "code"
        return state
    state.data["code"] = code
    key = find_key(turn.text)
    if key is None:
        state.asked = "key"
        talk.say("utter_ask_key", code=code)
        return state
    return _open_with_key(state, code, key, turn, talk, desk)


def _misread(text: str, own: Ticket | None) -> str | None:
    """Give the code meant where a 5 was read as S, or an 8 as B: her own, or the only one."""
    near = near_codes(text)
    if own is not None and own.code in near:
        return own.code
    return near[0] if len(near) == 1 else None


def _needs_key(state: State, own: Ticket) -> bool:
    """Say whether even her own conversation must show the key: somebody may hold her phone.

    Adding stays open without it, since it tells nothing and must not be lost.
    """
    return _WATCHED in own.reasons and state.kind in {"status", "withdraw"}


def _ask_own_key(state: State, own: Ticket, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Ask for the key without naming the code, and open only with it."""
    key = find_key(turn.text)
    if key is None:
        state.asked = "key"
        talk.say("utter_ask_own_key")
        return state
    return _open_with_key(state, own.code, key, turn, talk, desk)


def _open_with_key(
    state: State, code: str, key: str, turn: Turn, talk: Talk, desk: Desk
) -> State | None:
    try:
        with db.write(desk.vault.engine) as connection:
            ticket = tickets.find_with_key(
                connection,
                desk.vault.keyring,
                conversation=turn.conversation,
                code=code,
                key=key,
                message_id=turn.message_id,
                now=desk.now(),
            )
            if ticket is not None and not _joined(connection, ticket.id, turn):
                tickets.join(connection, ticket.id, turn.conversation, now=desk.now())
                tickets.add_event(
                    connection, ticket.id, "conversation_joined", "caller", {},
                    message_id=turn.message_id, now=desk.now(),
                )  # fmt: skip
            # A responder who reads the conversation sees who tried to open what.
            kind = "wrong_key" if ticket is None else "opened_ticket"
            add_event(connection, turn.conversation, kind, "caller", {"code": code}, desk.now())
    except Refused:
        with db.write(desk.vault.engine) as connection:
            told = {"code": code}
            add_event(connection, turn.conversation, "too_many_keys", "caller", told, desk.now())
        talk.say("utter_code_too_often")
        return None
    if ticket is None:
        talk.say("utter_code_wrong")
        state.data.pop("code", None)
        state.asked = "code"
        return state
    return _use(state, ticket, turn, talk, desk)


def _joined(connection: sa.Connection, ticket_id: int, turn: Turn) -> bool:
    joined = tickets.conversations_of(connection, ticket_id)
    return turn.conversation in {conversation for conversation, _ in joined}


def _use(state: State, ticket: Ticket, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    with db.read(desk.vault.engine) as connection:
        # What is told on a merged ticket is read where somebody works on it.
        worked_on = spoken_for.worked_on(connection, ticket)
    state.data |= {"ticket": worked_on, "code": ticket.code}
    if state.kind == "status":
        _tell_status(ticket, turn, talk, desk)
        return None
    if state.kind == "withdraw":
        talk.say("utter_withdraw_confirm", code=ticket.code)
        state.asked = "withdraw"
        return state
    first = state.data.get("first", "")
    if len(reading.words(first)) >= _TELLING_WORDS and find_code(first) is None:
        return _add(state, first, turn, talk, desk)
    talk.say("utter_ask_addition", code=ticket.code)
    state.asked = "addition"
    return state


def _tell_status(ticket: Ticket, turn: Turn, talk: Talk, desk: Desk) -> None:
    known = ticket.known()
    if _BY_KIN in known:
        known.setdefault("recruiter", known[_BY_KIN])
    fields = [name for name in _TOLD if name in known]
    told = ", ".join(desk.phrase(turn, f"utter_field_{name}") for name in fields) or "-"
    state = desk.phrase(turn, f"utter_state_{_standing(ticket, desk).value}")
    talk.say("utter_status", code=ticket.code, state=state, known=told)


def _standing(ticket: Ticket, desk: Desk) -> TicketState:
    """Give the state as it is told; of the ticket that speaks for hers only whether it is over."""
    if ticket.state is not TicketState.MERGED:
        return ticket.state
    with db.read(desk.vault.engine) as connection:
        over = spoken_for.is_over(connection, ticket)
    return TicketState.CLOSED if over else TicketState.MERGED


def _add(state: State, text: str, turn: Turn, talk: Talk, desk: Desk) -> None:
    ticket_id = state.data["ticket"]
    with writing(ticket_id, turn, desk) as connection:
        add(connection, ticket_id, "addition", text, turn, desk)
        if involves_influential(text):
            tickets.flag_conflict(connection, ticket_id, message_id=turn.message_id, now=desk.now())
    talk.say("utter_added", code=state.data["code"])


def answer(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Take a code, a key, an addition, or yes or no to a withdrawal."""
    if state.asked in {"code", "key"}:
        if turn.intent == "deny" or reading.skips(turn.text):
            talk.say("utter_cancelled")
            return None
        return _look(state, turn, talk, desk)
    if state.asked == "addition":
        return _add(state, turn.text, turn, talk, desk)
    return _withdraw(state, turn, talk, desk)


def _withdraw(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Record a withdrawal and let a responder make sure: the bot never obeys it by itself."""
    said = {"yes": True, "no": False}.get(turn.value, reading.yes_or_no(turn.text, turn.language))
    if said is None and state.tries == 0:
        state.tries += 1
        talk.say("utter_withdraw_confirm", code=state.data["code"])
        return state
    if not said:
        talk.say("utter_withdraw_kept", code=state.data["code"])
        return None
    ticket_id = state.data["ticket"]
    with writing(ticket_id, turn, desk) as connection:
        said_so = state.data.get("first") or turn.text
        add(connection, ticket_id, "withdrawal", said_so, turn, desk)
        tickets.flag_withdrawal(
            connection, ticket_id, conversation=turn.conversation, language=turn.language,
            message_id=turn.message_id, now=desk.now(),
        )  # fmt: skip
    talk.say("utter_withdraw_recorded", code=state.data["code"])
    return None


def ask_again(state: State, turn: Turn, talk: Talk, desk: Desk) -> None:
    """Repeat the open question after something else was answered."""
    names = {
        "code": "utter_ask_code",
        "key": "utter_ask_key" if "code" in state.data else "utter_ask_own_key",
        "addition": "utter_ask_addition",
        "withdraw": "utter_withdraw_confirm",
    }
    talk.say(names[state.asked], code=state.data.get("code", ""))
