"""Sealing: what is personal opens with the right key at the right place, and nowhere else."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.errors import KeyringError
from store.crypto import Keyring, ensure_keyring, load_keyring

KEYS = Keyring.new()
WORDS = st.text(st.characters(exclude_categories=["Cs"]))


@given(WORDS)
def test_what_was_sealed_opens_again(text: str) -> None:
    """Any text, any script, any length."""
    assert KEYS.open(KEYS.seal(text, "inbox.text"), "inbox.text") == text


def test_the_same_text_is_never_sealed_the_same_way() -> None:
    """Two equal messages cannot be told to be equal from outside."""
    assert KEYS.seal("tolong", "inbox.text") != KEYS.seal("tolong", "inbox.text")


def test_a_value_moved_to_another_column_does_not_open() -> None:
    """Who can write to the database still cannot show Siti's story as a harmless reply."""
    with pytest.raises(KeyringError, match=r"outbox\.body"):
        KEYS.open(KEYS.seal("tolong", "inbox.text"), "outbox.body")


def test_another_installations_keys_open_nothing() -> None:
    """Names are random, so the missing key is named and not taken for damage."""
    with pytest.raises(KeyringError, match="the keyring lacks"):
        Keyring.new().open(KEYS.seal("tolong", "inbox.text"), "inbox.text")


@given(st.data())
def test_a_changed_byte_never_opens_to_another_text(data: st.DataObject) -> None:
    """One flipped bit anywhere is noticed, and named as damage."""
    sealed = bytearray(KEYS.seal("tolong", "inbox.text"))
    place = data.draw(st.integers(1, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(KeyringError):
        KEYS.open(bytes(sealed), "inbox.text")


@pytest.mark.parametrize("length", [0, 1, 2, 3, 10, 16, 30])
def test_a_cut_value_is_named_as_damage(length: int) -> None:
    """A half-written value ends in a KeyringError that names the column."""
    sealed = KEYS.seal("tolong", "inbox.text")[:length]
    with pytest.raises(KeyringError, match=r"inbox\.text"):
        KEYS.open(sealed, "inbox.text")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    """Rotation: what was sealed before stays readable, what comes after uses the new key."""
    before = KEYS.seal("lama", "inbox.text")
    rotated = KEYS.with_new_key().with_new_key()
    after = rotated.seal("baru", "inbox.text")
    assert rotated.open(before, "inbox.text") == "lama"
    assert rotated.open(after, "inbox.text") == "baru"
    assert Keyring.key_name(before) == KEYS.active
    assert Keyring.key_name(after) == rotated.active != KEYS.active
    with pytest.raises(KeyringError, match=rotated.active):
        KEYS.open(after, "inbox.text")


def test_rotation_keeps_numbers_and_keys_findable() -> None:
    """A conversation is still found by its number, and a ticket's key stays the one told."""
    rotated = KEYS.with_new_key()
    assert rotated.blind("address", "sms:+60") == KEYS.blind("address", "sms:+60")
    assert rotated.digits("ticket_key", "1", 8) == KEYS.digits("ticket_key", "1", 8)


def test_a_blind_index_depends_on_keys_label_and_value() -> None:
    """Without the key nobody can try out all telephone numbers."""
    mine = KEYS.blind("address", "sms:+60123000001")
    assert len(mine) == 16
    assert mine != Keyring.new().blind("address", "sms:+60123000001")
    assert mine != KEYS.blind("other", "sms:+60123000001")
    assert mine != KEYS.blind("address", "sms:+60123000002")


@given(WORDS, st.integers(1, 12))
def test_derived_digits_have_the_asked_length(value: str, count: int) -> None:
    """Leading zeros are kept: a key always has eight digits."""
    digits = KEYS.digits("ticket_key", value, count)
    assert len(digits) == count
    assert digits.isdigit()


def test_a_saved_keyring_is_the_same_and_private(tmp_path: Path) -> None:
    """What one process saved another opens with; no other account of the machine may read it."""
    file = tmp_path / "home" / "keys.json"
    KEYS.save(file)
    assert load_keyring(file).open(KEYS.seal("tolong", "t.c"), "t.c") == "tolong"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_many_processes_starting_at_once_agree_on_one_keyring(tmp_path: Path) -> None:
    """Gateway and worker start together on a new installation."""
    file = tmp_path / "keys.json"
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: ensure_keyring(file), range(8)))
    sealed = rings[0].seal("tolong", "t.c")
    assert {ring.open(sealed, "t.c") for ring in rings} == {"tolong"}
    assert list(tmp_path.iterdir()) == [file]


def test_an_existing_keyring_is_never_replaced(tmp_path: Path) -> None:
    """Making new keys would lock everything that was sealed before."""
    file = tmp_path / "keys.json"
    KEYS.save(file)
    before = file.read_bytes()
    ensure_keyring(file)
    assert file.read_bytes() == before


def test_a_missing_keyring_says_what_to_do(tmp_path: Path) -> None:
    """The operator is sent to her backup."""
    with pytest.raises(KeyringError, match="backup"):
        load_keyring(tmp_path / "keys.json")


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"active": "k1"}',
        b'{"active": "k1", "keys": {"k1": "kurang"}, "index": ""}',
        b'{"active": "k1", "keys": ["k1"], "index": "AAAA"}',
        b'{"active": "k9", "keys": {}, "index": "AAAA"}',
    ],
    ids=["empty", "half", "list", "null", "bytes", "bare", "short key", "key list", "no key"],
)  # fmt: skip
def test_a_damaged_keyring_says_so(tmp_path: Path, content: bytes) -> None:
    """A cut or edited file ends in one sentence, not in a stack of calls."""
    file = tmp_path / "keys.json"
    file.write_bytes(content)
    with pytest.raises(KeyringError, match=r"damaged|not among"):
        load_keyring(file)


def test_a_keyring_without_its_index_key_is_damaged(tmp_path: Path) -> None:
    """With an empty index key everybody could compute where a number is found."""
    file = tmp_path / "keys.json"
    KEYS.save(file)
    file.write_text(json.dumps({**json.loads(file.read_text()), "index": ""}))
    with pytest.raises(KeyringError):
        load_keyring(file)
