"""Sealing inside Rasa's environment; that it agrees with the store is tested from there."""

import pytest
from cryptography.exceptions import InvalidTag

from bot.sealing import Sealer

PLACE = "rasa_trackers.body"


def test_what_was_sealed_opens_again(keyring_file):
    """Letters of any script survive."""
    sealer = Sealer(keyring_file)
    text = "tolong 😭 ꦏꦸꦭ"
    assert sealer.open(sealer.seal(text, PLACE), PLACE) == text


def test_the_same_text_never_looks_the_same(keyring_file):
    """Equal words do not show as equal bytes."""
    sealer = Sealer(keyring_file)
    assert sealer.seal("ya", PLACE) != sealer.seal("ya", PLACE)


def test_a_value_of_another_place_does_not_open(keyring_file):
    """A row cannot be moved to another column."""
    sealer = Sealer(keyring_file)
    with pytest.raises(InvalidTag):
        sealer.open(sealer.seal("ya", "inbox.text"), PLACE)


def test_a_key_that_is_gone_is_an_error(keyring_file):
    """No key, no guess."""
    sealer = Sealer(keyring_file)
    sealed = sealer.seal("ya", PLACE)
    with pytest.raises(KeyError):
        sealer.open(sealed.replace(b"k2", b"k9", 1), PLACE)
