"""Keeps a session with the centre: connects again when it ends, takes in, and lets send."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import random
import ssl
import threading
import time
from collections.abc import Callable

from channels.smpp import wire
from channels.smpp.ids import Ids
from channels.smpp.parse import parse_deliver
from channels.smpp.reports import Late
from channels.smpp.session import Answer, NoAnswerError, Part, Session, SessionEndedError
from channels.smpp.storing import Item, Stores
from hotline.channel_settings import SmppSettings
from store import db
from store.heartbeats import beat, process_name
from store.vault import Vault

logger = logging.getLogger(__name__)
_CONNECT = 10.0
_LONGEST_PAUSE = 60.0
_MOST_WAITING = 500
_BATCH = 100
_SLOW = 5.0  # seconds; a centre that waited so long for its answer may repeat
_BEAT_SECONDS = 3.0
_LAST_ANSWERS = 5.0  # seconds for which an end waits for the centre's answers
_STEADY = 60.0  # a session that lasted so long was a good one
_ADVICE = {
    0x0D: "it refuses the bind (is this address allowed? is the account open?)",
    0x0E: "wrong SUAR_SMPP_PASSWORD",
    0x0F: "unknown SUAR_SMPP_SYSTEM_ID",
    0x53: "wrong SUAR_SMPP_SYSTEM_TYPE",
    wire.ALREADY_BOUND: "it believes that we are connected already; that passes, or another "
    "program uses this account",
}
_Waiting = tuple[Session | None, int, float, Item]
Work = Callable[[threading.Event], None]


class BindRefusedError(Exception):
    """The centre is there and lets us not in."""


class Line:
    """The way to the centre; one for each process, and one process for each account."""

    def __init__(
        self,
        settings: SmppSettings,
        vault: Vault,
        stores: Stores,
        ids: Ids,
        *,
        slow: float = _SLOW,
        last_answers: float = _LAST_ANSWERS,
    ) -> None:
        """Prepare to speak with the centre of `settings`."""
        self._settings, self._vault, self._stores, self._ids = settings, vault, stores, ids
        self._slow, self._last_answers = slow, last_answers
        self._name = process_name()
        self._session: Session | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(_MOST_WAITING)
        self._failures = 0

    def submit(self, make: Callable[[int], bytes], part: Part, seconds: float) -> Answer:
        """Give one message to the centre, from any thread."""
        session, loop = self._session, self._loop
        if session is None or loop is None:
            raise SessionEndedError
        asked = asyncio.run_coroutine_threadsafe(session.submit(make, part, seconds), loop)
        try:
            return asked.result(seconds + 10)
        except (concurrent.futures.CancelledError, TimeoutError):
            raise NoAnswerError from None

    async def run(self, stop: asyncio.Event, work: Work) -> None:
        """Keep a session until `stop`; while there is one, `work` runs in a thread of its own."""
        self._loop = asyncio.get_running_loop()
        storing = asyncio.create_task(self._keep_storing())
        beating = asyncio.create_task(self._keep_beating())
        try:
            while not stop.is_set():
                began = time.monotonic()
                why = await self._one_session(stop, work)
                if stop.is_set():
                    break
                if time.monotonic() - began > _STEADY:
                    self._failures = 0
                await self._pause(stop, why)
            await self._queue.join()
        finally:
            for task in (storing, beating):
                task.cancel()

    async def _one_session(self, stop: asyncio.Event, work: Work) -> str:
        """Open a session and serve it to its end; says why it ended."""
        try:
            session = await self._open()
        except BindRefusedError as error:
            return str(error)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
            return f"it does not answer ({type(error).__name__})"
        logger.info("bound to the SMS centre")
        await self._until_stored()
        await asyncio.to_thread(self._stores.new_session)
        ended = threading.Event()
        serving = asyncio.create_task(session.serve())
        self._session = session
        working = asyncio.create_task(asyncio.to_thread(work, ended))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({serving, working, stopping}, return_when="FIRST_COMPLETED")
            ended.set()
            if not serving.done():
                asyncio.get_running_loop().call_later(self._last_answers, session.give_up_waiting)
            await working
            await self._until_stored()
        finally:
            ended.set()
            self._session = None
            stopping.cancel()
            if not serving.done():
                await session.unbind()
        return await serving

    async def _open(self) -> Session:
        async with asyncio.timeout(_CONNECT):
            reader, writer = await asyncio.open_connection(
                self._settings.host,
                self._settings.port,
                ssl=self._tls(),
                limit=2 * wire.LARGEST,
            )
        session = Session(reader, writer, self)
        try:
            status = await session.bind(lambda sequence: wire.bind(self._settings, sequence))
        except BaseException:
            session.end()
            raise
        if status != wire.OK:
            session.end()
            advice = _ADVICE.get(status, "see the SMPP statuses")
            raise BindRefusedError(f"bind refused with 0x{status:02x}: {advice}")
        return session

    def _tls(self) -> ssl.SSLContext | None:
        if not self._settings.tls:
            return None
        return ssl.create_default_context(cafile=self._settings.ca_file or None)

    async def _pause(self, stop: asyncio.Event, why: str) -> None:
        usual = min(2.0**self._failures, _LONGEST_PAUSE) * (1 - random.random() / 2)  # noqa: S311
        self._failures += 1
        logger.error("no session with the SMS centre: %s; again in %.0f s", why, usual)
        try:
            await asyncio.wait_for(stop.wait(), usual)
        except TimeoutError:
            return

    # What the session hears.

    def delivered(self, session: Session, sequence: int, pdu: wire.DeliverSm) -> None:
        """Put a message in line to be stored; when too many wait, the centre shall repeat."""
        try:
            item = parse_deliver(pdu)
            self._queue.put_nowait((session, sequence, time.monotonic(), item))
        except asyncio.QueueFull:
            self._soon(session.answer(sequence, wire.NOT_NOW))
        except Exception as error:  # noqa: BLE001 - one message must not end the session
            logger.error("a message of the SMS centre is refused: %s", type(error).__name__)
            self._soon(session.answer(sequence, wire.REJECTED))

    def taken(self, part: Part, number: str) -> None:
        """Remember the centre's number of a message."""
        self._ids.taken(number, part.outbox_id, part.address, part.number, part.total)

    def late(self, late: Late) -> None:
        """Put a late answer in line to be stored."""
        try:
            self._queue.put_nowait((None, 0, time.monotonic(), late))
        except asyncio.QueueFull:
            logger.error("message %s stays uncertain: too much waits to be stored", late.outbox_id)

    # Storing.

    async def _keep_storing(self) -> None:
        """Store what waits, many at once, and answer only then."""
        while True:
            try:
                batch = [await asyncio.wait_for(self._queue.get(), 1)]
            except TimeoutError:
                await asyncio.to_thread(self._stores.join)
                continue
            while len(batch) < _BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            await self._store(batch)
            for _ in batch:
                self._queue.task_done()

    async def _store(self, batch: list[_Waiting]) -> None:
        statuses = await asyncio.to_thread(self._stores.take, [one[3] for one in batch])
        if time.monotonic() - batch[0][2] > self._slow:
            await asyncio.to_thread(self._stores.answered_late)
        for (session, sequence, _, _), status in zip(batch, statuses, strict=True):
            if session is not None:
                await session.answer(sequence, status)
        await asyncio.to_thread(self._stores.join)

    async def _until_stored(self) -> None:
        await self._queue.join()

    async def _keep_beating(self) -> None:
        while True:
            if self._session is not None:
                await asyncio.to_thread(self._beat)
            await asyncio.sleep(_BEAT_SECONDS)

    def _beat(self) -> None:
        try:
            with db.write(self._vault.engine) as connection:
                beat(connection, self._name, "smpp", time.time())
        except Exception as error:  # noqa: BLE001 - a sign of life only
            logger.error("no sign of life can be written: %s", type(error).__name__)

    def _soon(self, answering: object) -> None:
        assert self._loop is not None
        self._loop.create_task(answering)  # type: ignore[arg-type]
