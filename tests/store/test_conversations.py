"""What a conversation remembers between two messages."""

import sqlalchemy as sa

from hotline.messages import Choice
from store import conversations, db
from store.tables import conversations as table
from store.vault import Vault
from tests.fakes import message, receive

OFFERED = (Choice("Saya di Johor", '/inform{"value": "Johor"}'), Choice("Tidak", "/deny"))


def load(vault: Vault) -> conversations.Conversation:
    with db.read(vault.engine) as connection:
        known = connection.execute(sa.select(table.c.id)).scalar_one()
        return conversations.load(connection, vault.keyring, known)


def remember(vault: Vault, *choices: Choice, **how: bool) -> None:
    marks = {"needs_person": False, "neutral": False, **how}
    with db.write(vault.engine) as connection:
        conversations.remember(
            connection, vault.keyring, load(vault).id, choices=choices, language="jv", **marks
        )


def test_a_new_conversation_knows_its_channel_and_nothing_else(vault: Vault) -> None:
    """Indonesian until something else is heard, no person called, nothing to pick."""
    receive(vault, message("halo"), transport="twilio")
    known = load(vault)
    assert (known.channel, known.transport, known.language) == ("whatsapp", "twilio", "id")
    assert (known.needs_person, known.neutral, known.choices) == (False, False, ())


def test_choices_and_language_are_remembered(vault: Vault) -> None:
    """The next message can name what was offered by number."""
    receive(vault, message("halo"))
    remember(vault, *OFFERED, needs_person=True, neutral=True)
    known = load(vault)
    assert known.choices == OFFERED
    assert (known.language, known.needs_person, known.neutral) == ("jv", True, True)


def test_nothing_offered_leaves_nothing_to_pick(vault: Vault) -> None:
    """After a plain answer an old menu is gone."""
    receive(vault, message("halo"))
    remember(vault, *OFFERED)
    remember(vault)
    assert load(vault).choices == ()


def test_the_raw_choices_hold_no_words(vault: Vault) -> None:
    """A menu may hold the names of places and firms that the caller spoke of."""
    receive(vault, message("halo"))
    remember(vault, *OFFERED)
    with db.read(vault.engine) as connection:
        [row] = connection.execute(sa.select(table))
    assert "Johor" not in repr(tuple(row))
