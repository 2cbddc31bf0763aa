"""Files from a phone to the disk: fetched again until they come, checked, sealed, never doubled."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from channels.fetching import SafeHttp
from channels.media import LEASE, MediaDesk, fetch_due, run_media
from hotline.errors import Refused
from hotline.messages import Kind, Media
from hotline.settings import ROOT, Settings, load_settings
from store import attachment_files, attachments, db, inbox
from store.attachments import Attachment
from store.crypto import Keyring
from store.media_files import media_folder
from store.tables import attachments as table
from store.vault import Vault
from tests.channels.odd_server import OddServer, plain, serving
from tests.fakes import NOON, Clock, message, receive

PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(5000)


@dataclass
class HttpFetcher:
    """What a transport does: its files lie behind links, and it has an account."""

    http: SafeHttp

    def fetch(self, source: str, limit: int) -> bytes:
        """Fetch a link whole."""
        return self.http.get(source, limit, auth=("AC1", "geheim"))


@dataclass
class FakeFetcher:
    """A provider that does what the test tells it."""

    behave: Callable[[str], Iterable[bytes]]
    asked: list[str] = field(default_factory=list)

    def fetch(self, source: str, limit: int) -> Iterable[bytes]:
        """Give what the test wants."""
        self.asked.append(source)
        return self.behave(source)


@pytest.fixture
def server() -> Iterator[OddServer]:
    with serving() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"SUAR_HOME": str(tmp_path / "home"), "SUAR_MEDIA_MAX_MB": "1"})


@pytest.fixture
def desk(vault: Vault, settings: Settings, clock: Clock, server: OddServer) -> MediaDesk:
    fetcher = HttpFetcher(SafeHttp([server.base]))
    return MediaDesk(
        vault=vault,
        settings=settings,
        fetchers={"twilio": fetcher},
        spare=0,
        now=clock,
        chance=lambda: 0.0,
    )


def send(desk: MediaDesk, source: str, *, size: int | None = None, name: str = "foto.jpg") -> None:
    """Let Siti send a file."""
    media = (Media(Kind.PHOTO, source, name, "image/jpeg", size),)
    inbound = replace(message("", provider_id=source), kind=Kind.PHOTO, media=media)
    number = receive(desk.vault, inbound, transport="twilio")
    with db.write(desk.vault.engine) as connection:
        # Answered by a worker meanwhile.
        inbox.finish(connection, number, outcome="kept", now=NOON)


def only(desk: MediaDesk) -> Attachment:
    """Read the one file there is."""
    with db.read(desk.vault.engine) as connection:
        known = connection.execute(sa.select(table.c.conversation_id)).scalar_one()
        (file,) = attachments.of_conversation(connection, desk.vault.keyring, known)
    return file


def fate(desk: MediaDesk) -> tuple[str, str | None]:
    file = only(desk)
    return file.state, file.reason


def on_disk(desk: MediaDesk) -> list[str]:
    folder = media_folder(desk.settings)
    return sorted(one.name for one in folder.iterdir()) if folder.exists() else []


def with_fetcher(desk: MediaDesk, behave: Callable[[str], Iterable[bytes]]) -> MediaDesk:
    return replace(desk, fetchers={"twilio": FakeFetcher(behave)})


def test_a_photo_is_fetched_checked_and_kept(desk: MediaDesk, server: OddServer) -> None:
    """Its kind is what it is, not what the phone called it."""
    server.answers["/foto"] = [plain(PHOTO, "200 OK", "Content-Type: text/html")]
    send(desk, server.url("/foto"))
    assert fetch_due(desk, "w1")
    file = only(desk)
    assert (file.state, file.type, file.size, file.name) == (
        "kept", "image/jpeg", len(PHOTO), "foto.jpg",
    )  # fmt: skip
    assert attachment_files.open_attachment(desk.vault, desk.settings, file.id) == PHOTO
    assert not fetch_due(desk, "w1")


def test_errors_of_the_provider_are_shown_and_overcome(
    desk: MediaDesk, server: OddServer, clock: Clock
) -> None:
    """Not there yet, account refused, broken: and then it comes."""
    server.answers["/foto"] = [
        plain(b"", "404 Not Found"),
        plain(b"", "401 Unauthorized"),
        plain(b"", "503 Service Unavailable"),
        plain(PHOTO, length=len(PHOTO) + 1),
        plain(PHOTO),
    ]
    send(desk, server.url("/foto"))
    seen = []
    while only(desk).state == "waiting":
        assert fetch_due(desk, "w1")
        seen.append(fate(desk))
        clock.advance(3600)
    assert seen == [
        ("waiting", "not_found"),
        ("waiting", "denied"),
        ("waiting", "server_error"),
        ("waiting", "bad_answer"),
        ("kept", None),
    ]


@pytest.mark.parametrize("posing", [b"<html><script>1</script></html>", b"MZ\x90\x00" + bytes(99)])
def test_what_poses_as_a_photo_is_refused_and_not_kept(
    desk: MediaDesk, server: OddServer, posing: bytes
) -> None:
    """A web page or a program called foto.jpg."""
    server.answers["/foto.jpg"] = [plain(posing, "200 OK", "Content-Type: image/jpeg")]
    send(desk, server.url("/foto.jpg"))
    fetch_due(desk, "w1")
    assert fate(desk) == ("refused", "wrong_type")
    assert on_disk(desk) == []


def test_a_film_that_is_too_long_is_refused_without_asking(
    desk: MediaDesk, server: OddServer
) -> None:
    """Where the provider tells its size."""
    send(desk, server.url("/film"), size=1024 * 1024 + 1)
    fetch_due(desk, "w1")
    assert fate(desk) == ("refused", "too_big")
    assert server.asked == []


def test_pieces_are_counted_whatever_the_fetcher_does(desk: MediaDesk) -> None:
    """A fetcher that forgets its limit is stopped."""
    given = 0

    def endless(_: str) -> Iterator[bytes]:
        nonlocal given
        while True:
            given += 1
            yield bytes(100_000)

    own = with_fetcher(desk, endless)
    send(own, "file-1")
    fetch_due(own, "w1")
    assert fate(own) == ("refused", "too_big")
    assert given == 11


def test_no_pieces_are_no_file(desk: MediaDesk) -> None:
    """It is asked for again."""
    own = with_fetcher(desk, lambda _: [])
    send(own, "file-1")
    fetch_due(own, "w1")
    assert fate(own) == ("waiting", "bad_answer")


@pytest.mark.parametrize(
    ("error", "became"),
    [
        (ConnectionError("https://api.example/file/bot123:rahasia"), ("waiting", "unreachable")),
        (Refused("no such file"), ("refused", "gone")),
        (RuntimeError("https://api.example/file/bot123:rahasia"), ("waiting", "fault")),
    ],
)
def test_no_error_of_a_fetcher_stops_the_others_or_tells_a_secret(
    desk: MediaDesk,
    error: Exception,
    became: tuple[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not even one that nobody thought of."""

    def fail(_: str) -> Iterable[bytes]:
        raise error

    own = with_fetcher(desk, fail)
    send(own, "file-1")
    assert fetch_due(own, "w1")
    assert fate(own) == became
    assert "rahasia" not in caplog.text


