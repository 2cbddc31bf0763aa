"""One message from storage to stored answer: guard first, bot or safe text, once each."""

import threading

import pytest
import sqlalchemy as sa

from channels.rasa import Answer, Question
from channels.turns import LostLeaseError
from hotline.errors import NoAnswer
from hotline.messages import Channel, Choice, OutboxState, Reply
from hotline.tickets import Category, Ticket, Urgency
from store import conversations, db, tickets
from store.tables import conversations as conversations_table
from store.tables import outbox as outbox_table
from store.vault import Vault
from tests.fakes import (
    LEASE,
    Clock,
    FakeBot,
    answer_next,
    claim,
    make_desk,
    message,
    outcomes,
    receive,
    reply,
    said,
    sent,
    work,
)


def silent(_: Question) -> Answer:
    raise NoAnswer("Rasa answered 500")


def broken(_: Question) -> Answer:
    raise RuntimeError("the worker dies here")


def all_tickets(vault: Vault) -> list[Ticket]:
    with db.read(vault.engine) as connection:
        return list(tickets.all_tickets(connection, vault.keyring))


def remembered(vault: Vault) -> conversations.Conversation:
    with db.read(vault.engine) as connection:
        known = connection.execute(sa.select(conversations_table.c.id)).scalar_one()
        return conversations.load(connection, vault.keyring, known)


def test_a_question_is_answered_once_by_the_bot(vault: Vault, clock: Clock) -> None:
    """The plain case: one message, one turn, one answer."""
    bot = FakeBot()
    desk = make_desk(vault, bot, clock)
    receive(vault, message("berapa biaya ke Taiwan"))
    work(desk)
    assert work(desk) == []
    assert said(vault) == ["re: berapa biaya ke Taiwan"]
    assert outcomes(vault) == [("done", "bot")]
    assert len(bot.asked) == 1


def test_the_bot_never_sees_a_number(vault: Vault, clock: Clock) -> None:
    """Rasa knows a conversation by a random id and the channel's name."""
    bot = FakeBot()
    receive(vault, message("halo", address="+60123000001"))
    work(make_desk(vault, bot, clock))
    [asked] = bot.asked
    assert asked.channel == "whatsapp"
    assert "60123000001" not in repr(asked)


def test_several_replies_keep_their_order(vault: Vault, clock: Clock) -> None:
    """An answer of three messages is read in the order in which the bot said them."""
    receive(vault, message("halo"))
    work(make_desk(vault, FakeBot(lambda _: reply("satu", "dua", "tiga")), clock))
    assert said(vault) == ["satu", "dua", "tiga"]


def test_what_our_own_page_shows_counts_as_sent(vault: Vault, clock: Clock) -> None:
    """The database is the provider of the try-out page; a real provider still has to be asked."""
    receive(vault, message("halo", provider_id="1", address="a"), transport="local")
    receive(vault, message("halo", provider_id="2", address="b"), transport="whatsapp")
    work(make_desk(vault, FakeBot(), clock))
    with db.read(vault.engine) as connection:
        states = connection.execute(sa.select(outbox_table.c.state)).scalars().all()
    assert sorted(states) == [OutboxState.QUEUED, OutboxState.SENT]


def test_danger_has_a_ticket_before_the_bot_is_asked(vault: Vault, clock: Clock) -> None:
    """The guard does not wait for Rasa: the ticket stands while Rasa still thinks."""
    seen: list[Ticket] = []

    def look(_: Question) -> Answer:
        seen.extend(all_tickets(vault))
        return reply("Apakah Anda aman untuk menulis?")

    bot = FakeBot(look)
    receive(vault, message("saya disekap di Johor"))
    work(make_desk(vault, bot, clock))
    [ticket] = seen
    assert (ticket.category, ticket.urgency) == (Category.EMERGENCY, Urgency.CRITICAL)
    assert ticket.known() == {"story": "saya disekap di Johor"}
    assert bot.asked[0].danger == ticket.reasons == ("locked_in",)


def test_danger_has_a_ticket_when_the_bot_does_not_answer(vault: Vault, clock: Clock) -> None:
    """A dead Rasa changes nothing: critical, and nothing about it is talked down."""
    receive(vault, message("saya dipukul majikan"))
    work(make_desk(vault, FakeBot(silent), clock))
    [ticket] = all_tickets(vault)
    assert (ticket.category, ticket.urgency) == (Category.EMERGENCY, Urgency.CRITICAL)
    assert ticket.reasons == ("beaten", "no_answer")
    assert said(vault) == ["Pesan Anda tersimpan."]


def test_danger_has_a_ticket_when_the_worker_dies_asking(vault: Vault, clock: Clock) -> None:
    """The ticket is committed before anything that can go wrong."""
    receive(vault, message("saya dipukul majikan"))
    with pytest.raises(RuntimeError):
        work(make_desk(vault, FakeBot(broken), clock))
    assert [ticket.urgency for ticket in all_tickets(vault)] == [Urgency.CRITICAL]


def test_danger_told_again_stays_one_ticket_with_both_stories(vault: Vault, clock: Clock) -> None:
    """A second cry adds to the report that is open."""
    desk = make_desk(vault, FakeBot(), clock)
    for number, text in enumerate(["saya disekap", "saya dipukul"]):
        receive(vault, message(text, provider_id=str(number)))
    work(desk)
    [ticket] = all_tickets(vault)
    assert ticket.reasons == ("locked_in", "beaten")
    assert [fact.value for fact in ticket.facts] == ["saya disekap", "saya dipukul"]


