"""Talking with the caller from a ticket: claim, reply, give back, release, send again, drafts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, HTTPException, Response
from fastapi.responses import RedirectResponse

from console.changing import change, still_seen
from console.desk import AtDesk, Desk, SignedIn, needs
from console.inbox import the_ticket
from console.ticket_page import LONGEST, page, way
from hotline.errors import Refused
from hotline.messages import Channel, OutboxState, Reply
from hotline.staff import May
from replies import parts, render
from store import db, overview, reply_ways, ticket_answers, ticket_drafts, ticket_told, tickets
from store.staff import Session
from store.tables import conversations

router = APIRouter(dependencies=[Depends(needs(May.REPLY))])
_To = Annotated[str, Form(max_length=32)]
_Mark = Annotated[str, Form(max_length=32)]
# Longer than any reply, so that a text too long comes back with a reason, not as an error page.
_Text = Annotated[str, Form(max_length=20_000)]
# "/waktu" calls up a canned answer; sent by mistake it would only puzzle her.
_SHORTCUT = re.compile(r"/\S*")


def _belongs(connection: sa.Connection, id_: int, conversation: str) -> None:
    """Refuse a conversation that is none of this ticket's."""
    if conversation not in {each for each, _ in tickets.conversations_of(connection, id_)}:
        raise HTTPException(404)


def _act(
    desk: Desk, session: Session, code: str, to: str, what: Callable[[], object], action: str
) -> Response:
    """Do something in a conversation of a ticket; a refusal is shown on the page."""
    id_ = the_ticket(desk, session, code)
    with db.read(desk.vault.engine) as connection:
        _belongs(connection, id_, to)
    try:
        what()
    except Refused as error:
        return page(desk, session, id_, code, 409, problem=str(error))
    with db.write(desk.vault.engine) as connection:
        desk.log(connection, session, action, code)
    return RedirectResponse(f"/tickets/{code}#reply", 303)


@router.post("/tickets/{code}/reply-way")
def reply_way(desk: AtDesk, session: SignedIn, code: str, to: _To) -> Response:
    """Let replies go to this conversation: a responder is sure that it is the caller's."""

    def work(connection: sa.Connection, id_: int) -> None:
        _belongs(connection, id_, to)
        reply_ways.choose(connection, id_, to, actor=session.staff.login, now=desk.now())

    def refused(problem: str) -> Response:
        return page(desk, session, the_ticket(desk, session, code), code, 409, problem=problem)

    return change(
        desk, session, code, "reply_way_chosen", work, refused=refused, part="#reply",
        conversation=to,
    )  # fmt: skip


@router.post("/tickets/{code}/claim")
def claim(desk: AtDesk, session: SignedIn, code: str, to: _To) -> Response:
    """Take a conversation from the bot, or prolong one's hold on it."""
    name = session.staff.login
    return _act(
        desk, session, code, to, lambda: desk.counter.claim(to, by=name), "conversation_taken"
    )


@router.post("/tickets/{code}/give-back")
def give_back(desk: AtDesk, session: SignedIn, code: str, to: _To) -> Response:
    """Let the bot answer again; another's conversation is given back only by who leads."""
    name = session.staff.login

    def work() -> None:
        holder = desk.counter.holder(to)
        if holder not in {None, name} and not session.staff.may(May.ASSIGN):
            raise Refused(f"{holder} holds this conversation")
        desk.counter.give_back(to, by=name)

    return _act(desk, session, code, to, work, "conversation_returned")


@router.post("/tickets/{code}/release")
def release(desk: AtDesk, session: SignedIn, code: str, to: _To) -> Response:
    """Send what her hours or wishes hold all the same."""
    name = session.staff.login
    return _act(
        desk, session, code, to, lambda: desk.counter.release(to, by=name), "messages_released"
    )


