"""The stream that keeps open pages fresh: which tickets of one's scope have changed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from console.desk import AtDesk, Desk, SignedIn, needs
from console.live import Live
from hotline.staff import May
from store import db, news, roster
from store import staff as accounts
from store.news import News

router = APIRouter(dependencies=[Depends(needs(May.READ))])
_BREATH = 15.0  # seconds between signs of life, and looks whether the session still lives
# A page is stamped after its queries, and a ticket's time is older than its commit: what is a
# little older than the page may have been missed by it. The page announces nothing twice.
_MARGIN = 30.0


@router.get("/events")
async def events(
    request: Request, desk: AtDesk, session: SignedIn, since: float
) -> StreamingResponse:
    """Stream the codes of changed tickets until the session ends or the page is left.

    `since` is when the page was made, in seconds since 1970; a browser that opens a broken stream
    again says the same, and so hears of what was critical meanwhile.
    """
    live: Live = request.app.state.live
    token = request.cookies.get(desk.cookie, "")
    return StreamingResponse(
        _stream(desk, live, session, token, since),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(
    desk: Desk,
    live: Live,
    session: SignedIn,
    token: str,
    since: float,
    breath: float = _BREATH,
) -> AsyncIterator[str]:
    announced: set[tuple[int, float]] = set()
    async with live.listen(session.staff) as listener:
        await live.ready.wait()
        # The page is older than the stream: with this hint it looks once more, and rings for
        # what nobody heard. No codes: then it looks at everything.
        missed = await run_in_threadpool(_missed, desk, live, session, since)
        yield _event("news", {**_told(missed, announced, session.staff.id), "codes": []})
        while True:
            try:
                found = await asyncio.wait_for(listener.waiting.get(), breath)
            except TimeoutError:
                if not await run_in_threadpool(_alive, desk, token):
                    yield _event("ended", {})
                    return
                yield "event: beat\ndata: {}\n\n"
                continue
            if not await run_in_threadpool(_alive, desk, token):
                yield _event("ended", {})
                return
            yield _event("news", _told(found, announced, session.staff.id))


def _missed(desk: Desk, live: Live, session: SignedIn, since: float) -> list[News]:
    with db.read(desk.vault.engine) as connection:
        found = news.alarming(connection, since - _MARGIN)
        shifts = roster.running(connection, now=desk.now())
    return live.meant_for(session.staff, found, shifts)


def _told(found: list[News], announced: set[tuple[int, float]], staff_id: int) -> dict[str, object]:
    # Also an older one that was raised, or in which she writes again while nobody has it.
    alarming = [one for one in found if one.critical and (one.id, one.alarm) not in announced]
    announced.update((one.id, one.alarm) for one in alarming)
    return {
        "codes": [one.code for one in found],
        "critical": [one.code for one in alarming],
        "rings": [f"{one.code} {one.alarm:.0f}" for one in alarming],
        "called": [one.code for one in found if staff_id in one.called],
    }


def _alive(desk: Desk, token: str) -> bool:
    with db.read(desk.vault.engine) as connection:
        return accounts.session(connection, token, now=desk.now()) is not None


def _event(name: str, what: dict[str, object]) -> str:
    return f"event: {name}\ndata: {json.dumps(what)}\n\n"
