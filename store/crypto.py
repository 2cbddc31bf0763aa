"""Seal and open what is personal (AES-256-GCM-SIV with key ids), and find by keyed blind index."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from hotline.errors import KeyringError

_INDEX_BYTES = 32
_VERSION = b"\x01"


def _new_key() -> str:
    return base64.b64encode(AESGCMSIV.generate_key(256)).decode()


def _new_name() -> str:
    # Random: of two keyrings that have each a "k1", the wrong one would not be told from damage.
    return f"k{secrets.token_hex(6)}"


class Keyring:
    """The data keys (one of them active) and the key of the blind index.

    A sealed value is: version byte, length of key id, key id, 12-byte nonce, ciphertext with tag.
    The place (table.column) is authenticated too: a value moved to another column does not open.
    """

    def __init__(self, active: str, keys: Mapping[str, str], index: str) -> None:
        if active not in keys:
            raise KeyringError(f"the active key {active!r} is not among the keys")
        self.active = active
        self._keys = dict(keys)
        self._ciphers = {name: AESGCMSIV(base64.b64decode(key)) for name, key in keys.items()}
        self._index = base64.b64decode(index)
        if len(self._index) < _INDEX_BYTES:
            raise KeyringError("the key of the blind index is missing or too short")

    @classmethod
    def new(cls) -> Keyring:
        """Make a fresh keyring with one key."""
        name = _new_name()
        return cls(name, {name: _new_key()}, _new_key())

    def with_new_key(self) -> Keyring:
        """Give a keyring whose active key is new; the old keys still open what they sealed."""
        name = _new_name()
        index = base64.b64encode(self._index).decode()
        return Keyring(name, {**self._keys, name: _new_key()}, index)

    def seal(self, text: str, place: str) -> bytes:
        """Encrypt `text` for the column `place` (such as "inbox.text")."""
        # Half of a split emoji cannot be written in UTF-8; the rest of the message can.
        return self.seal_bytes(text.encode("utf-8", "replace"), place)

    def seal_bytes(self, data: bytes, place: str) -> bytes:
        """Encrypt `data` for the place where it will be kept."""
        name, nonce = self.active.encode(), secrets.token_bytes(12)
        sealed = self._ciphers[self.active].encrypt(nonce, data, place.encode())
        return b"".join((_VERSION, bytes([len(name)]), name, nonce, sealed))

    def open(self, sealed: bytes, place: str) -> str:
        """Decrypt what `seal` made; raises KeyringError when key, place or bytes do not fit."""
        return self.open_bytes(sealed, place).decode()

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """Decrypt what `seal_bytes` made; raises KeyringError as `open` does."""
        if len(sealed) < 2 or len(sealed) < 14 + sealed[1]:
            raise KeyringError(f"a value of {place} does not open: damaged or moved")
        size = sealed[1]
        name = sealed[2 : 2 + size].decode(errors="replace")
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise KeyringError(f"{place} was sealed with key {name!r}, which the keyring lacks")
        nonce, body = sealed[2 + size : 14 + size], sealed[14 + size :]
        try:
            return cipher.decrypt(nonce, body, place.encode())
        except InvalidTag:
            raise KeyringError(f"a value of {place} does not open: damaged or moved") from None

    @staticmethod
    def key_name(sealed: bytes) -> str:
        """Say which key a sealed value needs."""
        return sealed[2 : 2 + sealed[1]].decode()

    def blind(self, label: str, value: str) -> bytes:
        """Compute the 16 bytes under which `value` is found again without being stored."""
        return self._mac(label, value)[:16]

    def digits(self, label: str, value: str, count: int) -> str:
        """Derive `count` decimal digits from a secret; the same for the same value."""
        number = int.from_bytes(self._mac(label, value), "big")
        return str(number % 10**count).zfill(count)

    def _mac(self, label: str, value: str) -> bytes:
        return hmac.new(self._index, f"{label}\0{value}".encode(), hashlib.sha256).digest()

    def save(self, file: Path) -> None:
        """Write the keyring for its owner alone; the old file stays until the new is whole."""
        file.parent.mkdir(parents=True, exist_ok=True)
        index = base64.b64encode(self._index).decode()
        plain = {"active": self.active, "keys": self._keys, "index": index}
        part = file.with_suffix(f".{os.getpid()}.part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(plain, out)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)


def load_keyring(file: Path) -> Keyring:
    """Read a keyring file; raises KeyringError that says what to do when it cannot be read."""
    try:
        plain = json.loads(file.read_text())
        return Keyring(plain["active"], plain["keys"], plain["index"])
    except FileNotFoundError:
        raise KeyringError(f"no keyring at {file}; restore it from your backup") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyringError(f"the keyring at {file} is damaged ({type(error).__name__})") from None


def ensure_keyring(file: Path) -> Keyring:
    """Load the keyring, or make one for a new installation."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{secrets.token_hex(4)}.new")
        Keyring.new().save(fresh)
        try:
            os.link(fresh, file)  # fails when another process was first: then its keys count
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return load_keyring(file)