def test_no_answer_gives_the_safe_text_and_a_person(vault: Vault, clock: Clock) -> None:
    """The caller never meets silence, and a responder sees that nobody answered her."""
    bot = FakeBot(silent)
    desk = make_desk(vault, bot, clock)
    receive(vault, message("berapa biaya ke Taiwan"))
    work(desk)
    work(desk)
    assert said(vault) == ["Pesan Anda tersimpan."]
    assert outcomes(vault) == [("done", "safe_text")]
    assert len(bot.asked) == 1
    [ticket] = all_tickets(vault)
    assert (ticket.category, ticket.urgency) == (Category.OTHER, Urgency.HIGH)
    assert ticket.reasons == ("no_answer",)
    assert remembered(vault).needs_person


def test_a_conversation_that_needs_a_person_does_not_forget_it(vault: Vault, clock: Clock) -> None:
    """A later good answer of the bot does not take the conversation off the responders' list."""
    receive(vault, message("halo", provider_id="1"))
    work(make_desk(vault, FakeBot(silent), clock))
    receive(vault, message("halo lagi", provider_id="2"))
    work(make_desk(vault, FakeBot(), clock))
    assert remembered(vault).needs_person


def test_answer_and_mark_are_one_transaction(vault: Vault, clock: Clock) -> None:
    """When the reply cannot be stored, the message is not marked as answered either."""
    before = receive(vault, message("satu", provider_id="1"))
    desk = make_desk(vault, FakeBot(), clock)
    [conversation] = claim(vault, "a", clock())
    with db.write(vault.engine) as connection:
        row = {
            "conversation_id": conversation, "inbox_id": before, "place": 0,
            "body_sealed": b"", "author": "bot", "state": "sent", "created_at": clock(),
        }  # fmt: skip
        connection.execute(sa.insert(outbox_table), row)
    with pytest.raises(sa.exc.IntegrityError):
        answer_next(desk, conversation, "a")
    assert outcomes(vault) == [("waiting", None)]


def test_who_lost_the_lease_before_asking_does_not_ask(vault: Vault, clock: Clock) -> None:
    """A worker that wakes up late asks nothing and writes nothing."""
    bot = FakeBot()
    receive(vault, message("halo"))
    [conversation] = claim(vault, "late", clock())
    claim(vault, "next", clock.advance(LEASE + 1))
    with pytest.raises(LostLeaseError):
        answer_next(make_desk(vault, bot, clock), conversation, "late")
    assert bot.asked == []
    assert said(vault) == []


def test_who_lost_the_lease_while_asking_writes_nothing(vault: Vault, clock: Clock) -> None:
    """The turn took too long, another worker answered: there is one answer, the other's."""
    receive(vault, message("halo"))
    other = make_desk(vault, FakeBot(lambda _: reply("dari yang kedua")), clock)

    def slow(_: Question) -> Answer:
        clock.advance(LEASE + 1)
        work(other, "second")
        return reply("dari yang pertama")

    [conversation] = claim(vault, "first", clock())
    with pytest.raises(LostLeaseError):
        answer_next(make_desk(vault, FakeBot(slow), clock), conversation, "first")
    assert said(vault) == ["dari yang kedua"]


def test_two_threads_of_one_worker_never_answer_twice(vault: Vault, clock: Clock) -> None:
    """A worker that takes over from itself, because a turn outlived the lease, answers once."""
    receive(vault, message("halo"))
    [conversation] = claim(vault, "same", clock())
    inside, go_on = threading.Event(), threading.Event()

    def slow(_: Question) -> Answer:
        inside.set()
        go_on.wait(100)
        return reply("dari utas pertama")

    failures: list[Exception] = []

    def first() -> None:
        try:
            answer_next(make_desk(vault, FakeBot(slow), clock), conversation, "same")
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(60)
    clock.advance(LEASE + 1)
    work(make_desk(vault, FakeBot(lambda _: reply("dari utas kedua")), clock), "same")
    go_on.set()
    thread.join()
    assert said(vault) == ["dari utas kedua"]


def test_a_choice_by_number_reaches_the_bot_as_its_payload(vault: Vault, clock: Clock) -> None:
    """On a phone without buttons "2" means the second of what was offered last."""
    offered = (Choice("Ya", "/affirm"), Choice("Tidak", "/deny"))
    bot = FakeBot(lambda _: Answer((Reply("Setuju?", offered),), "id"))
    desk = make_desk(vault, bot, clock)
    for number, text in enumerate(["lapor", "2", "2 tahun di sana"]):
        receive(vault, message(text, provider_id=str(number), channel=Channel.SMS))
    work(desk)
    assert [question.choice for question in bot.asked] == [None, "/deny", None]
    assert sent(vault)[0].reply.choices == offered


def test_choices_survive_a_turn_without_an_answer(vault: Vault, clock: Clock) -> None:
    """When Rasa was away for one message, the earlier choices may still be picked from."""
    offered = (Choice("Ya", "/affirm"),)
    receive(vault, message("lapor", provider_id="1"))
    work(make_desk(vault, FakeBot(lambda _: Answer((Reply("?", offered),), "id")), clock))
    receive(vault, message("halo?", provider_id="2"))
    work(make_desk(vault, FakeBot(silent), clock))
    assert remembered(vault).choices == offered


def test_words_of_danger_are_never_read_as_a_choice(vault: Vault, clock: Clock) -> None:
    """A button that happens to be named like a cry does not swallow the cry."""
    offered = (Choice("saya dipukul", "/inform"),)
    bot = FakeBot(lambda _: Answer((Reply("?", offered),), "id"))
    desk = make_desk(vault, bot, clock)
    for number, text in enumerate(["lapor", "saya dipukul"]):
        receive(vault, message(text, provider_id=str(number)))
    work(desk)
    assert (bot.asked[1].choice, bot.asked[1].danger) == (None, ("beaten",))
