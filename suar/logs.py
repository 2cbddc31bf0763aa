"""The logs of the parts: what a process prints goes into a file that never grows without end."""

from __future__ import annotations

import logging
import os
import threading
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Any

from hotline.faults import where

_LARGEST = 5 * 1024 * 1024  # bytes of one file
_KEPT = 4  # older files beside it: 25 MB for each part
_LONGEST_LINE = 64 * 1024


class Wordless(logging.Formatter):
    """Tells where an error came from and of what kind it is, but not what it says."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's own name
        """Leave out the error's text: it may quote what a caller wrote."""
        return where(ei[1]) if ei[1] is not None else ""


class LogFile(RotatingFileHandler):
    """A file for its owner alone; when the disk is full, lines are lost and nobody is stopped."""

    def __init__(self, file: Path, *, largest: int = _LARGEST, kept: int = _KEPT) -> None:
        """Append to `file`; put it aside as file.1 when it is `largest`, and keep `kept` such."""
        # Opened later again if it cannot be now; nothing printed must wait for it.
        super().__init__(file, maxBytes=largest, backupCount=kept, encoding="utf-8", delay=True)
        with suppress(OSError):
            self.stream = self._open()

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        return os.fdopen(os.open(self.baseFilename, flags, 0o600), "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Say nothing: the part must go on, and there is nowhere left to say it."""

    def line(self, text: str) -> None:
        """Write one line."""
        self.handle(logging.makeLogRecord({"msg": text}))


def pump(stream: IO[bytes], file: Path) -> threading.Thread:
    """Carry what a process prints into its log until it ends."""

    def run() -> None:
        log = LogFile(file)
        with stream:
            # In pieces: a line without an end must not fill the memory.
            for raw in iter(lambda: stream.readline(_LONGEST_LINE), b""):
                log.line(raw.decode("utf-8", "replace").rstrip("\r\n"))
        with suppress(OSError):
            log.close()

    thread = threading.Thread(target=run, name=f"log-{file.stem}", daemon=True)
    thread.start()
    return thread


def last_line(file: Path) -> str:
    """Give the end of a log, to show it where the part is named."""
    try:
        with file.open("rb") as log:
            log.seek(max(file.stat().st_size - 2000, 0))
            lines = log.read().decode("utf-8", "replace").split("\n")
    except OSError:
        return ""
    told = [line.strip() for line in lines if line.strip()]
    return told[-1][:300] if told else ""
