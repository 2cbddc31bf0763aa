"""What the caller is told of a file that is not kept: the truth, once, at no bad moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from channels.fetching import FetchLater, FetchRefused
from channels.media import MediaDesk, fetch_due
from hotline.attachments import GIVE_UP_AFTER, MOST_ATTEMPTS, Reason
from hotline.messages import Kind, Media
from hotline.settings import load_settings
from replies.takeover import Counter
from store import db, overview
from store.tables import attachments as table
from store.tables import conversations
from store.vault import Vault
from tests.fakes import TEXTS, Clock, FakeBot, make_desk, message, receive, said, sent, work
from tests.posting import change, pump, rows, states

KEPT = "Kiriman Anda kami simpan."
TOO_LARGE = "Terlalu besar, tidak kami simpan."
WRONG_KIND = "Jenis itu tidak kami simpan."
LOST = "Tidak berhasil kami simpan."
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(500)


@dataclass
class Provider:
    """A store of files that gives one thing, or one error."""

    gives: bytes | Exception

    def fetch(self, source: str, limit: int) -> Iterable[bytes]:
        """Give it."""
        if isinstance(self.gives, Exception):
            raise self.gives
        return [self.gives]


class Siti:
    """Siti, her phone, and everybody who works for her."""

    def __init__(self, vault: Vault, clock: Clock, home: Path) -> None:
        self.vault, self.clock, self.number = vault, clock, 0
        self.bot = FakeBot()
        self.desk = make_desk(vault, self.bot, clock)
        settings = load_settings({"SUAR_HOME": str(home), "SUAR_MEDIA_MAX_MB": "1"})
        self.media = MediaDesk(
            vault=vault, settings=settings, fetchers={}, texts=TEXTS, spare=0, now=clock,
            chance=lambda: 0.0,
        )  # fmt: skip
        self.counter = Counter(
            vault=vault, texts=TEXTS, claim_seconds=48 * 3600.0, sms_segments=3, now=clock
        )

    def sends(self, text: str = "", *, size: int | None = None, answered: bool = True) -> None:
        """Send a photo, which a worker answers at once."""
        self.number += 1
        one = message(
            text, provider_id=str(self.number), at=self.clock(), kind=Kind.PHOTO,
            media=(Media(Kind.PHOTO, f"file-{self.number}", size=size),),
        )  # fmt: skip
        receive(self.vault, one, transport="twilio")
        if answered:
            work(self.desk)

    def writes(self, text: str) -> None:
        """Write something, which a worker answers at once."""
        self.number += 1
        one = message(text, provider_id=str(self.number), at=self.clock())
        receive(self.vault, one, transport="twilio")
        work(self.desk)

    def fetch(self, gives: bytes | Exception) -> None:
        """Let everything that is due be fetched from a provider that gives this."""
        desk = replace(self.media, fetchers={"twilio": Provider(gives)})
        while fetch_due(desk, "w1"):
            pass

    def give_up(self) -> None:
        """Let a day pass in which the provider answers nothing."""
        self.clock.advance(GIVE_UP_AFTER)
        self.fetch(FetchLater(Reason.UNREACHABLE))

    @property
    def standing(self) -> overview.Standing:
        """What is on the responders' list about her."""
        [one] = self.counter.listing(everything=True)
        return one

    def events(self) -> list[tuple[str, str, str | None]]:
        """What the conversation's log says of files: kind, reason, and what she was told."""
        with db.read(self.vault.engine) as connection:
            every = overview.events(connection, self.standing.id)
        about = [one for one in every if one["kind"].startswith("file_")]
        return [(o["kind"], o["details"]["reason"], o["details"]["told"]) for o in about]


@pytest.fixture
def siti(vault: Vault, clock: Clock, tmp_path: Path) -> Siti:
    return Siti(vault, clock, tmp_path)


def test_a_file_that_is_kept_is_not_spoken_of_again(siti: Siti) -> None:
    """ "Being kept" has come true."""
    siti.sends()
    siti.fetch(PHOTO)
    assert said(siti.vault) == [KEPT]
    assert siti.events() == []


@pytest.mark.parametrize(
    ("gives", "told"),
    [
        (b"MZ\x90\x00" + bytes(99), WRONG_KIND),
        (bytes(2 * 1024 * 1024), TOO_LARGE),
        (FetchRefused(Reason.GONE), LOST),
    ],
)
def test_a_refused_file_is_told_at_once(siti: Siti, gives: bytes | Exception, told: str) -> None:
    """She still holds the phone: it goes out like any answer."""
    siti.sends()
    siti.fetch(gives)
    assert said(siti.vault) == [KEPT, told]
    assert rows(siti.vault)[-1].purpose == "answer"


