"""A person takes a conversation, answers in it and gives it back; the caller is told once."""

from dataclasses import dataclass
from functools import partial

import pytest
import sqlalchemy as sa

from channels.desk import Desk
from hotline.errors import Refused
from hotline.messages import Channel, Hold, OutboxState
from hotline.tickets import Category, State, Urgency
from replies.takeover import Counter
from store import audit, conversations, db, outbox, overview, reply_ways, ticket_work, tickets
from store.tables import conversations as conversations_table
from store.tables import outbox as outbox_table
from store.vault import Vault
from tests.fakes import (
    BUDI,
    SITI,
    TEXTS,
    Clock,
    FakeBot,
    make_desk,
    message,
    outcomes,
    receive,
    said,
    work,
)

HOUR = 3600.0


@dataclass
class Office:
    """Siti writes, responders answer."""

    vault: Vault
    clock: Clock
    bot: FakeBot
    desk: Desk
    counter: Counter
    number: int = 0

    def write(self, text: str, *, address: str = SITI, transport: str = "telegram") -> str:
        """Let a caller write and everything be answered; gives the conversation."""
        self.number += 1
        one = message(
            text, provider_id=str(self.number), address=address, at=self.clock.advance(60),
            channel=Channel.TELEGRAM,
        )  # fmt: skip
        row = receive(self.vault, one, transport=transport)
        work(self.desk)
        from store.tables import inbox

        with db.read(self.vault.engine) as connection:
            query = sa.select(inbox.c.conversation_id).where(inbox.c.id == row)
            return str(connection.execute(query).scalar_one())

    def ticket(self, conversation: str) -> tickets.Opened:
        """Open a report for a conversation."""
        with db.write(self.vault.engine) as connection:
            return tickets.open_or_raise(
                connection, self.vault.keyring, conversation=conversation,
                category=Category.REPORT, reasons=(), message_id=None, language="id",
                now=self.clock(), urgency=Urgency.HIGH,
            )  # fmt: skip


@pytest.fixture
def office(vault: Vault, clock: Clock) -> Office:
    bot = FakeBot()
    counter = Counter(vault=vault, texts=TEXTS, claim_seconds=HOUR, sms_segments=3, now=clock)
    return Office(vault, clock, bot, make_desk(vault, bot, clock), counter)


def test_a_claimed_conversation_goes_to_the_person(office: Office, vault: Vault) -> None:
    """The bot is silent, the caller is told once."""
    siti = office.write("halo")
    office.counter.claim(siti, by="Rini")
    office.write("tolong saya")
    office.write("halo?")
    assert said(vault) == ["re: halo", "Petugas di sini."]
    assert [question.text for question in office.bot.asked] == ["halo"]
    assert outcomes(vault)[1:] == [("done", "person"), ("done", "person")]


def test_what_she_writes_to_a_person_is_on_the_list(office: Office, vault: Vault) -> None:
    """Until the person has answered."""
    siti = office.write("halo")
    office.counter.claim(siti, by="Rini")
    office.write("tolong saya")
    assert office.counter.listing()[0].needs_person
    office.counter.reply(siti, "Saya baca.", by="Rini")
    assert not office.counter.listing()[0].needs_person


def test_a_reply_says_that_the_ticket_was_read(office: Office, vault: Vault) -> None:
    """Its caller is no longer told that nobody has looked, and the first answer has its time."""
    siti = office.write("halo")
    ticket = office.ticket(siti)
    office.counter.reply(siti, "Saya baca.", by="Rini")
    with db.read(vault.engine) as connection:
        [known] = tickets.all_tickets(connection, vault.keyring, code=ticket.code)
        assert known.state is State.TRIAGED
        assert ticket_work.work_of(connection, ticket.id).first_answer_at == office.clock()


def test_what_she_writes_to_a_person_begins_the_next_deadline(office: Office, vault: Vault) -> None:
    """Once a person has answered, each new message waits no longer than its urgency allows."""
    siti = office.write("halo")
    ticket = office.ticket(siti)
    office.counter.claim(siti, by="Rini")
    with db.write(vault.engine) as connection:
        ticket_work.answered(connection, ticket.id, actor="rini", now=office.clock())
    office.write("masih di sini?")
    due = office.clock() + 4 * HOUR
    with db.read(vault.engine) as connection:
        assert ticket_work.work_of(connection, ticket.id).next_response_due == due


