"""A small server on this machine that answers each path as oddly as a test wants."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Answer = Callable[[socket.socket], None]


def plain(
    body: bytes = b"", status: str = "200 OK", *headers: str, length: int | None = None
) -> Answer:
    """Answer at once, with the true length unless another is given."""
    told = len(body) if length is None else length
    head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {told}", *headers, "", ""))

    def answer(connection: socket.socket) -> None:
        connection.sendall(head.encode() + body)

    return answer


def redirect(where: str, status: str = "302 Found") -> Answer:
    """Send the client elsewhere."""
    return plain(b"", status, f"Location: {where}")


@dataclass
class OddServer:
    """Answers by path, one answer after the other; the last one stays."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)  # whole requests
    port: int = 0
    scheme: str = "http"
    stop: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Give the address of a path."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def base(self) -> str:
        """Give the address that an operator would trust."""
        return self.url("")

    def handle(self, connection: socket.socket) -> None:
        """Answer one request."""
        connection.settimeout(120)
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(4096)
            if not piece:
                return
            head += piece
        request = head.decode("latin-1")
        self.asked.append(request)
        waiting = self.answers[request.split(" ")[1]]
        (waiting.pop(0) if len(waiting) > 1 else waiting[0])(connection)


@contextlib.contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[OddServer]:
    """Run a server until the test is over."""
    server = OddServer(scheme="https" if context else "http")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.port = listener.getsockname()[1]
        listener.settimeout(0.05)
        thread = threading.Thread(target=_accept, args=(server, listener, context), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stop.set()
            thread.join()


def _accept(server: OddServer, listener: socket.socket, context: ssl.SSLContext | None) -> None:
    threads = []
    while not server.stop.is_set():
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        thread = threading.Thread(target=_serve, args=(server, connection, context), daemon=True)
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()


def _serve(server: OddServer, raw: socket.socket, context: ssl.SSLContext | None) -> None:
    # Clients hang up in the middle: that is what is tested.
    with contextlib.suppress(OSError), raw:
        connection = context.wrap_socket(raw, server_side=True) if context else raw
        with connection:
            server.handle(connection)
