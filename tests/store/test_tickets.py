"""Tickets in the database: opened once, raised but never lowered, and every change on record."""

import pytest
import sqlalchemy as sa

from hotline.codes import find_code
from hotline.errors import WrongMove
from hotline.tickets import MOVES, Category, State, Ticket, Urgency
from store import db, inbox, tickets
from store.tables import ticket_events, ticket_facts
from store.tables import tickets as tickets_table
from store.vault import Vault
from tests.fakes import BUDI, NOON, SITI


@pytest.fixture
def siti(vault: Vault) -> str:
    """Give Siti's conversation."""
    return conversation(vault, SITI)


def conversation(vault: Vault, address: str) -> str:
    with db.write(vault.engine) as connection:
        return inbox.conversation_of(
            connection, vault.keyring, channel="sms", address=address, now=NOON, transport="local"
        )


def open_one(
    vault: Vault,
    conversation: str,
    category: Category = Category.REPORT,
    reasons: tuple[str, ...] = ("locked_in",),
    *,
    now: float = NOON,
    message_id: int | None = 1,
    urgency: Urgency | None = None,
) -> tickets.Opened:
    with db.write(vault.engine) as connection:
        return tickets.open_or_raise(
            connection, vault.keyring, conversation=conversation, category=category,
            reasons=reasons, message_id=message_id, language="id", now=now, urgency=urgency,
        )  # fmt: skip


def read(vault: Vault) -> list[Ticket]:
    with db.read(vault.engine) as connection:
        return list(tickets.all_tickets(connection, vault.keyring))


def events(vault: Vault) -> list[str]:
    with db.read(vault.engine) as connection:
        query = sa.select(ticket_events.c.kind).order_by(ticket_events.c.id)
        return list(connection.execute(query).scalars())


def tell(vault: Vault, ticket: int, field: str, value: str, message_id: int | None) -> bool:
    with db.write(vault.engine) as connection:
        return tickets.add_fact(
            connection, vault.keyring, ticket, field, value,
            said_by="caller", message_id=message_id, now=NOON,
        )  # fmt: skip


def test_a_new_report_has_code_key_and_deadline(vault: Vault, siti: str) -> None:
    """What the caller is told can be typed back, and a person must look within four hours."""
    opened = open_one(vault, siti)
    [ticket] = read(vault)
    assert opened.created
    assert find_code(opened.code) == ticket.code
    assert len(opened.key) == 8
    assert opened.key.isdigit()
    assert (ticket.state, ticket.urgency) == (State.NEW, Urgency.HIGH)
    assert (ticket.first_response_due - ticket.opened_at).total_seconds() == 4 * 3600


def test_opening_twice_for_one_message_changes_nothing(vault: Vault, siti: str) -> None:
    """A turn that runs again after a crash tells the same code and the same key."""
    first, again = open_one(vault, siti), open_one(vault, siti)
    assert (again.code, again.key, again.created) == (first.code, first.key, True)
    assert len(read(vault)) == 1
    assert events(vault) == ["opened"]


def test_a_ticket_is_raised_and_its_deadline_comes_nearer(vault: Vault, siti: str) -> None:
    """Danger told an hour later makes the open ticket critical: five minutes from then."""
    open_one(vault, siti, Category.OTHER, ("asked",))
    open_one(vault, siti, Category.EMERGENCY, ("beaten",), now=NOON + 3600, message_id=2)
    [ticket] = read(vault)
    assert (ticket.category, ticket.urgency) == (Category.EMERGENCY, Urgency.CRITICAL)
    assert ticket.reasons == ("asked", "beaten")
    assert ticket.first_response_due.timestamp() == NOON + 3600 + 300
    assert events(vault) == ["opened", "raised"]


def test_a_ticket_is_never_lowered(vault: Vault, siti: str) -> None:
    """A harmless question after a cry leaves category, urgency and deadline as they are."""
    open_one(vault, siti, Category.EMERGENCY, ("beaten",))
    open_one(vault, siti, Category.OTHER, ("asked",), now=NOON + 60, urgency=Urgency.NORMAL)
    [ticket] = read(vault)
    assert (ticket.category, ticket.urgency) == (Category.EMERGENCY, Urgency.CRITICAL)
    assert ticket.first_response_due.timestamp() == NOON + 300


def test_after_a_closed_ticket_a_new_one_is_opened(vault: Vault, siti: str) -> None:
    """What is over stays over; a new report is new work."""
    first = open_one(vault, siti)
    with db.write(vault.engine) as connection:
        tickets.move(connection, first.id, State.UNFOUNDED, actor="rini", now=NOON)
    second = open_one(vault, siti)
    assert second.created
    assert second.code != first.code


def test_each_conversation_has_its_own_ticket(vault: Vault, siti: str) -> None:
    """Budi's report does not land in Siti's ticket."""
    assert open_one(vault, siti).id != open_one(vault, conversation(vault, BUDI)).id


def test_a_conversation_that_joins_talks_about_the_joined_ticket(vault: Vault, siti: str) -> None:
    """Siti comes back from Budi's phone: from then on that conversation is about her ticket."""
    hers, phone = open_one(vault, siti), conversation(vault, BUDI)
    open_one(vault, phone, message_id=2)
    with db.write(vault.engine) as connection:
        tickets.join(connection, hers.id, phone, now=NOON + 1)
        tickets.join(connection, hers.id, phone, now=NOON + 2)
        now_about = tickets.open_ticket_of(connection, vault.keyring, phone)
    assert now_about is not None
    assert now_about.id == hers.id