def test_danger_told_to_a_person_still_has_its_ticket(office: Office, vault: Vault) -> None:
    """The responder may be looking elsewhere just then."""
    siti = office.write("halo")
    office.counter.claim(siti, by="Rini")
    office.write("saya disekap")
    with db.read(vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, vault.keyring)
    assert ticket.urgency is Urgency.CRITICAL


def test_a_claim_that_runs_out_gives_her_back_to_the_bot(office: Office, vault: Vault) -> None:
    """And she is told once, along with the next answer."""
    siti = office.write("halo")
    office.counter.claim(siti, by="Rini")
    office.write("tolong")
    office.clock.advance(HOUR)
    office.write("biaya?")
    office.write("syarat?")
    assert said(vault)[2:] == ["Program menjawab lagi.", "re: biaya?", "re: syarat?"]


def test_given_back_the_bot_answers(office: Office, vault: Vault) -> None:
    """She was told of a person by the reply itself."""
    siti = office.write("halo")
    office.counter.reply(siti, "Saya Rini, petugas.", by="Rini")
    office.counter.give_back(siti, by="Rini")
    office.write("biaya?")
    expected = ["Petugas di sini.", "Saya Rini, petugas.", "Program menjawab lagi.", "re: biaya?"]
    assert said(vault)[1:] == expected


def test_a_claim_nobody_noticed_leaves_no_trace(office: Office, vault: Vault) -> None:
    """Taken and given back in between: she is not bothered with it."""
    siti = office.write("halo")
    office.counter.claim(siti, by="Rini")
    office.counter.give_back(siti, by="Rini")
    office.write("biaya?")
    assert said(vault) == ["re: halo", "re: biaya?"]


def test_two_responders_cannot_hold_one_conversation(office: Office) -> None:
    """The second learns who was first; after the time it is free."""
    siti = office.write("halo")
    until = office.counter.claim(siti, by="Rini")
    for attempt in (
        partial(office.counter.claim, siti), partial(office.counter.reply, siti, "Halo"),
    ):  # fmt: skip
        with pytest.raises(Refused, match="Rini holds"):
            attempt(by="Tono")
    assert office.counter.claim(siti, by="Rini") == until
    office.clock.advance(HOUR)
    office.counter.claim(siti, by="Tono")


def test_a_reply_prolongs_the_claim(office: Office) -> None:
    """Who is writing has not gone home."""
    siti = office.write("halo")
    office.counter.claim(siti, by="Rini")
    office.clock.advance(HOUR - 60)
    office.counter.reply(siti, "Saya baca.", by="Rini")
    office.clock.advance(HOUR - 60)
    with pytest.raises(Refused):
        office.counter.claim(siti, by="Tono")


def test_a_reply_is_a_responders_message_of_its_tickets_urgency(
    office: Office, vault: Vault
) -> None:
    """So that the sender obeys her hours, and tries as long as it matters."""
    siti = office.write("halo")
    office.ticket(siti)
    ids = office.counter.reply(siti, "Halo Siti.", by="Rini")
    with db.read(vault.engine) as connection:
        rows = connection.execute(sa.select(outbox_table).where(outbox_table.c.id.in_(ids))).all()
    assert {(row.purpose, row.urgency, row.author, row.state) for row in rows} == {
        ("responder", "high", "Rini", "queued")
    }


def test_a_reply_to_a_ticket_goes_where_it_came_from(office: Office, vault: Vault) -> None:
    """Not to whoever joined with code and key and wrote last, unless a responder has chosen it."""
    first = office.write("halo", address=SITI)
    opened = office.ticket(first)
    office.clock.advance(60)
    second = office.write("ini saya", address=BUDI)
    with db.write(vault.engine) as connection:
        tickets.join(connection, opened.id, second, now=office.clock())
    office.counter.reply(opened.code.lower(), "Halo.", by="Rini")
    assert said(vault, first)[-1] == "Halo."
    assert "Halo." not in said(vault, second)
    with db.write(vault.engine) as connection:
        reply_ways.choose(connection, opened.id, second, actor="rini", now=office.clock())
    office.counter.reply(opened.code, "Di sini?", by="Rini")
    assert said(vault, second)[-1] == "Di sini?"