@router.post("/tickets/{code}/reply")
def reply(
    desk: AtDesk, session: SignedIn, code: str, to: _To = "", text: _Text = "", mark: _Mark = ""
) -> Response:
    """Write to the caller; what cannot be written stays in the box with the reason."""
    id_ = the_ticket(desk, session, code)
    if not to:
        _keep(desk, session, id_, text)
        return page(desk, session, id_, code, 409, problem="reply_way", typed=text)
    with db.read(desk.vault.engine) as connection:
        _belongs(connection, id_, to)
        blocked = way(desk, connection, session, to).blocked
    if not desk.once.use(mark):
        return RedirectResponse(f"/tickets/{code}#reply", 303)  # a second click on the same form
    if _SHORTCUT.fullmatch(text.strip()):
        blocked = "shortcut"
    if blocked and blocked != "claimed":  # who holds it is told by the counter
        desk.once.free(mark)
        _keep(desk, session, id_, text)
        return page(desk, session, id_, code, 409, problem=blocked, typed=text)

    def also(connection: sa.Connection, ids: list[int]) -> None:
        still_seen(connection, session, code)
        _note_answer(desk, connection, session, id_, code, to, ids)

    try:
        desk.counter.reply(to, text, by=session.staff.login, who=session.staff, also=also)
    except Refused as error:
        desk.once.free(mark)
        _keep(desk, session, id_, text)
        return page(desk, session, id_, code, 409, problem=str(error), typed=text)
    except BaseException:
        desk.once.free(mark)
        raise
    return RedirectResponse(f"/tickets/{code}#reply", 303)


def _note_answer(
    desk: Desk,
    connection: sa.Connection,
    session: Session,
    id_: int,
    code: str,
    to: str,
    ids: list[int],
) -> None:
    name, now = session.staff.login, desk.now()
    ticket_answers.written(
        connection, desk.vault.keyring, id_, to, ids, actor=name,
        quiet=desk.settings.channels.sms_quiet, now=now,
    )  # fmt: skip
    ticket_drafts.keep(connection, desk.vault.keyring, id_, session.staff.id, "", now=now)
    desk.log(connection, session, "caller_answered", code, messages=ids)


@router.post("/tickets/{code}/messages/{message}/again")
def again(desk: AtDesk, session: SignedIn, code: str, message: int, mark: _Mark = "") -> Response:
    """Send the words of a failed message as a new one; the failed one stays as it is."""
    id_ = the_ticket(desk, session, code)
    failed = _failed(desk, session, id_, message)
    if failed is None:
        raise HTTPException(404)
    to, text = failed
    return reply(desk, session, code, to, text, mark)


def _failed(desk: Desk, session: Session, id_: int, message: int) -> tuple[str, str] | None:
    with db.read(desk.vault.engine) as connection:
        for each, told in ticket_told.of_ticket(connection, session.staff, id_).items():
            for line in overview.lines(connection, desk.vault.keyring, each):
                ours = line.id == message and not line.inbound and told.shows(line.at)
                if ours and line.state == OutboxState.FAILED:
                    return each, line.text
    return None


@router.post("/tickets/{code}/draft")
def draft(desk: AtDesk, session: SignedIn, code: str, to: _To = "", text: _Text = "") -> Response:
    """Keep what is being written, and say how much of a message it is."""
    id_ = the_ticket(desk, session, code)
    _keep(desk, session, id_, text)
    sms = bool(to) and _channel(desk, id_, to) == Channel.SMS  # nobody may have chosen one yet
    return desk.show(
        "ticket_measure.html",
        session,
        parts=render.segments(render.to_gsm7(text)) if sms and text.strip() else 0,
        most=parts.at_once(desk.settings.channels.sms_segments),
        waits=sms and _leaves_rest(desk, text),
        letters=len(text),
        longest=LONGEST,
        sms=sms,
    )


def _leaves_rest(desk: Desk, text: str) -> bool:
    """Say whether a text is so long by SMS that its end goes out only when it is asked for."""
    more = desk.counter.texts.get("utter_phrase_more", "id", Channel.SMS)
    sent = parts.fit([Reply(text)], Channel.SMS, desk.settings.channels.sms_segments, more)
    return any(parts.is_rest(choice) for choice in sent[-1].choices)


def _channel(desk: Desk, id_: int, conversation: str) -> str:
    with db.read(desk.vault.engine) as connection:
        _belongs(connection, id_, conversation)
        query = sa.select(conversations.c.channel).where(conversations.c.id == conversation)
        return str(connection.execute(query).scalar_one())


def _keep(desk: Desk, session: Session, id_: int, text: str) -> None:
    with db.write(desk.vault.engine) as connection:
        ticket_drafts.keep(
            connection, desk.vault.keyring, id_, session.staff.id, text, now=desk.now()
        )
