"""The addresses an installation listens on: looked at before anything starts."""

from __future__ import annotations

import errno
import socket

from hotline.errors import SuarError
from hotline.settings import Settings


def refuse_taken_ports(settings: Settings) -> None:
    """Raise SuarError when an address is taken, or is not this machine's."""
    _refuse(settings.host, settings.port)
    _refuse(settings.console.host, settings.console.port, "SUAR_CONSOLE_HOST")
    for port in (settings.rasa_port, settings.actions_port):
        _refuse("127.0.0.1", port)


def _refuse(host: str, port: int, setting: str = "SUAR_HOST") -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        raise SuarError(
            f"{setting} names {host!r}, which is no address; write 127.0.0.1, or 0.0.0.0 for all"
        ) from None
    for family, kind, protocol, _, address in found:
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            try:
                probe.bind(address)
            except OSError as error:
                raise SuarError(_why(error, host, port, setting)) from None


def _why(error: OSError, host: str, port: int, setting: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} is taken by another program; end it, or choose others with "
            "SUAR_PORT, SUAR_CONSOLE_PORT, SUAR_RASA_PORT and SUAR_ACTIONS_PORT"
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{setting} names {host}, which is no address of this machine"
    return f"port {port} of {host} cannot be listened on ({error.strerror})"