def test_nobody_is_answered_by_code_where_all_joined_later(office: Office, vault: Vault) -> None:
    """As on a ticket that was opened over the telephone: somebody says whom they mean."""
    with db.write(vault.engine) as connection:
        opened = tickets.create(
            connection, vault.keyring, category=Category.REPORT, urgency=Urgency.HIGH, reasons=(),
            language="id", actor="rini", message_id=None, now=office.clock(),
        )  # fmt: skip
    office.clock.advance(60)
    joined = office.write("ini saya", address=BUDI)
    with db.write(vault.engine) as connection:
        tickets.join(connection, opened.id, joined, now=office.clock())
    with pytest.raises(Refused, match="name the one you mean"):
        office.counter.reply(opened.code, "Halo.", by="Rini")
    office.counter.reply(joined, "Halo.", by="Rini")
    assert said(vault, joined)[-1] == "Halo."


def test_a_chosen_conversation_that_left_the_ticket_is_not_used(
    office: Office, vault: Vault
) -> None:
    """A stale choice must not send a case to a stranger."""
    first = office.write("halo", address=SITI)
    opened = office.ticket(first)
    stranger = office.write("halo", address=BUDI)
    office.ticket(stranger)  # on a ticket, but another one
    with db.write(vault.engine) as connection:
        connection.execute(sa.update(tickets.tickets).values(reply_conversation_id=stranger))
    office.counter.reply(opened.code, "Halo.", by="Rini")
    assert said(vault, first)[-1] == "Halo."
    assert "Halo." not in said(vault, stranger)


def hold(vault: Vault, ids: list[int], why: Hold) -> None:
    held = sa.update(outbox_table).where(outbox_table.c.id.in_(ids))
    with db.write(vault.engine) as connection:
        connection.execute(held.values(state=OutboxState.HELD.value, hold=why.value))


def test_what_is_held_for_her_hours_is_shown_and_sent_when_a_person_says_so(
    office: Office, vault: Vault
) -> None:
    """With the reason on the list."""
    siti = office.write("halo")
    ids = office.counter.reply(siti, "Halo.", by="Rini")
    hold(vault, ids, Hold.SAFE_HOURS)
    [one] = office.counter.listing()
    assert {(trouble.state, trouble.hold) for trouble in one.troubles} == {("held", "safe_hours")}
    assert office.counter.release(siti, by="Rini") == ids
    assert {trouble.hold for trouble in office.counter.listing()[0].troubles} <= {outbox.WAIVED}


@pytest.mark.parametrize("why", [Hold.OPTED_OUT, Hold.WINDOW, Hold.UNREACHABLE])
def test_what_a_provider_forbids_no_person_can_release(
    office: Office, vault: Vault, why: Hold
) -> None:
    """It would only be refused there."""
    siti = office.write("halo")
    hold(vault, office.counter.reply(siti, "Halo.", by="Rini"), why)
    assert office.counter.release(siti, by="Rini") == []


def test_everything_a_person_does_is_written_down(office: Office, vault: Vault) -> None:
    """In the conversation's log and in the chained one; no word of what was said."""
    siti = office.write("halo")
    office.counter.claim(siti, by="Rini")
    office.counter.reply(siti, "RAHASIA", by="Rini")
    office.counter.show(siti, by="Tono")
    office.counter.give_back(siti, by="Rini")
    with db.read(vault.engine) as connection:
        told = [(e["kind"], e["actor"]) for e in overview.events(connection, siti)]
        lines = audit.newest(connection, limit=10, object=siti)
        assert audit.verify(connection, vault.keyring).broken is None
    assert told == [("claimed", "Rini"), ("replied", "Rini"), ("given_back", "Rini")]
    assert [(line["action"], line["actor"]) for line in reversed(lines)] == [
        ("conversation_claimed", "Rini"), ("conversation_replied", "Rini"),
        ("conversation_read", "Tono"), ("conversation_given_back", "Rini"),
    ]  # fmt: skip
    assert "RAHASIA" not in repr(lines)


