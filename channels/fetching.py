"""Fetches one file over HTTP from an address that somebody else chose, and trusts nothing in it."""

from __future__ import annotations

import base64
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
import httpx

from hotline.attachments import Reason
from hotline.errors import Refused, Retry

_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REASONS = {401: Reason.DENIED, 403: Reason.DENIED, 404: Reason.NOT_FOUND}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Resolve = Callable[[str, int], list[str]]


class FetchLater(Retry):
    """The file could not be had now."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class FetchRefused(Refused):
    """The file will never be fetched."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def resolve(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Say whether an address belongs to the open internet, also when it is wrapped in another."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.sixtofour or ip.teredo:
            return False
        if ip in _NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        elif ip.ipv4_mapped:
            ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast


class SafeHttp:
    """Fetches by GET: https to public addresses only, capped in size and time.

    `trusted` are the operator's own addresses from the settings, such as a Bot API server on this
    machine: they may be private and plain http. Nothing else may, and no redirect leads there.
    """

    def __init__(
        self,
        trusted: Iterable[str] = (),
        *,
        connect: float = 10,
        read: float = 20,
        total: float = 120,
        look_up: Resolve = resolve,
        network: httpcore.NetworkBackend | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._trusted = frozenset(_origin(httpx.URL(url)) for url in trusted if url)
        self._times = {"connect": connect, "read": read, "write": read, "pool": connect}
        self._total = total
        self._look_up = look_up
        self._network = network or httpcore.SyncBackend()
        self._ssl = ssl_context

    def get(self, url: str, limit: int, *, auth: tuple[str, str] | None = None) -> bytes:
        """Fetch at most `limit` bytes; name and password go to the first address only.

        Raises FetchLater or FetchRefused; neither says anything of the address.
        """
        deadline = time.monotonic() + self._total
        where = _read_url(url)
        first = _origin(where)
        for _ in range(_MOST_REDIRECTS + 1):
            trusted = _origin(where) in self._trusted
            if where.scheme != "https" and not trusted:
                raise FetchRefused(Reason.NOT_HTTPS)
            headers = _headers(where, auth if _origin(where) == first else None)
            guard = _Guard(self._network, self._look_up, deadline, trusted=trusted)
            got = self._ask(where, headers, guard, limit)
            if isinstance(got, bytes):
                return got
            where = _read_url(str(where.join(got)))
        raise FetchRefused(Reason.BAD_ANSWER)

    def _ask(
        self, url: httpx.URL, headers: list[tuple[bytes, bytes]], guard: _Guard, limit: int
    ) -> bytes | httpx.URL:
        target = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        try:
            with (
                httpcore.ConnectionPool(
                    ssl_context=self._ssl, network_backend=guard, max_connections=1
                ) as pool,
                pool.stream(
                    "GET", target, headers=headers, extensions={"timeout": self._times}
                ) as response,
            ):
                return _read(response, limit)
        except httpcore.TimeoutException:
            raise FetchLater(Reason.TIMEOUT) from None
        except httpcore.NetworkError:
            raise FetchLater(Reason.UNREACHABLE) from None
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol):
            raise FetchLater(Reason.BAD_ANSWER) from None


def _read_url(url: str) -> httpx.URL:
    try:
        where = httpx.URL(url)
    except httpx.InvalidURL:
        raise FetchRefused(Reason.BAD_ANSWER) from None
    if not where.host or where.userinfo:
        raise FetchRefused(Reason.BAD_ANSWER)
    return where


def _origin(url: httpx.URL) -> str:
    port = url.port or {"https": 443, "http": 80}.get(url.scheme)
    return f"{url.scheme}://{url.host}:{port}"


def _headers(url: httpx.URL, auth: tuple[str, str] | None) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"Host", url.netloc),
        (b"User-Agent", b"Suar"),
        (b"Accept", b"*/*"),
        # What comes packed could unpack to any size.
        (b"Accept-Encoding", b"identity"),
        (b"Connection", b"close"),
    ]
    if auth:
        pair = base64.b64encode(":".join(auth).encode())
        headers.append((b"Authorization", b"Basic " + pair))
    return headers


def _read(response: httpcore.Response, limit: int) -> bytes | httpx.URL:
    headers = {name.lower(): value for name, value in response.headers}
    if response.status in _REDIRECTS and b"location" in headers:
        try:
            return httpx.URL(headers[b"location"].decode("latin-1"))
        except httpx.InvalidURL:
            raise FetchLater(Reason.BAD_ANSWER) from None
    if response.status == 410:
        raise FetchRefused(Reason.GONE)
    if response.status != 200:
        usual = Reason.SERVER_ERROR if response.status in {408, 425, 429} else Reason.BAD_ANSWER
        usual = Reason.SERVER_ERROR if response.status >= 500 else usual
        raise FetchLater(_REASONS.get(response.status, usual))
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise FetchLater(Reason.BAD_ANSWER)
    declared = headers.get(b"content-length", b"")
    if declared.isdigit() and int(declared) > limit:
        raise FetchRefused(Reason.TOO_BIG)
    return _body(response, limit)


def _body(response: httpcore.Response, limit: int) -> bytes:
    data = bytearray()
    for chunk in response.iter_stream():
        data += chunk
        if len(data) > limit:
            raise FetchRefused(Reason.TOO_BIG)
    if not data:
        raise FetchLater(Reason.BAD_ANSWER)
    return bytes(data)


class _Guard(httpcore.NetworkBackend):
    """Connects to the very address that was checked: a name that changes then gains nothing."""

    def __init__(
        self, network: httpcore.NetworkBackend, look_up: Resolve, deadline: float, *, trusted: bool
    ) -> None:
        self._network = network
        self._look_up = look_up
        self._deadline = deadline
        self._trusted = trusted

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = self._look_up(host, port)
        except (OSError, UnicodeError):
            raise httpcore.ConnectError("the name is not known") from None
        if not self._trusted and not all(map(is_public, addresses)):
            raise FetchRefused(Reason.PRIVATE_ADDRESS)
        for address in addresses:
            try:
                wait = _left(self._deadline, timeout, httpcore.ConnectTimeout)
                stream = self._network.connect_tcp(
                    address, port, wait, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if address == addresses[-1]:
                    raise
            else:
                return _Timed(stream, self._deadline)
        raise httpcore.ConnectError("the name has no address")


class _Timed(httpcore.NetworkStream):
    """A connection that ends at the deadline, however slowly bytes drip."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        wait = _left(self._deadline, timeout, httpcore.ConnectTimeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, wait), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float, timeout: float | None, over: type[httpcore.TimeoutException]) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise over("the time for the whole file is over")
    return left if timeout is None else min(left, timeout)
