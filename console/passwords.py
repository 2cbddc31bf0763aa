"""Passwords: what is good enough, hashing with argon2id, and checking in constant time."""

from __future__ import annotations

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST = 12
_LONGEST = 256
_hasher = PasswordHasher()
# Each hash takes 64 MB and all the processors: many log-ins at once stand in line here, and hold
# no thread that pages need.
_line = ThreadPoolExecutor(2, thread_name_prefix="hash")
# An unknown name must take as long as a known one: it is checked against this.
_NOBODY = _hasher.hash(secrets.token_hex(16))


def too_weak(password: str, login: str) -> bool:
    """Say whether a password is refused: too short, all one thing, or the name itself."""
    plain = password.lower()
    return (
        not SHORTEST <= len(password) <= _LONGEST
        or len(set(plain)) < 6
        or login.lower() in plain
        or plain in "abcdefghijklmnopqrstuvwxyz0123456789012345678909876543210"
    )


def make_hash(password: str) -> str:
    """Hash a password; takes some tenths of a second by intention."""
    return _line.submit(_hasher.hash, password).result()


def fits(password: str, known: str | None) -> bool:
    """Check a password against a hash; without a hash it takes as long and is false."""
    return _line.submit(_fits, password, known).result()


async def fits_in_turn(password: str, known: str | None) -> bool:
    """Do as `fits`, without holding a thread while others are before us."""
    return await asyncio.wrap_future(_line.submit(_fits, password, known))


def _fits(password: str, known: str | None) -> bool:
    try:
        return _hasher.verify(known or _NOBODY, password[:_LONGEST]) and known is not None
    except (VerifyMismatchError, InvalidHashError):
        return False