def test_nothing_is_written_into_a_watched_local_conversation(office: Office) -> None:
    """No sender stands between us and the page somebody is looking at."""
    siti = office.write("RESEP", transport="local")
    with pytest.raises(Refused, match="watched"):
        office.counter.reply(siti, "Halo Siti, laporan Anda...", by="Rini")


def test_a_reply_to_a_watched_caller_waits(office: Office, vault: Vault) -> None:
    """The sender holds it until she has written LANJUT."""
    from store.standing import standing_of

    siti = office.write("RESEP")
    office.counter.reply(siti, "Halo.", by="Rini")

    def forbidden() -> bool:
        with db.read(vault.engine) as connection:
            row = connection.execute(
                sa.select(conversations_table).where(conversations_table.c.id == siti)
            ).one()
        return standing_of(vault.keyring, row, (0, 0)).rules.do_not_write

    assert forbidden()
    office.write("LANJUT")
    assert not forbidden()


def test_the_rest_of_a_long_sms_goes_only_after_lanjut(office: Office, vault: Vault) -> None:
    """Every part costs, and makes a phone buzz that others may watch; nothing is lost."""

    def write(text: str) -> list[str]:
        office.number += 1
        one = message(
            text, provider_id=str(office.number), at=office.clock.advance(60), channel=Channel.SMS
        )
        before = len(said(vault)) if office.number > 1 else 0
        receive(vault, one)
        work(office.desk)
        return said(vault)[before:]

    write("halo")
    with db.read(vault.engine) as connection:
        siti = connection.execute(sa.select(conversations_table.c.id)).scalar_one()
    long = " ".join(f"Langkah nomor {number} untuk ibu." for number in range(50))
    ids = office.counter.reply(siti, long, by="Rini")
    assert len(ids) == 3, "that a person is here, and as much as the bot may send at once"
    first = said(vault)
    assert first[-1].endswith("Balas LANJUT untuk sisanya.")
    told = list(first)
    assert write("apa itu") == [], "what she writes is the person's"
    assert write("1") == [], "a number too"
    while told[-1].endswith("sisanya."):
        told += write("Lanjut")
    whole = " ".join(told)
    assert all(f"nomor {number} " in whole for number in range(50))
    assert [question.text for question in office.bot.asked] == ["halo"]
    with db.read(vault.engine) as connection:
        authors = connection.execute(
            sa.select(outbox_table.c.author).where(outbox_table.c.id > ids[0])
        ).scalars()
        assert set(authors) == {"Rini"}, "they are her words, not the bot's"
    assert write("lanjut") == [], "nothing is left"


@pytest.mark.parametrize("name", ["", " ", "x" * 25, "Rini\nTono", "<b>"])
def test_a_name_that_could_not_be_shown_is_refused(office: Office, name: str) -> None:
    """It stands in the log and beside messages."""
    siti = office.write("halo")
    with pytest.raises(Refused, match="name"):
        office.counter.claim(siti, by=name)


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_an_empty_or_endless_reply_is_refused(office: Office, text: str) -> None:
    """Before anything is written."""
    siti = office.write("halo")
    with pytest.raises(Refused, match="characters"):
        office.counter.reply(siti, text, by="Rini")
    assert office.counter.holder(siti) is None


def test_a_conversation_is_found_by_the_beginning_of_its_id(office: Office) -> None:
    """Six letters are enough, if they fit only one; a percent sign fits none."""
    siti = office.write("halo")
    office.counter.claim(siti[:8], by="Rini")
    assert office.counter.holder(siti) == "Rini"
    for wrong in ("%", "______", siti[:3], "SR-7K4M-2Q"):
        with pytest.raises(Refused):
            office.counter.claim(wrong, by="Rini")


def test_reading_never_says_a_conversation_is_another(office: Office, vault: Vault) -> None:
    """Claims of one caller leave others with the bot."""
    siti, budi = office.write("halo"), office.write("halo", address=BUDI)
    office.counter.claim(siti, by="Rini")
    office.write("biaya?", address=BUDI)
    assert said(vault, budi) == ["re: halo", "re: biaya?"]
    with db.read(vault.engine) as connection:
        assert conversations.load(connection, vault.keyring, budi).claim.by is None
