"""One bot's line to the Bot API: a thread of its own, so that whoever asks may simply wait."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import threading
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlsplit

from telegram import Bot, LinkPreviewOptions, TelegramObject
from telegram.error import TelegramError

from channels.telegram.wire import NoReplyError, Wire
from hotline.channel_settings import TelegramSettings

logger = logging.getLogger(__name__)
_LONGEST = 45.0  # seconds; a server that drips its answer must not hold us for ever
_ERRANDS = 200
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class RawBot(Bot):
    """The library's bot, and updates as Telegram wrote them."""

    async def raw_updates(
        self, *, offset: int | None, timeout: int, allowed: tuple[str, ...]
    ) -> list[dict[str, Any]]:
        """Fetch updates unparsed: one that the library cannot read must not hide the others."""
        data = {"offset": offset, "timeout": timeout, "allowed_updates": list(allowed)}
        result = await self._post("getUpdates", data, read_timeout=timeout + 10)
        return list(result) if isinstance(result, list) else []

    async def send_text(self, address: int, text: str, keyboard: TelegramObject | None) -> str:
        """Send a text and give its number, which is all that we need of the answer."""
        data = {
            "chat_id": address,
            "text": text,
            "reply_markup": keyboard,
            # A preview shows on a locked screen what the text only names, and costs data.
            "link_preview_options": LinkPreviewOptions(is_disabled=True),
        }
        result = await self._post("sendMessage", data)
        return str(int(result["message_id"]))


type Errand[T] = Callable[[RawBot], Coroutine[Any, Any, T]]


class Line:
    """Asks the Bot API for several threads at once; `close` ends it."""

    def __init__(self, settings: TelegramSettings) -> None:
        """Make ready; nothing is asked yet."""
        # A proxy of the environment leads to the world outside, not to this machine.
        outside = urlsplit(settings.api).hostname not in _LOOPBACK
        wire: dict[str, Any] = {
            "connect_timeout": 5,
            "read_timeout": 20,
            "write_timeout": 10,
            "pool_timeout": 5,
            "httpx_kwargs": {"trust_env": outside},
        }
        # Where files lie; holds the token, so it must never be written anywhere.
        self.files = f"{settings.api}/file/bot{settings.token}"
        self._bot = RawBot(
            settings.token,
            base_url=f"{settings.api}/bot",
            base_file_url=f"{settings.api}/file/bot",
            request=Wire(connection_pool_size=64, **wire),
            get_updates_request=Wire(connection_pool_size=1, **wire),
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._out = threading.BoundedSemaphore(_ERRANDS)

    def begin[T](
        self, errand: Errand[T], longest: float = _LONGEST
    ) -> concurrent.futures.Future[T]:
        """Start to ask and give what will hold the answer."""
        return asyncio.run_coroutine_threadsafe(
            _within(errand(self._bot), longest), self._running_loop()
        )

    def ask[T](self, errand: Errand[T]) -> T:
        """Ask and wait; raises what wire.py names."""
        return self.begin(errand).result()

    def soon(self, errand: Errand[Any]) -> None:
        """Ask without waiting, where an answer would change nothing; dropped when too many wait."""
        if not self._out.acquire(blocking=False):
            logger.warning("too many errands to Telegram; one is dropped")
            return
        self.begin(errand).add_done_callback(self._back)

    def _back(self, done: concurrent.futures.Future[Any]) -> None:
        self._out.release()
        error = None if done.cancelled() else done.exception()
        if error is not None:
            logger.info("an errand to Telegram failed: %s", type(error).__name__)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=self._loop.run_forever, name="telegram", daemon=True
                )
                self._thread.start()
            return self._loop

    def close(self) -> None:
        """Break off what is under way and end the thread."""
        with self._lock:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(_end_all(self._bot), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _within[T](work: Coroutine[Any, Any, T], longest: float) -> T:
    try:
        async with asyncio.timeout(longest):
            return await work
    except TimeoutError:
        raise NoReplyError("TimeoutError") from None
    except TelegramError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        # An answer in a form the library does not know: what was asked may well have been done.
        raise NoReplyError(type(error).__name__) from None


async def _end_all(bot: RawBot) -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for request in bot._request:
        await request.shutdown()