def test_a_disk_that_is_nearly_full_is_left_to_the_database(
    desk: MediaDesk, server: OddServer, clock: Clock
) -> None:
    """The file waits, and comes when there is room."""
    server.answers["/foto"] = [plain(PHOTO)]
    send(desk, server.url("/foto"))
    fetch_due(replace(desk, spare=2**60), "w1")
    assert fate(desk) == ("waiting", "disk_full")
    clock.advance(3600)
    fetch_due(desk, "w1")
    assert fate(desk) == ("kept", None)


def test_a_disk_that_takes_only_half_a_file_keeps_none_of_it(desk: MediaDesk, clock: Clock) -> None:
    """The system stops the writing in the middle; later there is room again."""
    big = PHOTO + bytes(16 * 1024 * 1024)
    settings = load_settings({"SUAR_HOME": str(desk.settings.home), "SUAR_MEDIA_MAX_MB": "20"})
    own = with_fetcher(replace(desk, settings=settings), lambda _: [big])
    send(own, "file-1")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # The database's own file stays below this.
    resource.setrlimit(resource.RLIMIT_FSIZE, (8 * 1024 * 1024, hard))
    try:
        fetch_due(own, "w1")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert fate(own) == ("waiting", "disk_full")
    assert on_disk(own) == []
    clock.advance(3600)
    fetch_due(own, "w1")
    assert fate(own) == ("kept", None)


