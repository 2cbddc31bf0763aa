"""Seal and open the tracker with the installation's keyring file (same form as the database's).

The rest of Suar has this in store/crypto.py; Rasa's Python cannot import that, and a tracker
holds a caller's words, so it is sealed here too. tests/store/test_crypto.py proves they agree.
"""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV


class Sealer:
    """Encrypts with the active key, decrypts with the key that a value names."""

    def __init__(self, file: Path) -> None:
        """Read the keyring; a missing or damaged file raises and stops Rasa at start."""
        plain = json.loads(file.read_text())
        self._active = plain["active"].encode()
        self._ciphers = {
            name.encode(): AESGCMSIV(base64.b64decode(key)) for name, key in plain["keys"].items()
        }

    def seal(self, text: str, place: str) -> bytes:
        """Encrypt `text` for `place`; version byte, key id and nonce stand before it."""
        nonce = secrets.token_bytes(12)
        body = self._ciphers[self._active].encrypt(
            nonce, text.encode("utf-8", "replace"), place.encode()
        )
        return b"\x01" + bytes([len(self._active)]) + self._active + nonce + body

    def open(self, sealed: bytes, place: str) -> str:
        """Decrypt what `seal` made; raises when key, place or bytes do not fit."""
        end = 2 + sealed[1]
        cipher = self._ciphers[sealed[2:end]]
        return cipher.decrypt(sealed[end : end + 12], sealed[end + 12 :], place.encode()).decode()
