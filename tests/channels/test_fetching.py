"""Fetching from addresses that others chose: sizes, times, redirects, private networks."""

from __future__ import annotations

import datetime
import gzip
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from channels.fetching import FetchLater, FetchRefused, SafeHttp, is_public
from hotline.attachments import Reason
from tests.channels.odd_server import OddServer, plain, redirect, serving
from tests.nobody import nobody_at

PHOTO = b"\xff\xd8\xff\xe0" + bytes(1000)
LIMIT = 100_000
PUBLIC = "93.184.215.14"


@pytest.fixture
def server() -> Iterator[OddServer]:
    with serving() as running:
        yield running


def get(server: OddServer, path: str, **options: object) -> bytes:
    """Fetch with the server as one of the operator's own."""
    http = SafeHttp([server.base], **options)  # type: ignore[arg-type]
    return http.get(server.url(path), LIMIT, auth=("AC1", "geheim"))


def why(server: OddServer, path: str, **options: object) -> tuple[type[Exception], Reason]:
    with pytest.raises((FetchLater, FetchRefused)) as caught:
        get(server, path, **options)
    error = caught.value
    assert str(error) == error.reason.value  # no address, no token
    assert error.__cause__ is None
    return type(error), error.reason


def test_a_file_is_fetched_with_name_and_password(server: OddServer) -> None:
    """And it is asked for unpacked."""
    server.answers["/foto"] = [plain(PHOTO)]
    assert get(server, "/foto") == PHOTO
    assert "Authorization: Basic QUMxOmdlaGVpbQ==" in server.asked[0]
    assert "Accept-Encoding: identity" in server.asked[0]
    assert f"Host: 127.0.0.1:{server.port}" in server.asked[0]


@pytest.mark.parametrize(
    ("status", "error", "reason"),
    [
        ("404 Not Found", FetchLater, Reason.NOT_FOUND),
        ("401 Unauthorized", FetchLater, Reason.DENIED),
        ("403 Forbidden", FetchLater, Reason.DENIED),
        ("410 Gone", FetchRefused, Reason.GONE),
        ("429 Too Many Requests", FetchLater, Reason.SERVER_ERROR),
        ("500 Internal Server Error", FetchLater, Reason.SERVER_ERROR),
        ("503 Service Unavailable", FetchLater, Reason.SERVER_ERROR),
        ("418 I'm a teapot", FetchLater, Reason.BAD_ANSWER),
        ("206 Partial Content", FetchLater, Reason.BAD_ANSWER),
        ("302 Found", FetchLater, Reason.BAD_ANSWER),
    ],
)
def test_each_status_says_whether_to_come_back(
    server: OddServer, status: str, error: type[Exception], reason: Reason
) -> None:
    """Only what is gone for good is not asked for again."""
    server.answers["/foto"] = [plain(b"nein", status)]
    assert why(server, "/foto") == (error, reason)


def test_an_empty_file_is_no_file(server: OddServer) -> None:
    """The provider is asked again."""
    server.answers["/foto"] = [plain(b"")]
    assert why(server, "/foto") == (FetchLater, Reason.BAD_ANSWER)


def test_a_length_over_the_limit_is_refused_unread(server: OddServer) -> None:
    """Nothing of the body is read."""
    server.answers["/film"] = [plain(b"x", length=LIMIT + 1)]
    assert why(server, "/film") == (FetchRefused, Reason.TOO_BIG)


def test_an_endless_stream_is_cut_off(server: OddServer) -> None:
    """A body without a length is counted while it comes."""
    sent = 0

    def endless(connection: socket.socket) -> None:
        nonlocal sent
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not server.stop.is_set():
            sent += connection.send(b"x" * 65536)

    server.answers["/film"] = [endless]
    assert why(server, "/film") == (FetchRefused, Reason.TOO_BIG)
    assert sent < 20_000_000  # what fits into the buffers of two sockets


def test_a_body_shorter_than_told_is_broken_off(server: OddServer) -> None:
    """Half a photo is not kept."""
    server.answers["/foto"] = [plain(PHOTO, length=len(PHOTO) + 10)]
    assert why(server, "/foto") == (FetchLater, Reason.BAD_ANSWER)


def test_what_comes_after_the_told_length_is_not_read(server: OddServer) -> None:
    """A length that lies gains nothing."""
    server.answers["/foto"] = [plain(PHOTO + b"extra", length=len(PHOTO))]
    assert get(server, "/foto") == PHOTO


