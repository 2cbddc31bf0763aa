"""The internal interface: programs of the task force show, claim, answer and give back.

It is closed until SUAR_INTERNAL_TOKEN is set, and then open to who shows that token.
"""

from __future__ import annotations

import hmac
from dataclasses import asdict

import sqlalchemy as sa
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from hotline.errors import Refused
from hotline.settings import Settings
from replies.takeover import Counter
from store import db
from store.overview import Standing
from store.texts import load_texts
from store.vault import Vault


class By(BaseModel):
    """Who acts."""

    model_config = ConfigDict(extra="forbid")
    by: str = Field(min_length=1, max_length=24)


class Written(By):
    """A reply of a responder."""

    text: str = Field(min_length=1, max_length=4000)


def add_internal(app: FastAPI, vault: Vault, settings: Settings) -> None:
    """Open /internal, if there is a token for it."""
    token = settings.channels.internal_token
    if not token:
        return
    counter = Counter(
        vault=vault,
        texts=load_texts(),
        claim_seconds=settings.channels.claim_seconds,
        sms_segments=settings.channels.sms_segments,
        quiet=settings.channels.sms_quiet,
    )

    def check(request: Request) -> None:
        shown = request.headers.get("authorization", "")
        if not hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})

    app.include_router(_routes(counter), prefix="/internal", dependencies=[Depends(check)])

    @app.exception_handler(Refused)
    def refused(_request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"error": str(error)}, 409)

    @app.exception_handler(sa.exc.DataError)
    def unstorable(_request: Request, _error: Exception) -> JSONResponse:
        # PostgreSQL takes no text with a zero byte in it.
        return JSONResponse({"error": "this cannot be looked for or stored"}, 422)

    for away in db.AWAY:

        @app.exception_handler(away)
        def unavailable(_request: Request, _error: Exception) -> JSONResponse:
            return JSONResponse({"error": "the database is away"}, 503)


def _routes(counter: Counter) -> APIRouter:
    router = APIRouter()

    @router.get("/conversations")
    def listing(everything: bool = False) -> dict[str, object]:
        found = counter.listing(everything=everything)
        return {"conversations": [plain_standing(one) for one in found]}

    @router.get("/conversations/{wanted}")
    def show(wanted: str, by: str) -> dict[str, object]:
        return {"conversations": [plain(one) for one in counter.show(wanted, by=by)]}

    @router.post("/conversations/{wanted}/claim")
    def claim(wanted: str, body: By) -> dict[str, object]:
        return {"claimed_until": counter.claim(wanted, by=body.by)}

    @router.post("/conversations/{wanted}/reply")
    def reply(wanted: str, body: Written) -> dict[str, object]:
        return {"messages": counter.reply(wanted, body.text, by=body.by)}

    @router.post("/conversations/{wanted}/give-back")
    def give_back(wanted: str, body: By) -> dict[str, object]:
        counter.give_back(wanted, by=body.by)
        return {"given_back": True}

    @router.post("/conversations/{wanted}/release")
    def release(wanted: str, body: By) -> dict[str, object]:
        return {"messages": counter.release(wanted, by=body.by)}

    return router


def plain_standing(one: Standing) -> dict[str, object]:
    """Give one line of the list as plain JSON values."""
    return asdict(one)


def plain(whole: dict[str, object]) -> dict[str, object]:
    """Give all of a conversation as plain JSON values."""
    standing, lines = whole["standing"], whole["lines"]
    assert isinstance(standing, Standing)
    assert isinstance(lines, list)
    return {**whole, "standing": asdict(standing), "lines": [asdict(line) for line in lines]}
