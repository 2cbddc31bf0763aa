"""What a caller told about hours and ways stands where the sender obeys it."""

import pytest
import sqlalchemy as sa

from hotline.messages import Channel, Purpose
from hotline.tickets import Category
from store import contact_rules, db, ticket_facts, ticket_links, tickets
from store import staff as accounts
from store.tables import ticket_facts as facts_table
from store.vault import Vault
from tests.fakes import BUDI, NOON, SITI, message, receive
from tests.posting import open_conversation, pump, queue, rows
from tests.store.conversations_of import conversation_of
from tests.store.people import ani

DAMAGED = b"\x01\x04dead" + b"x" * 40


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
    """Nine in the evening is Kuwait's nine, for her who works there."""
    siti, row = caller(vault, SITI)
    hours = ("safe_time", "jam 9 malam sampai 11")
    tell(vault, siti, row, ("country", "KW"), ("who", "saya sendiri"), hours)
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


def write_down(vault: Vault, ticket: int, field: str, value: str) -> None:
    """Let a responder write down what she was told elsewhere."""
    with db.write(vault.engine) as connection:
        contact_rules.lock_callers(connection, ticket)
        ticket_facts.add_fact(
            connection, vault.keyring, ticket, field, value, said_by="ani", message_id=None,
            now=NOON,
        )  # fmt: skip
        contact_rules.learn_all(connection, vault.keyring, ticket, NOON)


def damage(vault: Vault, *fields: str) -> None:
    with db.write(vault.engine) as connection:
        mine = facts_table.c.field.in_(fields)
        connection.execute(sa.update(facts_table).where(mine).values(value_sealed=DAMAGED))


def test_what_a_responder_writes_down_holds_at_once_and_for_all_her_phones(vault: Vault) -> None:
    """Her sister has called: the agent reads the phone. Nobody waits for her next message."""
    siti, row = caller(vault, SITI)
    ticket = tell(vault, siti, row, ("where", "Johor"))
    other, _ = caller(vault, BUDI)
    with db.write(vault.engine) as connection:
        tickets.join(connection, ticket, other, now=NOON)
    write_down(vault, ticket, "contact_rule", "do_not_write: agen membaca HP-nya")
    assert [rules(vault, one)["do_not_write"] for one in (siti, other)] == [True, True]


def test_a_reply_waits_for_what_a_responder_wrote_down(vault: Vault) -> None:
    """And one that waits goes out when hours are cleared up by writing them anew."""
    siti = open_conversation(vault)
    row = receive(vault, message("halo", provider_id="1", channel=Channel.TELEGRAM),
                  transport="telegram")  # fmt: skip
    ticket = tell(vault, siti, row, ("country", "SA"), ("safe_time", "jam 9 malam"))
    queue(vault, siti, "Kami teruskan", purpose=Purpose.RESPONDER)
    assert pump(vault, NOON + 4000) == []
    assert rows(vault)[-1].hold == "safe_hours"
    write_down(vault, ticket, "safe_time", "kapan saja")
    assert [one.reply.text for one in pump(vault, NOON + 4001)] == ["Kami teruskan"]
    write_down(vault, ticket, "contact_rule", "do_not_write")
    queue(vault, siti, "Satu lagi", purpose=Purpose.RESPONDER)
    assert pump(vault, NOON + 4002) == []
    assert rows(vault)[-1].hold == "do_not_write"


def test_a_mothers_hours_are_not_her_daughters(vault: Vault) -> None:
    """She is in Java; by Riyadh's clock it would be half past one at night."""
    mother = open_conversation(vault, "+6281234567890", Channel.WHATSAPP)
    row = receive(vault, message("halo", address="+6281234567890", channel=Channel.WHATSAPP))
    told = ("country", "SA"), ("who", "anak saya"), ("safe_time", "jam 9 malam sampai jam 10 malam")
    tell(vault, mother, row, *told)
    assert (rules(vault, mother)["tz"], rules(vault, mother)["unclear"]) == ("Asia/Jakarta", False)


def test_where_nobody_knows_whose_clock_it_is_a_person_must_judge(vault: Vault) -> None:
    """Until the zone is written down."""
    siti, row = caller(vault, SITI)
    ticket = tell(vault, siti, row, ("country", "SA"), ("safe_time", "jam 9 malam"))
    assert rules(vault, siti)["unclear"] is True
    write_down(vault, ticket, "safe_time", "jam 9 malam WIB")
    assert (rules(vault, siti)["unclear"], rules(vault, siti)["safe"]) == (False, [[1260, 1320]])


@pytest.mark.parametrize("field", ["safe_time", "contact_rule", "country", "who"])
def test_a_damaged_value_keeps_what_it_was_read_as(vault: Vault, field: str) -> None:
    """What was in force before stays so, and what is new is obeyed."""
    siti, row = caller(vault, SITI)
    told = (
        ("country", "KW"), ("who", "saya sendiri"), ("safe_time", "jam 9 malam"),
        ("contact_rule", "never_call"),
    )  # fmt: skip
    tell(vault, siti, row, *told)
    before = rules(vault, siti)
    damage(vault, field)
    tell(vault, siti, row, ("where", "Hawalli"))
    assert rules(vault, siti) == before
    tell(vault, siti, row, ("contact_rule", "do_not_write: jangan"))
    assert rules(vault, siti) == {**before, "do_not_write": True}


@pytest.mark.parametrize("field", ["safe_time", "contact_rule"])
def test_a_damaged_value_that_was_never_read_is_for_a_person(vault: Vault, field: str) -> None:
    """Nothing goes out by itself."""
    siti, row = caller(vault, SITI)
    with db.write(vault.engine) as connection:
        opened = tickets.open_or_raise(
            connection, vault.keyring, conversation=siti, category=Category.REPORT,
            reasons=(), message_id=row, language="id", now=NOON,
        )  # fmt: skip
        tickets.add_fact(
            connection, vault.keyring, opened.id, field, "malam", said_by="caller", message_id=row,
            now=NOON,
        )  # fmt: skip
    damage(vault, field)
    tell(vault, siti, row)
    assert rules(vault, siti)["unclear"] is True


def test_what_was_told_of_a_merged_ticket_still_holds(vault: Vault) -> None:
    """Her silence does not end because one ticket speaks for both; another's hours are not hers."""
    siti, row = caller(vault, SITI)
    source = tell(vault, siti, row, ("contact_rule", "do_not_write: jangan"))
    budi, other = caller(vault, BUDI)
    target = tell(vault, budi, other, ("safe_time", "jam 9 malam"))
    ani(vault)
    with db.write(vault.engine) as connection:
        [(by, _, _)] = accounts.everybody(connection)
        ticket_links.merge(connection, source, target, by=by, now=NOON)
        contact_rules.learn(connection, vault.keyring, siti)
        contact_rules.learn(connection, vault.keyring, budi)
    assert [rules(vault, one)["do_not_write"] for one in (siti, budi)] == [True, False]