def test_a_size_that_the_provider_told_is_spoken_of_once(siti: Siti) -> None:
    """The turn has said it; with a caption the turn answers that, and says nothing of the file."""
    siti.desk = replace(siti.desk, media_bytes=1024 * 1024)
    siti.sends(size=2 * 1024 * 1024)
    siti.fetch(PHOTO)
    assert said(siti.vault).count(TOO_LARGE) == 1
    siti.clock.advance(3600)
    siti.sends("ini kontraknya", size=2 * 1024 * 1024)
    siti.fetch(PHOTO)
    assert said(siti.vault).count(TOO_LARGE) == 2


def test_the_answer_to_her_message_comes_before(siti: Siti) -> None:
    """ "Not kept" and then "being kept" would be read as kept."""
    siti.sends(answered=False)
    siti.fetch(b"MZ\x90\x00" + bytes(99))
    assert sent(siti.vault) == []
    work(siti.desk)
    siti.clock.advance(60)
    siti.fetch(b"MZ\x90\x00" + bytes(99))
    assert said(siti.vault) == [KEPT, WRONG_KIND]


def test_an_album_of_refused_files_is_told_once(siti: Siti) -> None:
    """And the next one, an hour later, again."""
    for _ in range(3):
        siti.sends()
        siti.clock.advance(2)
    siti.fetch(b"MZ\x90\x00" + bytes(99))
    assert said(siti.vault).count(WRONG_KIND) == 1
    assert len(siti.events()) == 3
    siti.clock.advance(3600)
    siti.sends()
    siti.fetch(b"MZ\x90\x00" + bytes(99))
    assert said(siti.vault).count(WRONG_KIND) == 2


def test_a_file_given_up_is_told_once_and_shown(siti: Siti) -> None:
    """After a day of tries; a responder may still ask the provider for it."""
    siti.sends()
    siti.give_up()
    siti.give_up()
    assert said(siti.vault) == [KEPT, LOST]
    assert rows(siti.vault)[-1].purpose == "notice"
    assert siti.standing.needs_person
    assert siti.events() == [("file_given_up", "unreachable", "utter_media_lost")]


def test_a_file_that_stopped_its_fetchers_is_given_up_and_told(siti: Siti) -> None:
    """It may have killed a process again and again: nobody comes to say so but the next."""
    siti.sends()
    with db.write(siti.vault.engine) as connection:
        connection.execute(table.update().values(attempts=MOST_ATTEMPTS))
    siti.fetch(PHOTO)
    assert said(siti.vault) == [KEPT, LOST]
    assert siti.events() == [("file_given_up", "interrupted", "utter_media_lost")]


def test_in_a_persons_conversation_the_person_says_it(siti: Siti) -> None:
    """The caller hears one voice; the responder sees the file and why."""
    siti.sends()
    siti.counter.claim(siti.standing.id, by="Rini")
    siti.give_up()
    assert said(siti.vault) == [KEPT]
    assert siti.events() == [("file_given_up", "unreachable", None)]
    [shown] = siti.counter.show(siti.standing.id, by="Rini")
    files = [file for line in shown["lines"] for file in line.files]  # type: ignore[attr-defined]
    assert [(file["state"], file["reason"]) for file in files] == [("failed", "unreachable")]


def test_her_hours_hold_what_we_begin(siti: Siti, vault: Vault) -> None:
    """The day after, at an hour that she has not called safe."""
    siti.sends()
    pump(vault, siti.clock())
    rules = vault.keyring.seal('{"safe": [[1200, 1260]]}', "conversations.contact_rules")
    with db.write(vault.engine) as connection:
        change(connection, siti.standing.id, contact_rules_sealed=rules)
    siti.give_up()
    pump(vault, siti.clock())
    assert states(vault)[:2] == ["sent", "held"]
    assert rows(vault)[1].hold == "safe_hours"


def test_a_watched_caller_is_told_when_she_is_alone_again(siti: Siti, vault: Vault) -> None:
    """Until LANJUT there are recipes only, however fresh her photo is."""
    siti.writes("RESEP")
    siti.sends()
    siti.fetch(b"MZ\x90\x00" + bytes(99))
    pump(vault, siti.clock())
    before = {row.id: row.state for row in rows(vault)}
    assert list(before.values()) == ["sent", "sent", "held"]
    siti.writes("LANJUT")
    pump(vault, siti.clock())
    assert {row.state for row in rows(vault)} == {"sent"}


def test_what_she_forbade_holds_even_seconds_later(siti: Siti, vault: Vault) -> None:
    """ "Jangan balas": somebody else may hold the phone by now."""
    siti.writes("jangan balas dulu")
    siti.sends()
    siti.fetch(b"MZ\x90\x00" + bytes(99))
    assert rows(vault)[-1].purpose == "notice"
    pump(vault, siti.clock())
    assert rows(vault)[-1].hold == "do_not_write"


def test_no_conversation_is_touched_that_has_no_transport(siti: Siti, vault: Vault) -> None:
    """On our own page nobody would carry it."""
    siti.sends()
    with db.write(vault.engine) as connection:
        connection.execute(conversations.update().values(transport="local"))
    siti.fetch(b"MZ\x90\x00" + bytes(99))
    assert said(vault) == [KEPT]