@pytest.mark.parametrize("current", State)
def test_every_move_is_allowed_or_refused_by_the_table(
    vault: Vault, siti: str, current: State
) -> None:
    """From each state exactly the listed moves work, and a refused one leaves no trace."""
    ticket = open_one(vault, siti).id
    with db.write(vault.engine) as connection:
        here = sa.update(tickets_table).values(state=current.value)
        for wanted in State:
            connection.execute(here)
            before = connection.execute(sa.select(sa.func.count(ticket_events.c.id))).scalar_one()
            if wanted in MOVES[current]:
                tickets.move(connection, ticket, wanted, actor="rini", now=NOON)
            else:
                with pytest.raises(WrongMove):
                    tickets.move(connection, ticket, wanted, actor="rini", now=NOON)
            state = connection.execute(sa.select(tickets_table.c.state)).scalar_one()
            after = connection.execute(sa.select(sa.func.count(ticket_events.c.id))).scalar_one()
            moved = wanted in MOVES[current]
            assert (state, after - before) == ((wanted if moved else current).value, int(moved))


def test_a_correction_keeps_what_was_said_before(vault: Vault, siti: str) -> None:
    """Johor, then Penang: the ticket knows Penang, its history holds both."""
    ticket = open_one(vault, siti).id
    assert tell(vault, ticket, "where", "Johor", 1)
    assert tell(vault, ticket, "where", "Penang", 2)
    [known] = read(vault)
    assert known.known() == {"where": "Penang"}
    assert [fact.value for fact in known.facts] == ["Johor", "Penang"]
    assert events(vault) == ["opened", "fact_added", "fact_corrected"]


def test_the_same_words_are_not_kept_twice(vault: Vault, siti: str) -> None:
    """A turn that runs again hears the same as at first; who repeats herself adds no line."""
    ticket = open_one(vault, siti).id
    assert tell(vault, ticket, "where", "Johor", 1)
    assert tell(vault, ticket, "where", "Johor", 1)
    assert not tell(vault, ticket, "where", "Johor", 2)
    assert [fact.value for fact in read(vault)[0].facts] == ["Johor"]
    assert events(vault) == ["opened", "fact_added"]


@pytest.mark.parametrize("ids", [(1, 2, 3), (None, None, None)], ids=["caller", "responder"])
def test_a_correction_may_be_taken_back(
    vault: Vault, siti: str, ids: tuple[int | None, int | None, int | None]
) -> None:
    """Johor, no Penang, no Johor after all: what was said last is what is known."""
    ticket = open_one(vault, siti).id
    for place, message_id in zip(["Johor", "Penang", "Johor"], ids, strict=True):
        tell(vault, ticket, "where", place, message_id)
    assert read(vault)[0].known() == {"where": "Johor"}


def test_the_raw_facts_hold_no_words(vault: Vault, siti: str) -> None:
    """Neither the facts nor the log of a stolen database tell Siti's story."""
    ticket = open_one(vault, siti).id
    tell(vault, ticket, "story", "majikan mukul saya di Johor", 1)
    with db.read(vault.engine) as connection:
        rows = list(connection.execute(sa.select(ticket_facts)))
        rows += list(connection.execute(sa.select(ticket_events)))
        rows += list(connection.execute(sa.select(tickets_table)))
    assert "Johor" not in "".join(repr(tuple(row)) for row in rows)


def test_the_key_is_not_stored(vault: Vault, siti: str) -> None:
    """Who steals the database cannot come back as Siti."""
    opened = open_one(vault, siti)
    with db.read(vault.engine) as connection:
        row = connection.execute(sa.select(tickets_table)).one()
        assert tickets.key_of(connection, vault.keyring, opened.id) == opened.key
    assert opened.key not in repr(tuple(row))


def test_a_conflict_is_flagged_once(vault: Vault, siti: str) -> None:
    """A village head named twice is one flag and one line in the log."""
    ticket = open_one(vault, siti).id
    with db.write(vault.engine) as connection:
        for _ in range(2):
            tickets.flag_conflict(connection, ticket, message_id=1, now=NOON)
    assert read(vault)[0].conflict_of_interest
    assert events(vault) == ["opened", "conflict_flagged"]


@pytest.mark.parametrize(
    ("language", "other_phone", "signs"),
    [
        ("id", False, []),
        ("en", False, ["withdrawal_language_changed"]),
        ("id", True, ["withdrawal_from_other_conversation"]),
    ],
)
def test_a_withdrawal_is_noted_with_what_is_odd_about_it(
    vault: Vault, siti: str, language: str, other_phone: bool, signs: list[str]
) -> None:
    """Another hand may hold the phone: the ticket stays open and says what looked strange."""
    ticket = open_one(vault, siti, reasons=()).id
    hand = conversation(vault, BUDI) if other_phone else siti
    with db.write(vault.engine) as connection:
        tickets.join(connection, ticket, hand, now=NOON + 1)
        tickets.flag_withdrawal(
            connection, ticket, conversation=hand, language=language, message_id=1, now=NOON
        )
    [known] = read(vault)
    assert known.state == State.NEW
    assert known.reasons == ("withdrawal_requested", *signs)


def test_the_most_urgent_ticket_comes_first(vault: Vault, siti: str) -> None:
    """Whoever opens the list sees the cry before the newer question."""
    cry = open_one(vault, siti, Category.EMERGENCY)
    open_one(vault, conversation(vault, BUDI), Category.OTHER, now=NOON + 60)
    assert read(vault)[0].code == cry.code
