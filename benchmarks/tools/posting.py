"""Requests as Telegram and Twilio make them, and lines that post them."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
from twilio.request_validator import RequestValidator

from benchmarks.sending import SECRET, update
from benchmarks.tools.lean_client import Line
from tests.channels.twilio.provider import ACCOUNT
from tests.channels.twilio.provider import TOKEN as TWILIO_TOKEN

PUBLIC = "http://127.0.0.1"  # where Twilio believes us to be: what it signs
SENDER = "+6280000000001"
CALLERS = 100
TWILIO = {
    "SUAR_TWILIO_ACCOUNT_SID": ACCOUNT,
    "SUAR_TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
    "SUAR_TWILIO_WHATSAPP_SENDER": SENDER,
}
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Post:
    """One request as a provider makes it."""

    path: str
    body: bytes
    headers: Mapping[str, str]


def telegram(text: str, path: str = "/webhooks/telegram") -> Post:
    """Make an update of one of the callers."""
    number = next(_NUMBERS)
    body = json.dumps(update(number, 1000 + number % CALLERS, text)).encode()
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
    return Post(path, body, headers)


def twilio(text: str, path: str = "/webhooks/twilio") -> Post:
    """Make a signed WhatsApp message of one of the callers."""
    number = next(_NUMBERS)
    caller = f"+62812{number % CALLERS:07d}"
    fields = {
        "MessageSid": f"SM{number:032x}", "SmsStatus": "received", "NumMedia": "0", "Body": text,
        "From": f"whatsapp:{caller}", "To": f"whatsapp:{SENDER}", "AccountSid": ACCOUNT,
    }  # fmt: skip
    signature = RequestValidator(TWILIO_TOKEN).compute_signature(PUBLIC + path, fields)
    headers = {
        "X-Twilio-Signature": signature,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return Post(path, urlencode(fields).encode(), headers)


@asynccontextmanager
async def lines(url: str, count: int) -> AsyncIterator[asyncio.Queue[Line]]:
    """Keep connections at hand, as providers do."""
    free: asyncio.Queue[Line] = asyncio.Queue()
    own = [Line(url) for _ in range(count)]
    for one in own:
        free.put_nowait(one)
    try:
        yield free
    finally:
        for one in own:
            one.close()


async def _one(free: asyncio.Queue[Line], post: Post, due: float) -> float:
    line = await free.get()
    status = await line.post(post.path, post.body, post.headers)
    free.put_nowait(line)
    if not 200 <= status < 300:  # Rasa's Twilio connector says 204
        raise RuntimeError(f"answered with {status}")
    return (time.perf_counter() - due) * 1000


async def burst(url: str, posts: Sequence[Post], pace: float) -> list[float]:
    """Post so many a second, whether answers have come or not; gives milliseconds from when due."""
    async with lines(url, 200) as free:
        began, tasks = time.perf_counter() + 0.05, []
        for number, post in enumerate(posts):
            due = began + number / pace
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(_one(free, post, due)))
        return list(await asyncio.gather(*tasks))


async def flat_out(url: str, posts: Sequence[Post], count: int) -> tuple[float, list[float]]:
    """Let each line post again as soon as it is answered; gives requests a second and times."""
    left, took = iter(posts), []

    async def one_line(free: asyncio.Queue[Line]) -> None:
        for post in left:
            milliseconds = await _one(free, post, time.perf_counter())
            took.append(milliseconds)

    async with lines(url, count) as free:
        began = time.perf_counter()
        await asyncio.gather(*(one_line(free) for _ in range(count)))
        return len(posts) / (time.perf_counter() - began), took


def wait_ready(url: str, patience: float = 300) -> None:
    """Wait until a server answers; raises TimeoutError."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise TimeoutError(f"{url} does not answer")
