"""Fetches a file that a caller sent: asks Telegram where it lies, then gets it from there."""

from __future__ import annotations

import re

from telegram import File
from telegram.error import TelegramError

from channels.fetching import FetchLater, FetchRefused, SafeHttp
from channels.telegram.line import Line
from channels.telegram.wire import NotSentError, RefusedError
from hotline.attachments import Reason

# Telegram's own paths look like "photos/file_12.jpg"; nothing else is asked for.
_PATH = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")


class Files:
    """The files of one bot's callers."""

    def __init__(self, line: Line, http: SafeHttp | None = None) -> None:
        """Ask over `line`; the operator's own Bot API server may stand on this machine."""
        self._line = line
        self._http = http or SafeHttp(trusted=[line.files])

    def fetch(self, source: str, limit: int) -> bytes:
        """Fetch at most `limit` bytes of the file with the number `source`.

        Raises FetchLater or FetchRefused; neither holds the address, in which the token stands.
        """
        file = self._find(source)
        if (file.file_size or 0) > limit:
            raise FetchRefused(Reason.TOO_BIG)
        # The library has put the address of the file server before the path.
        path = (file.file_path or "").removeprefix(f"{self._line.files}/")
        if not _PATH.fullmatch(path):
            raise FetchRefused(Reason.BAD_ANSWER)
        return self._http.get(f"{self._line.files}/{path}", limit)

    def _find(self, source: str) -> File:
        try:
            return self._line.ask(lambda bot: bot.get_file(source))
        except RefusedError as error:
            raise _of(error) from None
        except NotSentError:
            raise FetchLater(Reason.UNREACHABLE) from None
        except TelegramError:
            raise FetchLater(Reason.TIMEOUT) from None


def _of(error: RefusedError) -> FetchLater | FetchRefused:
    if error.status in {401, 403, 404}:
        return FetchLater(Reason.DENIED)  # the token; with the right one it comes
    if error.status != 400:
        return FetchLater(Reason.SERVER_ERROR)
    if "too big" in error.says:
        return FetchRefused(Reason.TOO_BIG)
    # "wrong file_id or the file is temporarily unavailable": Telegram does not say which.
    return FetchLater(Reason.NOT_FOUND)