def test_a_file_erased_while_it_comes_is_not_kept(desk: MediaDesk) -> None:
    """HAPUS counts, whoever is at work."""

    def erase_meanwhile(_: str) -> Iterable[bytes]:
        with db.write(desk.vault.engine) as connection:
            known = connection.execute(sa.select(table.c.conversation_id)).scalar_one()
            attachments.erase_files(connection, desk.vault.keyring, known)
        return [PHOTO]

    own = with_fetcher(desk, erase_meanwhile)
    send(own, "file-1")
    fetch_due(own, "w1")
    assert fate(own) == ("erased", None)
    assert on_disk(own) == []


def test_a_slow_fetcher_leaves_the_file_of_the_quick_one(desk: MediaDesk, clock: Clock) -> None:
    """Its lease ran out, and another has kept the file meanwhile."""

    def overtaken(_: str) -> Iterable[bytes]:
        clock.advance(LEASE)
        fetch_due(with_fetcher(desk, lambda _: [PHOTO]), "quick")
        return [PHOTO]

    own = with_fetcher(desk, overtaken)
    send(own, "file-1")
    fetch_due(own, "slow")
    assert fate(own) == ("kept", None)
    assert attachment_files.open_attachment(own.vault, own.settings, only(own).id) == PHOTO


def test_the_loop_fetches_erases_and_ends(desk: MediaDesk) -> None:
    """As the worker's process runs it."""
    own = replace(with_fetcher(desk, lambda source: [PHOTO + source.encode()]), now=time.time)
    for place in range(6):
        send(own, f"file-{place}")
    stop = threading.Event()
    loop = threading.Thread(target=run_media, args=(own, stop))
    loop.start()
    waiting = sa.select(sa.func.count()).where(table.c.state == "waiting")
    deadline, left = time.monotonic() + 120, 6
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        with db.read(own.vault.engine) as connection:
            left = connection.execute(waiting).scalar_one()
    stop.set()
    loop.join(120)
    assert not loop.is_alive()
    assert len(on_disk(own)) == 6
    asked = own.fetchers["twilio"].asked  # type: ignore[attr-defined]
    assert sorted(asked) == [f"file-{place}" for place in range(6)]


_CHILD = """
import os, signal, sys
import sqlalchemy as sa
from pathlib import Path
from channels.media import MediaDesk, fetch_due
from hotline.settings import load_settings
from store import db
from store.crypto import load_keyring
from store.media_files import media_folder
from store.vault import Vault

home, when = sys.argv[1:]
settings = load_settings({"SUAR_HOME": home})
engine = db.connect(settings.database_url)

def die():
    os.kill(os.getpid(), signal.SIGKILL)

class Provider:
    def fetch(self, source, limit):
        if when == "fetching":
            die()
        return [b"\\xff\\xd8\\xff\\xe0\\x00\\x10JFIF" + bytes(5000)]

@sa.event.listens_for(engine, "begin")
def begin(connection):
    folder = media_folder(settings)
    if when == "written" and folder.exists() and any(folder.iterdir()):
        die()

desk = MediaDesk(vault=Vault(engine, load_keyring(settings.keyring_file)), settings=settings,
                 fetchers={"twilio": Provider()}, spare=0)
fetch_due(desk, "child")
"""


@pytest.mark.parametrize("when", ["fetching", "written"])
def test_a_fetcher_killed_at_any_step_loses_nothing(tmp_path: Path, when: str) -> None:
    """Another takes over; a file already written is used, should the provider have lost it."""
    settings = load_settings({"SUAR_HOME": str(tmp_path)})
    keyring = Keyring.new()
    keyring.save(settings.keyring_file)
    engine = db.connect(settings.database_url)
    db.migrate(engine)
    desk = MediaDesk(
        vault=Vault(engine, keyring), settings=settings, fetchers={}, spare=0, now=lambda: NOON
    )
    send(desk, "file-1")
    child = subprocess.run([sys.executable, "-c", _CHILD, str(tmp_path), when], cwd=ROOT)
    assert child.returncode == -signal.SIGKILL
    assert fate(desk) == ("waiting", None)
    assert len(on_disk(desk)) == (1 if when == "written" else 0)

    def lost(_: str) -> Iterable[bytes]:
        if when == "written":
            raise Refused("the provider has deleted it")
        return [PHOTO]

    later = replace(with_fetcher(desk, lost), now=lambda: time.time() + LEASE + 1)
    assert fetch_due(later, "w2")
    assert fate(desk) == ("kept", None)
    assert attachment_files.open_attachment(desk.vault, settings, only(desk).id) == PHOTO
    assert len(on_disk(desk)) == 1
    engine.dispose()
