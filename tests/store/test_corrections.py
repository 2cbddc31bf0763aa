"""Corrections: proposed once a message, reviewed once, gone with the words they are about."""

import pytest
import sqlalchemy as sa

from hotline.errors import Refused, WrongMove
from hotline.messages import Kind
from hotline.understood import Understood
from store import corrections, db, earlier, inbox
from store.corrections import Correction, State
from store.erasure import erase_conversation
from store.tables import inbox as inbox_table
from store.vault import Vault
from tests.fakes import NOON, message, receive
from tests.store.conversations_of import conversation_of
from tests.store.people import ani

TEXT = "ongkose pinten nggih menawi dhateng taiwan"


def heard(vault: Vault, text: str = TEXT, **more: object) -> int:
    """Store a message that the bot took for a farewell."""
    row = receive(vault, message(text, **more))
    with db.write(vault.engine) as connection:
        inbox.finish(
            connection, row, outcome="bot", now=NOON, understood=Understood("goodbye", 0.5, "jv")
        )
    return row


def propose(vault: Vault, row: int, intent: str = "faq/costs", language: str = "jv") -> None:
    who = ani(vault)
    with db.write(vault.engine) as connection:
        corrections.propose(
            connection, vault.keyring, row, intent=intent, language=language, staff_id=who, now=NOON
        )


def waiting(vault: Vault) -> list[corrections.Proposed]:
    with db.read(vault.engine) as connection:
        return corrections.proposed(connection, vault.keyring)


def about(vault: Vault, row: int) -> list[Correction]:
    with db.read(vault.engine) as connection:
        return corrections.of_messages(connection, [row])


def test_a_proposal_waits_with_her_words_and_what_the_bot_made_of_them(vault: Vault) -> None:
    """That is what the reviewer needs."""
    row = heard(vault)
    propose(vault, row)
    [one] = waiting(vault)
    assert (one.text, one.intent, one.language, one.read_as) == (TEXT, "faq/costs", "jv", "goodbye")


def test_a_second_word_on_a_message_replaces_the_first(vault: Vault) -> None:
    """A slip of the finger is mended by choosing again."""
    row = heard(vault)
    propose(vault, row, "greet")
    propose(vault, row, "faq/costs")
    assert [one.intent for one in waiting(vault)] == ["faq/costs"]
    with db.write(vault.engine) as connection:
        assert corrections.take_back(connection, row)
    assert waiting(vault) == []


@pytest.mark.parametrize(
    ("intent", "language"), [("nlu_fallback", "jv"), ("biaya", "jv"), ("faq/costs", "xx")]
)
def test_only_words_of_the_lists_are_taken(vault: Vault, intent: str, language: str) -> None:
    """A form can be filled by anybody's program."""
    row = heard(vault)
    with pytest.raises(Refused, match="of the lists"):
        propose(vault, row, intent, language)


def test_what_she_did_not_type_has_no_meaning_to_correct(vault: Vault) -> None:
    """A tapped button is certain, and an empty text says nothing."""
    for number, (text, kind) in enumerate([("Ya", Kind.PICK), ("", Kind.TEXT)]):
        row = heard(vault, text, provider_id=f"p{number}", kind=kind)
        with pytest.raises(Refused, match="typed"):
            propose(vault, row)


def test_a_correction_is_reviewed_once(vault: Vault) -> None:
    """Then the message takes no other one when it became an example."""
    row = heard(vault)
    propose(vault, row)
    [one] = waiting(vault)
    with db.write(vault.engine) as connection:
        corrections.review(connection, one.id, State.ACCEPTED, by="operator", now=NOON)
    assert waiting(vault) == []
    assert [c.state for c in about(vault, row)] == [State.ACCEPTED]
    with db.write(vault.engine) as connection, pytest.raises(WrongMove):
        corrections.review(connection, one.id, State.REFUSED, by="operator", now=NOON)
    with pytest.raises(Refused, match="already"):
        propose(vault, row)


def test_a_refused_one_may_be_proposed_anew(vault: Vault) -> None:
    """With another intent it may be right."""
    row = heard(vault)
    propose(vault, row, "greet")
    [one] = waiting(vault)
    with db.write(vault.engine) as connection:
        corrections.review(connection, one.id, State.REFUSED, by="operator", now=NOON)
    propose(vault, row)
    assert [c.state for c in about(vault, row)] == [State.REFUSED, State.PROPOSED]


def read_columns(vault: Vault, row: int) -> tuple[object, ...]:
    names = ("read_intent", "read_confidence", "read_language")
    query = sa.select(*(inbox_table.c[name] for name in names)).where(inbox_table.c.id == row)
    with db.read(vault.engine) as connection:
        return tuple(connection.execute(query).one())


def test_her_wish_to_delete_takes_the_proposal_and_the_reading_along(vault: Vault) -> None:
    """What is gone cannot be learned, and what it was taken for says something of it."""
    row = heard(vault)
    assert read_columns(vault, row) == ("goodbye", 0.5, "jv")
    propose(vault, row)
    with db.write(vault.engine) as connection:
        erase_conversation(connection, vault.keyring, conversation_of(vault, row))
    assert waiting(vault) == []
    assert about(vault, row) == []
    assert read_columns(vault, row) == (None, None, None)


@pytest.mark.parametrize("evidence", [True, False])
def test_a_message_she_took_back_is_not_listed(vault: Vault, evidence: bool) -> None:
    """Nor one whose words stay on the ticket as evidence: they stay for that alone."""
    row, other = heard(vault), heard(vault, "halo selamat siang", provider_id="m2")
    propose(vault, row)
    propose(vault, other, "greet")
    with db.write(vault.engine) as connection:
        earlier.mark_deleted(connection, vault.keyring, row, keep_text=evidence)
    assert [one.text for one in waiting(vault)] == ["halo selamat siang"]
    with pytest.raises(Refused, match="deleted"):
        propose(vault, row)
