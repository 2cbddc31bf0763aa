"""Posts at a server over kept connections, at a small cost of its own.

A client of a full library takes twice the processor time of the gateway for a request, and on
two processors its waits would be measured as the gateway's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit


class Line:
    """One kept connection; opened again when the server has closed it."""

    def __init__(self, url: str) -> None:
        """Talk to the server at `url`."""
        parts = urlsplit(url)
        self._host, self._port = str(parts.hostname), int(parts.port or 80)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Post and wait for the whole answer; gives its status."""
        lines = [f"POST {path} HTTP/1.1", f"Host: {self._host}:{self._port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode()
        while True:
            try:
                return await self._ask(head + body)
            except (asyncio.IncompleteReadError, ConnectionError):
                self.close()  # an idle line was closed just then: providers ask again, and so do we

    async def _ask(self, request: bytes) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        found = head.partition(b"content-length:")[2].partition(b"\r\n")[0].strip()
        await reader.readexactly(int(found or 0))
        return int(head.split(b" ", 2)[1])

    def close(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
