"""Parts of long messages: kept on disk, joined once, and given up after a while."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.smpp.joining import GAP, PATIENCE, Parts, Whole
from channels.smpp.parse import Piece
from channels.smpp.text import Place
from store.crypto import Keyring

BUDI = "+6281200000001"


@pytest.fixture
def parts(tmp_path: Path, keyring: Keyring) -> Iterator[Parts]:
    """Give an empty file of parts."""
    made = Parts(tmp_path / "parts.db", keyring)
    yield made
    made.close()


def keep(
    parts: Parts, body: bytes, number: int, *, total: int = 2, reference: int = 7,
    at: float = 1000.0, coding: int = 0, address: str = BUDI,
) -> None:  # fmt: skip
    """Keep one part."""
    place = Place(reference, total, number)
    parts.keep(Piece(address, "62800", body, coding, place), place, at)


def texts(parts: Parts, now: float = 1000.0) -> list[str | None]:
    """List the texts that are ready."""
    return [one.text for one in parts.ready(now)]


def test_parts_are_joined_in_their_order(parts: Parts) -> None:
    """Whichever came first, and however often."""
    keep(parts, b"dikunci", 2)
    keep(parts, b"dikunci", 2)
    assert texts(parts) == []
    keep(parts, b"saya ", 1)
    assert texts(parts) == ["saya dikunci"]


def test_a_restart_finds_what_was_kept(parts: Parts, tmp_path: Path, keyring: Keyring) -> None:
    """And names the whole message as before, so that it is stored once."""
    keep(parts, b"saya ", 1)
    keep(parts, b"dikunci", 2)
    (before,) = parts.ready(1000)
    parts.close()
    again = Parts(tmp_path / "parts.db", keyring)
    assert again.ready(2000) == [before]
    again.close()


def test_what_waits_too_long_goes_without_the_rest(parts: Parts) -> None:
    """With a mark where something is missing."""
    keep(parts, b"tolong", 1, total=3, at=1000)
    keep(parts, b"saya", 3, total=3, at=1010)
    assert texts(parts, 1010 + PATIENCE) == []
    assert texts(parts, 1011 + PATIENCE) == [f"tolong {GAP} saya"]


def test_a_clock_that_was_put_back_holds_nothing_up(parts: Parts) -> None:
    """Nothing waits for a moment that lies far ahead."""
    keep(parts, b"tolong", 1, at=90_000)
    assert texts(parts, 1000) == [f"tolong {GAP}"]


def test_a_repeated_part_of_a_stored_message_begins_no_new_one(parts: Parts) -> None:
    """Its answer was lost; for a quarter of an hour that is remembered."""
    keep(parts, b"saya ", 1)
    keep(parts, b"dikunci", 2)
    (one,) = parts.ready(1000)
    parts.done(one.key)
    keep(parts, b"dikunci", 2, at=1100)
    assert parts.ready(9999) == []


def test_a_phone_that_gives_the_same_number_again_mixes_nothing(parts: Parts) -> None:
    """An unfinished message goes as it is, and the new one by itself."""
    keep(parts, b"lama ", 1)
    keep(parts, b"baru ", 1, at=1005)
    keep(parts, b"sekali", 2, at=1006)
    assert sorted(map(str, texts(parts, 1006))) == ["baru sekali", f"lama {GAP}"]


def test_the_same_number_after_a_stored_message_is_a_new_one(parts: Parts) -> None:
    """A phone counts to 255 and begins anew."""
    names = set()
    for at in (1000.0, 5000.0):
        keep(parts, b"saya ", 1, at=at)
        keep(parts, b"dikunci", 2, at=at)
        (one,) = parts.ready(at)
        names.add(one.identity)
        parts.done(one.key)
    assert len(names) == 2


def test_two_callers_do_not_meet(parts: Parts) -> None:
    """Their phones count alike."""
    keep(parts, b"satu", 1)
    keep(parts, b"dua", 2, address="+6281200000002")
    assert texts(parts) == []


def test_a_sign_that_is_cut_in_two_is_whole_again(parts: Parts) -> None:
    """Phones cut an emoji between its halves."""
    whole = "a😭b".encode("utf-16-be")
    keep(parts, whole[:4], 1, coding=8)
    keep(parts, whole[4:], 2, coding=8)
    assert texts(parts) == ["a😭b"]


def test_nobody_reads_the_file(parts: Parts, tmp_path: Path) -> None:
    """Words and numbers are sealed, and the file is its owner's alone."""
    keep(parts, b"paspor saya diambil", 1)
    file = tmp_path / "parts.db"
    assert b"paspor" not in file.read_bytes()
    assert b"8120000" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_what_cannot_be_opened_is_not_met_for_ever(parts: Parts, tmp_path: Path) -> None:
    """The key is gone: whoever joins it sees that nothing is there."""
    keep(parts, b"saya ", 1)
    parts.close()
    other = Parts(tmp_path / "parts.db", Keyring.new())
    (one,) = other.ready(9999)
    assert isinstance(one, Whole)
    assert (one.address, one.text) == ("", None)
    other.close()


def test_parts_that_wait_are_sealed_with_a_new_key(
    parts: Parts, tmp_path: Path, keyring: Keyring
) -> None:
    """A part that only the old key opened would be lost with it; what is done holds no words."""
    keep(parts, b"sudah ", 1, reference=8)
    keep(parts, b"lengkap", 2, reference=8)
    (whole,) = parts.ready(1000)
    parts.done(whole.key)
    keep(parts, b"saya ", 1)
    rotated = keyring.with_new_key()
    again = Parts(tmp_path / "parts.db", rotated)
    assert [again.reseal(), again.reseal()] == [1, 0]
    plain = json.loads((_saved(rotated, tmp_path / "keys.json")).read_text())
    only_new = {**plain, "keys": {rotated.active: plain["keys"][rotated.active]}}
    again.close()
    last = Parts(tmp_path / "parts.db", Keyring(**only_new))
    keep(last, b"dikunci", 2)
    assert texts(last) == ["saya dikunci"]
    last.close()


def _saved(keyring: Keyring, file: Path) -> Path:
    keyring.save(file)
    return file
