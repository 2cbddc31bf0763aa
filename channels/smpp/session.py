"""One session with a centre: what it says is read in order, what we ask waits for its answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from channels.smpp import wire
from channels.smpp.reports import Late

logger = logging.getLogger(__name__)
_SILENCE = 30.0  # seconds after which we ask whether the centre is still there
_PATIENCE = 10.0  # seconds for an answer about the session itself
_MOST_LATE = 1000


class SessionEndedError(Exception):
    """There is no session any more, or not yet."""


class NoAnswerError(Exception):
    """A message has left, and nobody knows what became of it."""


@dataclass(frozen=True)
class Answer:
    """What the centre answered to a message of ours."""

    status: int
    number: str = ""


@dataclass(frozen=True)
class Part:
    """Which message of ours, and which part of it, goes out."""

    outbox_id: int
    address: str
    number: int = 1
    total: int = 1


class Hearer(Protocol):
    """Who hears what the centre says."""

    def delivered(self, session: Session, sequence: int, pdu: wire.DeliverSm) -> None:
        """Take a message; it is answered by `session.answer` once it is stored."""

    def taken(self, part: Part, number: str) -> None:
        """Note that the centre has taken a part, before anything it says later is read."""

    def late(self, late: Late) -> None:
        """Note an answer for which nobody waits any more."""


class Session:
    """A bound session; everything happens in the loop that made it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hearer: Hearer
    ) -> None:
        """Speak over an open connection."""
        self._reader, self._writer, self._hearer = reader, writer, hearer
        self._sequence = 0
        self._waiting: dict[int, tuple[asyncio.Future[Answer], Part | None]] = {}
        self._late: dict[int, Part] = {}
        self._heard_at = 0.0
        self._ended = False

    async def bind(self, make: Callable[[int], bytes]) -> int:
        """Ask for the session; gives the centre's status."""
        sequence = self._next()
        await self._write(make(sequence))
        async with asyncio.timeout(_PATIENCE):
            while True:
                command, status, told, _ = _head(await self._read())
                if told == sequence and command in (wire.BIND_TRANSCEIVER_RESP, wire.GENERIC_NACK):
                    return status

    async def serve(self) -> str:
        """Read until the session ends; says why it ended."""
        self._heard_at = asyncio.get_running_loop().time()
        keeper = asyncio.create_task(self._keep_alive())
        try:
            while True:
                if (why := await self._hear(await self._read())) is not None:
                    return why
        except (OSError, asyncio.IncompleteReadError) as error:
            return f"the line broke ({type(error).__name__})"
        except ValueError as error:
            return str(error)
        finally:
            keeper.cancel()
            self.end()

    def end(self) -> None:
        """Close the line; whoever waits for an answer learns that none will come."""
        self._ended = True
        self.give_up_waiting()
        self._writer.close()

    def give_up_waiting(self) -> None:
        """Let nobody wait for an answer any longer."""
        for future, _ in self._waiting.values():
            if not future.done():
                future.set_exception(NoAnswerError())

    async def submit(self, make: Callable[[int], bytes], part: Part, seconds: float) -> Answer:
        """Give a message to the centre; raises SessionEndedError or NoAnswerError."""
        if self._ended:
            raise SessionEndedError
        sequence = self._next()
        future = self._expect(sequence, part)
        try:
            await self._write(make(sequence))
            return await asyncio.wait_for(future, seconds)
        except (TimeoutError, NoAnswerError, OSError):
            self._late[sequence] = part
            while len(self._late) > _MOST_LATE:
                del self._late[next(iter(self._late))]
            raise NoAnswerError from None
        finally:
            self._waiting.pop(sequence, None)

    async def answer(self, sequence: int, status: int) -> None:
        """Answer a message of the centre; what is not answered it will repeat."""
        if self._ended:
            return
        try:
            await self._write(wire.deliver_answer(sequence, status))
        except OSError:
            logger.info("the line broke before a message was answered; it will come again")

    async def unbind(self) -> None:
        """End the session in order."""
        sequence = self._next()
        future = self._expect(sequence, None)
        try:
            await self._write(wire.pdu(wire.UNBIND, sequence))
            await asyncio.wait_for(future, 1)
        except (TimeoutError, NoAnswerError, OSError):
            pass  # it learns of our end by the line
        finally:
            self.end()

    def _expect(self, sequence: int, part: Part | None) -> asyncio.Future[Answer]:
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[sequence] = (future, part)
        return future

    async def _keep_alive(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(max(self._heard_at + _SILENCE - loop.time(), 0.1))
            if loop.time() - self._heard_at < _SILENCE:
                continue
            sequence = self._next()
            future = self._expect(sequence, None)
            try:
                await self._write(wire.pdu(wire.ENQUIRE_LINK, sequence))
                await asyncio.wait_for(future, _PATIENCE)
            except (TimeoutError, OSError):
                logger.warning("the SMS centre is silent")
                self._writer.transport.abort()
                return
            finally:
                self._waiting.pop(sequence, None)

    async def _hear(self, data: bytes) -> str | None:
        """Act on one PDU; says why the session is over, if it is."""
        self._heard_at = asyncio.get_running_loop().time()
        command, status, sequence, body = _head(data)
        if wire.is_answer(command):
            self._answered(command, status, sequence, body)
        elif command == wire.DELIVER_SM:
            await self._delivered(data, sequence)
        elif command == wire.ENQUIRE_LINK:
            await self._write(wire.pdu(wire.ENQUIRE_LINK_RESP, sequence))
        elif command == wire.UNBIND:
            await self._write(wire.pdu(wire.UNBIND_RESP, sequence))
            return "the centre ended the session"
        else:
            status = wire.UNKNOWN_COMMAND
            await self._write(wire.pdu(wire.GENERIC_NACK, sequence, status=status))
        return None

    async def _delivered(self, data: bytes, sequence: int) -> None:
        try:
            pdu = wire.decode(data)
        except wire.SmppError:
            pdu = None
        if isinstance(pdu, wire.DeliverSm):
            self._hearer.delivered(self, sequence, pdu)
        else:
            logger.error("a message of the SMS centre cannot be read and was refused")
            await self.answer(sequence, wire.REJECTED)

    def _answered(self, command: int, status: int, sequence: int, body: bytes) -> None:
        number = wire.c_string(body) if command == wire.SUBMIT_SM_RESP else ""
        future, part = self._waiting.get(sequence, (None, self._late.pop(sequence, None)))
        if part is not None and status == wire.OK:
            self._hearer.taken(part, number)
        if future is not None and not future.done():
            future.set_result(Answer(status, number))
        elif part is not None and part.total == 1:
            self._hearer.late(Late(part.outbox_id, status, number))

    async def _read(self) -> bytes:
        length = await self._reader.readexactly(4)
        size = int.from_bytes(length)
        if not wire.HEADER <= size <= wire.LARGEST:
            raise ValueError("what the centre says is no SMPP")
        return length + await self._reader.readexactly(size - 4)

    async def _write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    def _next(self) -> int:
        self._sequence = self._sequence % 0x7FFFFFFF + 1
        return self._sequence


def _head(data: bytes) -> tuple[int, int, int, bytes]:
    words = [int.from_bytes(data[at : at + 4]) for at in (4, 8, 12)]
    return words[0], words[1], words[2], data[wire.HEADER :]
