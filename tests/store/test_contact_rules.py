"""What a caller told about hours and ways stands where the sender obeys it."""

import pytest

from hotline.tickets import Category
from store import contact_rules, db, tickets
from store.contact_rules import zone_of
from store.vault import Vault
from tests.fakes import BUDI, NOON, SITI, message, receive
from tests.store.conversations_of import conversation_of


def tell(vault: Vault, conversation: str, message_id: int, *facts: tuple[str, str]) -> int:
    """Put facts on the ticket of a conversation and learn its rules."""
    with db.write(vault.engine) as connection:
        opened = tickets.open_or_raise(
            connection, vault.keyring, conversation=conversation, category=Category.REPORT,
            reasons=(), message_id=message_id, language="id", now=NOON,
        )  # fmt: skip
        for name, value in facts:
            tickets.add_fact(
                connection, vault.keyring, opened.id, name, value,
                said_by="caller", message_id=message_id, now=NOON,
            )  # fmt: skip
        contact_rules.learn(connection, vault.keyring, conversation)
    return opened.id


def rules(vault: Vault, conversation: str) -> dict[str, object]:
    with db.read(vault.engine) as connection:
        return contact_rules.read(connection, vault.keyring, conversation)


def caller(vault: Vault, address: str) -> tuple[str, int]:
    row = receive(vault, message("halo", provider_id=address, address=address))
    return conversation_of(vault, row), row


def test_hours_are_read_in_the_tickets_country(vault: Vault) -> None:
    """Nine in the evening is Kuwait's nine."""
    siti, row = caller(vault, SITI)
    tell(vault, siti, row, ("country", "KW"), ("safe_time", "jam 9 malam sampai 11"))
    assert rules(vault, siti) == {
        "safe": [[1260, 1380]], "tz": "Asia/Kuwait", "never_call": False, "do_not_write": False,
        "unclear": False, "words": ["jam 9 malam sampai 11"],
    }  # fmt: skip


def test_later_hours_take_the_place_of_earlier_ones(vault: Vault) -> None:
    """She has a new shift."""
    siti, row = caller(vault, SITI)
    tell(vault, siti, row, ("safe_time", "jam 9 malam"))
    tell(vault, siti, row, ("safe_time", "kapan saja"))
    assert rules(vault, siti)["safe"] == []
    assert rules(vault, siti)["unclear"] is False


def test_without_a_word_about_it_there_is_no_rule(vault: Vault) -> None:
    """Nothing is held for nothing."""
    siti, row = caller(vault, SITI)
    tell(vault, siti, row, ("where", "Johor"))
    assert rules(vault, siti) == {}


def test_a_phone_that_joins_a_ticket_gets_its_hours_but_not_its_silence(vault: Vault) -> None:
    """The employer holds one phone; the neighbour's phone may be written to at safe hours."""
    siti, row = caller(vault, SITI)
    ticket = tell(
        vault, siti, row, ("safe_time", "jam 9 malam"), ("contact_rule", "do_not_write: jangan"),
        ("contact_rule", "never_call"),
    )  # fmt: skip
    other, _ = caller(vault, BUDI)
    with db.write(vault.engine) as connection:
        tickets.join(connection, ticket, other, now=NOON)
        contact_rules.learn(connection, vault.keyring, other)
    assert (rules(vault, siti)["do_not_write"], rules(vault, other)["do_not_write"]) == (
        True,
        False,
    )
    for one in (siti, other):
        assert (rules(vault, one)["safe"], rules(vault, one)["never_call"]) == (
            [[1260, 1320]],
            True,
        )


@pytest.mark.parametrize(
    ("country", "zone"),
    [("KW", "Asia/Kuwait"), ("SG", "Asia/Singapore"), ("ID", "Asia/Jakarta"), ("US", None),
     ("AU", None), ("XX", None)],
)  # fmt: skip
def test_a_country_has_one_zone_or_none_that_is_sure(country: str, zone: str | None) -> None:
    """Where clocks differ, hours alone say nothing."""
    assert zone_of(country) == zone


def test_malaysias_two_zones_show_one_time() -> None:
    """Kuching and Kuala Lumpur agree."""
    assert zone_of("MY") in {"Asia/Kuching", "Asia/Kuala_Lumpur"}
