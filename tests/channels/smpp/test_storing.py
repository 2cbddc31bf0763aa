"""What is stored when the same comes again, and when something goes wrong in between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.smpp import wire
from channels.smpp.ids import Ids
from channels.smpp.joining import Parts
from channels.smpp.parse import Piece
from channels.smpp.storing import Stores
from channels.smpp.text import Place
from store import db
from store.vault import Vault
from tests.channels.smpp.centre import BUDI
from tests.channels.smpp.station import words
from tests.fakes import Clock


@pytest.fixture
def stores(vault: Vault, tmp_path: Path, clock: Clock) -> Iterator[Stores]:
    """Give stores on an empty database."""
    parts = Parts(tmp_path / "parts.db", vault.keyring)
    yield Stores(vault, parts, Ids(), clock)
    parts.close()


def says(text: str, **more: object) -> Piece:
    """Let Budi say something."""
    return Piece(BUDI, "62800", text.encode(), 0, **more)  # type: ignore[arg-type]


def test_the_same_words_in_one_session_are_said_twice(stores: Stores, vault: Vault) -> None:
    """The first were answered before she wrote again."""
    for _ in range(3):
        assert stores.take([says("ya")]) == [wire.OK]
    assert words(vault) == ["ya"] * 3


def test_the_same_words_in_the_next_session_are_a_repeat_once(
    stores: Stores, vault: Vault, clock: Clock
) -> None:
    """And for a while only."""
    stores.take([says("ya")])
    stores.new_session()
    clock.advance(30)
    assert stores.take([says("ya"), says("ya")]) == [wire.OK] * 2
    assert words(vault) == ["ya", "ya"]
    stores.new_session()
    clock.advance(3600)
    stores.take([says("ya")])
    assert words(vault) == ["ya"] * 3


def test_after_a_late_answer_the_same_words_are_a_repeat(stores: Stores, vault: Vault) -> None:
    """The centre may have stopped waiting for it."""
    stores.take([says("ya")])
    stores.answered_late()
    stores.take([says("ya")])
    assert words(vault) == ["ya"]


def test_the_centres_own_number_tells_repeats_for_certain(stores: Stores, vault: Vault) -> None:
    """In any session, and other words under the same number are another message."""
    stores.take([says("ya", told_id="A1"), says("ya", told_id="A2"), says("ya", told_id="A1")])
    stores.take([says("tidak", told_id="A1")])
    assert words(vault) == ["ya", "ya", "tidak"]


def test_one_message_that_cannot_be_stored_stops_no_other(
    stores: Stores, vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    """It comes again; what it says is not in the log."""
    broken = Piece(BUDI, "62800", "rahasia", 0)  # type: ignore[arg-type]  # no bytes
    assert stores.take([says("satu"), broken, says("dua")]) == [wire.OK, wire.NOT_NOW, wire.OK]
    assert words(vault) == ["satu", "dua"]
    assert "rahasia" not in caplog.text


def test_parts_are_kept_while_the_database_is_away(
    vault: Vault, tmp_path: Path, clock: Clock
) -> None:
    """They are promised, and stored once it is there again."""
    away = Vault(db.connect(f"sqlite:///{tmp_path / 'empty' / 'suar.db'}"), vault.keyring)
    parts = Parts(tmp_path / "parts.db", vault.keyring)
    stores = Stores(away, parts, Ids(), clock)
    pieces = [says(text, place=Place(7, 2, n)) for n, text in enumerate(("to", "long"), 1)]
    assert stores.take([*pieces, says("ya")]) == [wire.OK, wire.OK, wire.NOT_NOW]
    stores.join()
    db.migrate(away.engine)
    stores.join()  # it pauses after a failure
    assert words(away) == []
    clock.advance(31)
    stores.join()
    stores.join()
    assert words(away) == ["tolong"]
    parts.close()
    away.engine.dispose()
