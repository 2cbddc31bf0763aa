"""Open pages hear what has changed in their scope, and nothing else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from console.events import _stream
from console.live import Live
from hotline.messages import OutboxState, Reply
from hotline.staff import Role
from hotline.tickets import Category, State, Urgency
from store import db, news, outbox, ticket_changes, ticket_mentions, ticket_work, tickets
from store import staff as accounts
from store.staff import Session
from store.tables import outbox as outbox_table
from tests.console.conftest import Office, Person, Report
from tests.fakes import BUDI, message, receive


@pytest.fixture
def seen(office: Office) -> news.Seen:
    """Look once: from here on changes are told."""
    found = news.Seen()
    with db.read(office.vault.engine) as connection:
        assert found.changed(connection) == set()
    return found


def changed(office: Office, seen: news.Seen) -> set[int]:
    with db.read(office.vault.engine) as connection:
        return seen.changed(connection)


def test_whatever_happens_to_a_ticket_is_noticed(office: Office, seen: news.Seen) -> None:
    """A message, an answer, its delivery, a move; each once, and the fingerprint moves too."""
    engine, clock = office.vault.engine, office.clock

    def mark() -> tuple[object, ...]:
        with db.read(engine) as connection:
            return news.fingerprint(connection)

    before = mark()
    siti, budi = office.report(), office.report(address=BUDI)
    assert changed(office, seen) == {siti.id, budi.id}
    assert changed(office, seen) == set()
    marks = [before, mark()]
    receive(office.vault, message("lagi", provider_id="x", at=clock()), transport="twilio")
    assert changed(office, seen) == {siti.id}
    marks.append(mark())
    with db.write(engine) as connection:
        [row] = outbox.add(
            connection, office.vault.keyring, siti.conversation, [Reply("halo")], inbox_id=None,
            author="ani", now=clock(),
        )  # fmt: skip
    assert changed(office, seen) == {siti.id}
    marks.append(mark())
    for state in (OutboxState.SENDING, OutboxState.SENT, OutboxState.DELIVERED, OutboxState.READ):
        with db.write(engine) as connection:
            connection.execute(
                sa.update(outbox_table)
                .where(outbox_table.c.id == row)
                .values(state=state.value, status_at=clock.advance(1))
            )
        assert changed(office, seen) == {siti.id}, state
        marks.append(mark())
    with db.write(engine) as connection:
        ticket_changes.move(connection, budi.id, State.TRIAGED, actor="ani", now=clock())
    assert changed(office, seen) == {budi.id}
    marks.append(mark())
    assert len(set(marks)) == len(marks)
    assert mark() == mark()


def test_what_is_told_carries_who_may_hear_it(office: Office) -> None:
    """Place, danger, and who was called; nothing personal."""
    budi = office.hire("budi", Role.RESPONDER, log_in=False)
    siti = office.report(urgency=Urgency.CRITICAL, region="5371")
    with db.write(office.vault.engine) as connection:
        ticket_mentions.mention(connection, siti.id, "@budi", actor="ani", now=1.0)
        [told] = news.tell(connection, [siti.id])
        found = accounts.account(connection, office.vault.keyring, budi.login)
    assert found
    assert (told.code, told.critical, told.called) == (siti.code, True, {found.staff.id})
    assert told.place.regions == {"5371"}


def _session(office: Office, person: Person) -> tuple[Session, str]:
    token = str(person.browser.cookies.get(office.app.state.desk.cookie))
    with db.read(office.vault.engine) as connection:
        found = accounts.session(connection, token, now=office.clock())
    assert found
    return found, token


async def _next(stream: AsyncIterator[str]) -> tuple[str, dict[str, list[str]]]:
    """Wait for the next event; a mere sign of life only says that the machine is slow."""
    while True:
        said = await asyncio.wait_for(anext(stream), 60)
        if said.startswith("event:") and not said.startswith("event: beat"):
            name, data = said.strip().split("\n")
            return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_each_stream_tells_its_own_scope_only(office: Office) -> None:
    """One look at the database serves them all; another region hears nothing."""
    ani = office.hire("ani", Role.RESPONDER)
    jauh = office.hire("jauh", Role.RESPONDER, region="35")
    sessions = [_session(office, person) for person in (ani, jauh)]

    async def run() -> list[tuple[str, dict[str, list[str]]]]:
        live = Live(office.vault, seconds=0.05)
        streams = [
            _stream(office.app.state.desk, live, session, token, office.clock())
            for session, token in sessions
        ]
        for stream in streams:
            nothing: dict[str, list[str]] = {"codes": [], "critical": [], "rings": [], "called": []}
            assert await _next(stream) == ("news", nothing)
        first = await asyncio.to_thread(office.report, urgency=Urgency.CRITICAL, region="5371")
        heard = [await _next(streams[0])]
        near = await asyncio.to_thread(office.report, address=BUDI, region="3578")
        heard.append(await _next(streams[1]))
        for stream in streams:
            await stream.aclose()  # type: ignore[attr-defined]
        assert heard[0][1]["critical"] == [first.code]
        assert heard[1][1]["codes"] == [near.code]
        return heard

    asyncio.run(run())


def test_what_was_critical_before_the_stream_began_rings_all_the_same(office: Office) -> None:
    """A ticket opened while the page was loading, or while the line was down, is not silent."""
    ani = office.hire("ani", Role.RESPONDER)
    jauh = office.hire("jauh", Role.RESPONDER, region="35")
    sessions = [_session(office, person) for person in (ani, jauh)]
    office.report(urgency=Urgency.CRITICAL, region="5371")  # on the page already
    made_at = office.clock.advance(60)
    missed = office.report(address=BUDI, urgency=Urgency.CRITICAL, region="5371")
    office.report(address="+60123000009", region="5371")  # not critical

    async def run() -> list[dict[str, list[str]]]:
        live = Live(office.vault, seconds=0.05)
        heard = []
        for session, token in sessions:
            stream = _stream(office.app.state.desk, live, session, token, made_at)
            heard.append((await _next(stream))[1])
            await stream.aclose()  # type: ignore[attr-defined]
        return heard

    here, elsewhere = asyncio.run(run())
    assert here["critical"] == [missed.code]
    assert elsewhere["critical"] == []


def _cry(office: Office, report: Report) -> None:
    with db.write(office.vault.engine) as connection:
        tickets.open_or_raise(
            connection, office.vault.keyring, conversation=report.conversation,
            category=Category.EMERGENCY, reasons=("locked_in",), message_id=None, language="id",
            now=office.clock(),
        )  # fmt: skip


def _answer(office: Office, report: Report) -> None:
    with db.write(office.vault.engine) as connection:
        ticket_work.answered(connection, report.id, actor="ani", now=office.clock.advance(60))


def test_new_danger_rings_at_its_holder_and_those_on_duty(office: Office) -> None:
    """Nobody is on duty, so it rings with who has it; answered, it rings no more."""
    people = [office.hire(name, Role.RESPONDER) for name in ("ani", "budi")]
    sessions = [_session(office, person) for person in people]
    siti = office.report()
    with db.write(office.vault.engine) as connection:
        ticket_work.take(connection, siti.id, sessions[0][0].staff, now=office.clock())
        ticket_work.answered(connection, siti.id, actor="ani", now=office.clock())

    async def run() -> list[dict[str, list[str]]]:
        live, heard = Live(office.vault, seconds=0.05), []
        desk, now = office.app.state.desk, office.clock()
        streams = [_stream(desk, live, session, token, now) for session, token in sessions]
        for stream in streams:
            assert (await _next(stream))[1]["critical"] == []
        await asyncio.to_thread(_cry, office, siti)
        heard += [(await _next(stream))[1] for stream in streams]
        await asyncio.to_thread(_answer, office, siti)
        await asyncio.to_thread(_cry, office, siti)
        heard.append((await _next(streams[0]))[1])
        for stream in streams:
            await stream.aclose()  # type: ignore[attr-defined]
        return heard

    first, elsewhere, again = asyncio.run(run())
    assert [one["critical"] for one in (first, elsewhere, again)] == [[siti.code], [], [siti.code]]
    assert first["rings"] != again["rings"], "a page that rang for the first rings once more"
    with db.write(office.vault.engine) as connection:
        assert [one.id for one in news.alarming(connection, 0.0)] == [siti.id]
        ticket_work.answered(connection, siti.id, actor="ani", now=office.clock())
        assert news.alarming(connection, 0.0) == []


def test_a_stream_ends_with_its_session(office: Office) -> None:
    """Who logged out, or was shut out, hears nothing more."""
    ani = office.hire("ani", Role.RESPONDER)
    session, token = _session(office, ani)

    async def run() -> None:
        live = Live(office.vault, seconds=0.05)
        stream = _stream(office.app.state.desk, live, session, token, office.clock(), 0.2)
        await _next(stream)
        with db.write(office.vault.engine) as connection:
            accounts.set_active(connection, "ani", active=False, now=office.clock())
        await asyncio.to_thread(office.report)
        assert await _next(stream) == ("ended", {})
        with pytest.raises(StopAsyncIteration):
            await anext(stream)

    asyncio.run(run())


def test_nobody_looks_when_nobody_listens(office: Office) -> None:
    """An empty desk costs nothing."""
    ani = office.hire("ani", Role.RESPONDER)
    session, _ = _session(office, ani)

    async def run() -> None:
        live = Live(office.vault, seconds=0.02)
        async with live.listen(session.staff):
            await asyncio.wait_for(live.ready.wait(), 60)
        assert live._task is not None
        done, _ = await asyncio.wait({live._task}, timeout=60)
        assert done, "it looks on"

    asyncio.run(run())