def test_a_packed_answer_is_not_unpacked(server: OddServer) -> None:
    """A kilobyte may hold a gigabyte of zeros."""
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < LIMIT
    server.answers["/foto"] = [plain(bomb, "200 OK", "Content-Encoding: gzip")]
    assert why(server, "/foto") == (FetchLater, Reason.BAD_ANSWER)


@pytest.mark.parametrize("where", ["body", "head"])
def test_a_slow_drip_ends_at_the_deadline(server: OddServer, where: str) -> None:
    """Each byte comes within the time for a read; the whole does not."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n")
        connection.sendall(b"\r\n" if where == "body" else b"X-Slow: ")
        while not server.stop.wait(0.05):
            connection.sendall(b"x")

    server.answers["/foto"] = [drip]
    began = time.monotonic()
    assert why(server, "/foto", read=60, total=1.0) == (FetchLater, Reason.TIMEOUT)
    # Far below the time for a read, and far above what a slow machine adds.
    assert 0.9 < time.monotonic() - began < 40


def test_a_silent_server_is_left(server: OddServer) -> None:
    """It took the request and says nothing."""
    server.answers["/foto"] = [lambda _: server.stop.wait(100) and None]
    assert why(server, "/foto", read=0.3) == (FetchLater, Reason.TIMEOUT)
    began = time.monotonic()
    assert why(server, "/foto", read=60, total=0.3) == (FetchLater, Reason.TIMEOUT)
    assert time.monotonic() - began < 40


def test_a_closed_port_is_tried_again_later(server: OddServer) -> None:
    """The provider may be back soon."""
    with nobody_at() as port, pytest.raises(FetchLater, match="unreachable"):
        SafeHttp([f"http://127.0.0.1:{port}"]).get(f"http://127.0.0.1:{port}/x", LIMIT)


def test_a_name_that_nobody_knows_is_tried_again_later() -> None:
    """Name servers fail too."""

    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(8, f"{host}:{port}")

    with pytest.raises(FetchLater, match="unreachable"):
        SafeHttp(look_up=unknown).get("https://media.example/x", LIMIT)


def test_nonsense_instead_of_http_is_noticed(server: OddServer) -> None:
    """Another protocol answers there."""
    server.answers["/foto"] = [lambda connection: connection.sendall(b"SSH-2.0-x\r\n\r\n")]
    assert why(server, "/foto") == (FetchLater, Reason.BAD_ANSWER)


@pytest.mark.parametrize(
    "link",
    [
        "http://media.example/x", "ftp://media.example/x", "file:///etc/passwd", "/etc/passwd",
        "https://", "https://nama:sandi@media.example/x", "http://[::1", "gopher://127.0.0.1/",
    ],
)  # fmt: skip
def test_only_https_links_are_followed(link: str) -> None:
    """Whatever a provider's message says."""
    with pytest.raises(FetchRefused):
        SafeHttp(look_up=lambda *_: pytest.fail("asked for the name")).get(link, LIMIT)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0",  # noqa: S104
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:1::1",
    ],
)  # fmt: skip
def test_private_addresses_are_known_in_every_dress(address: str) -> None:
    """Loopback, networks at home, link-local, the clouds' own service, wrapped in IPv6 or not."""
    assert not is_public(address)
    with pytest.raises(FetchRefused, match="private_address"):
        SafeHttp(look_up=lambda *_: [address]).get("https://media.example/x", LIMIT)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700::6810:84e5", "64:ff9b::808:808"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_one_private_address_among_many_is_enough_to_refuse() -> None:
    """Which one is used is not left to chance."""
    with pytest.raises(FetchRefused, match="private_address"):
        SafeHttp(look_up=lambda *_: [PUBLIC, "10.0.0.1"]).get("https://media.example/x", LIMIT)


def test_a_redirect_to_a_private_address_is_refused(server: OddServer) -> None:
    """Also from a server that is trusted, and to a port beside it."""
    with serving() as inside:
        inside.answers["/rahasia"] = [plain(b"secret")]
        server.answers["/foto"] = [redirect(inside.url("/rahasia").replace("http:", "https:"))]
        assert why(server, "/foto") == (FetchRefused, Reason.PRIVATE_ADDRESS)
        server.answers["/foto"] = [redirect(inside.url("/rahasia"))]
        assert why(server, "/foto") == (FetchRefused, Reason.NOT_HTTPS)
    assert inside.asked == []


