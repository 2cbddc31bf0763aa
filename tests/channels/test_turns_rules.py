"""What a turn leaves for the sender: her hours and wishes, and what waited for her to write."""

import pytest
import sqlalchemy as sa

from channels.rasa import Answer, Question
from hotline.messages import Hold, OutboxState, Purpose, Reply
from hotline.tickets import Category
from store import contact_rules, db, outbox, tickets
from store.tables import outbox as outbox_table
from store.tables import ticket_facts
from store.vault import Vault
from tests.fakes import Clock, FakeBot, make_desk, message, receive, reply, said, work
from tests.store.conversations_of import conversation_of


def test_hours_told_to_the_bot_are_the_senders_after_the_same_turn(
    vault: Vault, clock: Clock
) -> None:
    """The bot's action writes the fact; nothing may go out between that and the rule."""

    def intake(question: Question) -> Answer:
        with db.write(vault.engine) as connection:
            opened = tickets.open_or_raise(
                connection, vault.keyring, conversation=question.conversation,
                category=Category.REPORT, reasons=(), message_id=question.message_id,
                language="id", now=clock(),
            )  # fmt: skip
            tickets.add_fact(
                connection, vault.keyring, opened.id, "safe_time", question.text,
                said_by="caller", message_id=question.message_id, now=clock(),
            )  # fmt: skip
        return reply("Baik.")

    row = receive(vault, message("jam 9 malam saja"))
    work(make_desk(vault, FakeBot(intake), clock))
    with db.read(vault.engine) as connection:
        rules = contact_rules.read(connection, vault.keyring, conversation_of(vault, row))
    # By the clock of her number, while she has not told where she is.
    assert (rules["safe"], rules["tz"]) == ([[1260, 1320]], "Asia/Kuala_Lumpur")


def test_a_wish_for_silence_holds_from_the_very_message(vault: Vault, clock: Clock) -> None:
    """Without the bot."""
    row = receive(vault, message("jangan balas dulu"))
    work(make_desk(vault, FakeBot(), clock))
    with db.read(vault.engine) as connection:
        rules = contact_rules.read(connection, vault.keyring, conversation_of(vault, row))
    assert rules["do_not_write"] is True


def test_a_refused_call_reaches_the_ticket_whatever_the_bot_makes_of_it(
    vault: Vault, clock: Clock
) -> None:
    """A day later no task is open, and the bot only says what it can do."""
    known = conversation_of(vault, receive(vault, message("halo", provider_id="1")))
    with db.write(vault.engine) as connection:
        opened = tickets.open_or_raise(
            connection, vault.keyring, conversation=known, category=Category.REPORT, reasons=(),
            message_id=None, language="id", now=clock(),
        )  # fmt: skip
    receive(vault, message("ga mau ditelpon ya", provider_id="2"))
    work(make_desk(vault, FakeBot(), clock))
    with db.read(vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, vault.keyring, code=opened.code)
        rules = contact_rules.read(connection, vault.keyring, known)
    assert ticket.known()["contact_rule"] == "never_call"
    assert rules["never_call"] is True


@pytest.mark.parametrize(("hours", "known"), [(1, "never_call"), (25, None)])
def test_a_call_refused_before_there_was_a_ticket_is_refused_on_it(
    vault: Vault, clock: Clock, hours: int, known: str | None
) -> None:
    """She says first how not to reach her, then cries for help; a day later it may be another."""
    desk = make_desk(vault, FakeBot(), clock)
    row = receive(vault, message("gak boleh ditelpon ya", provider_id="1", at=clock()))
    work(desk)
    clock.advance(hours * 3600)
    receive(vault, message("tolong saya disekap", provider_id="2", at=clock()))
    work(desk)
    with db.read(vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, vault.keyring)
        rules = contact_rules.read(connection, vault.keyring, conversation_of(vault, row))
    assert ticket.known().get("contact_rule") == known
    assert bool(rules.get("never_call")) is (known is not None)


def test_what_waited_is_looked_at_again_when_she_writes(vault: Vault, clock: Clock) -> None:
    """The shut window is open now, the unreachable phone answers."""
    known = conversation_of(vault, receive(vault, message("halo", provider_id="1")))
    with db.write(vault.engine) as connection:
        [waiting] = outbox.add(
            connection, vault.keyring, known, [Reply("kabar")], inbox_id=None, author="Rini",
            now=clock(), purpose=Purpose.RESPONDER,
        )  # fmt: skip
        held = {"state": OutboxState.HELD.value, "hold": Hold.WINDOW.value}
        mine = sa.update(outbox_table).where(outbox_table.c.id == waiting)
        connection.execute(mine.values(**held, next_at=clock() + 3600))
    receive(vault, message("halo lagi", provider_id="2"))
    work(make_desk(vault, FakeBot(), clock))
    with db.read(vault.engine) as connection:
        query = sa.select(outbox_table.c.next_at).where(outbox_table.c.id == waiting)
        assert connection.execute(query).scalar_one() is None


def test_a_damaged_fact_keeps_nobody_from_being_answered(vault: Vault, clock: Clock) -> None:
    """Her hours were read while they could be; now she is locked in."""
    desk = make_desk(vault, FakeBot(), clock)
    row = receive(vault, message("halo", provider_id="1"))
    work(desk)
    known = conversation_of(vault, row)
    with db.write(vault.engine) as connection:
        opened = tickets.open_or_raise(
            connection, vault.keyring, conversation=known, category=Category.REPORT, reasons=(),
            message_id=row, language="id", now=clock(),
        )  # fmt: skip
        for field in ("safe_time", "story"):
            tickets.add_fact(
                connection, vault.keyring, opened.id, field, "malam", said_by="caller",
                message_id=row, now=clock(),
            )  # fmt: skip
        connection.execute(sa.update(ticket_facts).values(value_sealed=b"\x01\x04dead" + b"x" * 40))
    before = len(said(vault))
    receive(vault, message("tolong saya disekap", provider_id="2"))
    work(desk)
    assert len(said(vault)) > before
    with db.read(vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, vault.keyring)
        rules = contact_rules.read(connection, vault.keyring, known)
    assert (ticket.urgency, ticket.unreadable) == ("critical", ("safe_time", "story"))
    assert rules["unclear"] is True
