"""A real mail server on this machine: STARTTLS with its own certificate, log-in, and faults."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME, PASSWORD = "suar", "kata-sandi-surat"


@dataclass
class Mailbox:
    """What the server took, and how it behaves."""

    port: int = 0
    ca_file: str = ""
    refuses: set[str] = field(default_factory=set)  # addresses nobody has
    busy: bool = False
    taken: list[tuple[str, str]] = field(default_factory=list)  # to whom, and the whole letter
    encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take an address, or say why not."""
        if self.busy:
            return "451 later"
        if address in self.refuses:
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, _server: Any, session: Any, envelope: Any
    ) -> str:
        """Keep a letter."""
        self.encrypted.append(session.ssl is not None)
        for address in envelope.rcpt_tos:
            self.taken.append((address, envelope.content.decode()))
        return "250 OK"


def _certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "mail.pem", folder / "mail.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


def _authenticate(
    _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any
) -> AuthResult:
    right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=False)


@contextmanager
def serving(folder: Path, *, tls: bool = True, port: int = 0) -> Iterator[Mailbox]:
    """Let a mail server listen, on a free port unless told otherwise."""
    box = Mailbox()
    public, context = _certificate(folder)
    more: dict[str, Any] = {"tls_context": context, "require_starttls": True} if tls else {}
    # The port is ours from here on: found first and taken later, another test could have it.
    with socket.create_server(("127.0.0.1", port)) as listener:
        server = _Server(
            box, hostname="127.0.0.1", port=listener.getsockname()[1],
            authenticator=_authenticate, auth_required=tls, auth_require_tls=True,
            ready_timeout=120, **more,
        )  # fmt: skip
        server.listener = listener
        server.start()
        box.port, box.ca_file = server.port, str(public)
        try:
            yield box
        finally:
            server.stop()


class _Server(Controller):
    """A mail server on a port that is already open."""

    listener: socket.socket

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(
            self._factory_invoker, sock=self.listener, ssl=self.ssl_context
        )
