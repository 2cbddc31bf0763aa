"""The alarm of somebody on duty whose session has ended: it rings, and says nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from console.desk import AtDesk, Desk
from store import db, watching

public = APIRouter()  # what it shows is for everybody; what it hears needs an ended session on duty
_BREATH = 15.0  # seconds between two rings, and between two looks whether it may go on


@public.get("/watch")
async def page(request: Request, desk: AtDesk) -> Response:
    """Show that the session has ended, with nothing of what was on the page."""
    language = await run_in_threadpool(_look, desk, request.cookies.get(desk.cookie, ""))
    if language is None:
        return RedirectResponse("/login", 303)
    return desk.show("watch.html", None, language=language[0])


@public.get("/watch/events")
async def events(request: Request, desk: AtDesk) -> Response:
    """Stream the alarm; 401 for who is not on duty, so that the browser does not ask again."""
    token = request.cookies.get(desk.cookie, "")
    if await run_in_threadpool(_look, desk, token) is None:
        return Response(status_code=401)
    return StreamingResponse(
        stream(desk, token),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def stream(desk: Desk, token: str, breath: float = _BREATH) -> AsyncIterator[str]:
    """Ring again and again while a critical ticket waits; say when it is over."""
    while True:
        found = await run_in_threadpool(_look, desk, token)
        if found is None:
            yield "event: over\ndata: {}\n\n"
            return
        yield "event: ring\ndata: {}\n\n" if found[1] else "event: beat\ndata: {}\n\n"
        await asyncio.sleep(breath)


def _look(desk: Desk, token: str) -> tuple[str, bool] | None:
    """Give the language of who may hear the alarm, and whether it rings."""
    with db.read(desk.vault.engine) as connection:
        found = watching.watching(connection, token, now=desk.now()) if token else None
        if found is None:
            return None
        person, since = found
        return person.language, watching.rings(connection, person, since)