def test_a_redirect_within_the_trusted_server_is_followed(server: OddServer) -> None:
    """With name and password still."""
    server.answers["/foto"] = [redirect("/simpanan?x=1", "307 Temporary Redirect")]
    server.answers["/simpanan?x=1"] = [plain(PHOTO)]
    assert get(server, "/foto") == PHOTO
    assert "Authorization" in server.asked[1]


def test_a_circle_of_redirects_ends(server: OddServer) -> None:
    server.answers["/foto"] = [redirect("/foto")]
    assert why(server, "/foto") == (FetchRefused, Reason.BAD_ANSWER)
    assert len(server.asked) == 6


class Detour(httpcore.SyncBackend):
    """A network in which every public address leads to the test's server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connected: list[str] = []

    def connect_tcp(self, host: str, port: int, *args: object, **rest: object):  # type: ignore[no-untyped-def]
        self.connected.append(host)
        return super().connect_tcp("127.0.0.1", self.port, *args, **rest)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for media.example that nobody but the test believes."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "media.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("media.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "media.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def outside(certificate: Path) -> Iterator[OddServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(context) as running:
        yield running


def http_to(
    outside: OddServer, certificate: Path, names: list[list[str]]
) -> tuple[SafeHttp, Detour]:
    """Give a client whose name server answers `names`, one after the other."""
    detour = Detour(outside.port)
    context = ssl.create_default_context(cafile=str(certificate))
    client = SafeHttp(network=detour, ssl_context=context, look_up=lambda *_: names.pop(0))
    return client, detour


def test_the_address_that_was_checked_is_the_one_connected_to(
    outside: OddServer, certificate: Path
) -> None:
    """A name that changes to a private address after the check changes nothing."""
    outside.answers["/foto"] = [plain(PHOTO)]
    http, detour = http_to(outside, certificate, [[PUBLIC], ["127.0.0.1"]])
    assert http.get("https://media.example/foto", LIMIT) == PHOTO
    assert detour.connected == [PUBLIC]
    assert "Host: media.example\r\n" in outside.asked[0]


def test_every_hop_is_checked_and_the_password_stays_behind(
    outside: OddServer, certificate: Path
) -> None:
    """Twilio's own servers send on to a store that must not see the account."""
    outside.answers["/foto"] = [redirect("https://media.example:8443/simpanan")]
    outside.answers["/simpanan"] = [plain(PHOTO)]
    http, detour = http_to(outside, certificate, [[PUBLIC], ["8.8.8.8"]])
    assert http.get("https://media.example/foto", LIMIT, auth=("AC1", "geheim")) == PHOTO
    assert detour.connected == [PUBLIC, "8.8.8.8"]
    assert ["Authorization" in asked for asked in outside.asked] == [True, False]


def test_a_rebound_name_is_refused_at_the_second_hop(outside: OddServer, certificate: Path) -> None:
    """The same name leads inside after the redirect."""
    outside.answers["/foto"] = [redirect("/simpanan")]
    http, _ = http_to(outside, certificate, [[PUBLIC], ["192.168.1.1"]])
    with pytest.raises(FetchRefused, match="private_address"):
        http.get("https://media.example/foto", LIMIT)


def test_a_certificate_for_another_name_is_not_believed(
    outside: OddServer, certificate: Path
) -> None:
    """The name is checked, although we connect to a number."""
    http, _ = http_to(outside, certificate, [[PUBLIC]])
    with pytest.raises(FetchLater, match="unreachable"):
        http.get("https://other.example/foto", LIMIT)
    assert outside.asked == []


def test_the_next_address_is_tried_when_the_first_is_dead(
    outside: OddServer, certificate: Path
) -> None:
    """Many providers have several."""

    class Half(Detour):
        def connect_tcp(self, host: str, port: int, *args: object, **rest: object):  # type: ignore[no-untyped-def]
            if host == PUBLIC:
                raise httpcore.ConnectError("no route")
            return super().connect_tcp(host, port, *args, **rest)

    outside.answers["/foto"] = [plain(PHOTO)]
    context = ssl.create_default_context(cafile=str(certificate))
    http = SafeHttp(
        network=Half(outside.port), ssl_context=context, look_up=lambda *_: [PUBLIC, "8.8.8.8"]
    )
    assert http.get("https://media.example/foto", LIMIT) == PHOTO
