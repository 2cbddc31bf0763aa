"""Erasing a conversation: its words are gone, its counts and all others' words stay."""

import sqlalchemy as sa

from hotline.messages import Choice, Kind, Media, Reply
from hotline.tickets import Category
from store import conversations, db, deletions, inbox, outbox, overview, tickets
from store.erasure import erase_conversation, take_back_at_provider
from store.tables import conversations as conversations_table
from store.tables import inbox as inbox_table
from store.tables import outbox as outbox_table
from store.transcript import transcript
from store.vault import Vault
from tests.fakes import BUDI, NOON, SITI, message, receive, said
from tests.posting import open_conversation, pump, queue, rows
from tests.store.conversations_of import conversation_of


def conversation(vault: Vault, address: str) -> str:
    """Give a conversation with a message, an answer, choices and a ticket."""
    first = receive(vault, message(f"cerita {address}", provider_id=address, address=address))
    with db.write(vault.engine) as connection:
        query = sa.select(inbox_table.c.conversation_id).where(inbox_table.c.id == first)
        known = str(connection.execute(query).scalar_one())
        reply = Reply(f"jawaban {address}")
        outbox.add(
            connection, vault.keyring, known, [reply], inbox_id=first, author="bot", now=NOON
        )
        conversations.remember(
            connection, vault.keyring, known, choices=[Choice("Johor", "/x")],
            language="id", needs_person=False, neutral=False,
        )  # fmt: skip
        opened = tickets.open_or_raise(
            connection, vault.keyring, conversation=known, category=Category.REPORT,
            reasons=(), message_id=first, language="id", now=NOON,
        )  # fmt: skip
        tickets.add_fact(
            connection, vault.keyring, opened.id, "where", "Johor",
            said_by="caller", message_id=first, now=NOON,
        )  # fmt: skip
        inbox.finish(connection, first, outcome="bot", now=NOON)
    return known


def words(vault: Vault, known: str) -> str:
    with db.read(vault.engine) as connection:
        kept = conversations.load(connection, vault.keyring, known).choices
        queries = transcript(connection, vault.keyring, known)
    return "".join([one.reply.text for one in queries] + said(vault, known) + [str(kept)])


def test_every_word_of_the_conversation_is_gone(vault: Vault) -> None:
    """Messages, answers and choices are empty; the rows stay for the statistics."""
    known = conversation(vault, SITI)
    assert "Johor" in words(vault, known)
    with db.write(vault.engine) as connection:
        erase_conversation(connection, vault.keyring, known)
    assert words(vault, known) == "()"
    assert said(vault, known) == [""]


def test_other_conversations_keep_their_words(vault: Vault) -> None:
    """Siti's wish does not touch Budi."""
    siti, budi = conversation(vault, SITI), conversation(vault, BUDI)
    before = words(vault, budi)
    with db.write(vault.engine) as connection:
        erase_conversation(connection, vault.keyring, siti)
    assert words(vault, budi) == before


def test_a_ticket_is_left_to_a_responder(vault: Vault) -> None:
    """What a report knows is not deleted by whoever holds the phone."""
    known = conversation(vault, SITI)
    with db.write(vault.engine) as connection:
        erase_conversation(connection, vault.keyring, known)
        ticket = tickets.open_ticket_of(connection, vault.keyring, known)
    assert ticket is not None
    assert ticket.known() == {"where": "Johor"}


def test_what_waits_unread_is_not_touched(vault: Vault) -> None:
    """She wrote "ya, hapus", and then what nobody has read yet: that she is locked in."""
    known = conversation(vault, SITI)
    wish = receive(vault, message("ya, hapus", provider_id="2", address=SITI))
    photo = (Media(Kind.PHOTO, "https://provider.example/1", name="pintu.jpg"),)
    cry = message("saya disekap", provider_id="3", address=SITI, media=photo)
    receive(vault, cry)
    with db.write(vault.engine) as connection:
        erase_conversation(connection, vault.keyring, known, answered=wish)
        told = [line for line in overview.lines(connection, vault.keyring, known) if line.inbound]
        waiting = [inbox.next_waiting(connection, vault.keyring, known)]
        inbox.finish(connection, wish, outcome="bot", now=NOON)
        waiting.append(inbox.next_waiting(connection, vault.keyring, known))
    assert [line.text for line in told] == ["", "", "saya disekap"]
    assert [file["name"] for line in told for file in line.files] == ["pintu.jpg"]
    assert [one.text if one else None for one in waiting] == ["", "saya disekap"]


def test_what_has_not_gone_out_ends_and_is_no_trouble(vault: Vault) -> None:
    """Queued, held, or being sent and tried again: it would reach her phone as an empty message."""
    known = open_conversation(vault)
    ids = queue(vault, known, "satu", "dua", "tiga")
    with db.write(vault.engine) as connection:
        for one, state in zip(ids, ("queued", "held", "sending"), strict=True):
            mine = sa.update(outbox_table).where(outbox_table.c.id == one)
            connection.execute(mine.values(state=state, hold="window" if state == "held" else None))
        erase_conversation(connection, vault.keyring, known)
        again = sa.update(outbox_table).where(outbox_table.c.state == "sending")
        connection.execute(again.values(state="queued"))  # the provider has not taken it
    assert pump(vault, NOON + 60) == []
    ended = [(row.state, row.hold, row.error_code) for row in rows(vault)]
    assert ended == [("failed", "not_needed", "erased")] * 3
    with db.read(vault.engine) as connection:
        assert outbox.troubles(connection) == []


def test_a_place_a_contact_and_the_names_of_files_are_gone_too(vault: Vault) -> None:
    """What is not text tells as much."""
    told = message(
        "", provider_id="p", kind=Kind.LOCATION, place=(1.5, 103.7), contact="+601", ref="7",
        media=(Media(Kind.PHOTO, "https://provider.example/siti", name="paspor Siti.jpg"),),
    )  # fmt: skip
    row = receive(vault, told)
    known = conversation_of(vault, row)
    with db.write(vault.engine) as connection:
        erase_conversation(connection, vault.keyring, known, answered=row)
        [line] = overview.lines(connection, vault.keyring, known)
    assert (line.place, line.contact, line.text) == (None, "", "")
    assert [file["name"] for file in line.files] == [""]


def test_every_number_the_provider_knows_is_asked_to_vanish(vault: Vault) -> None:
    """Hers and ours, each once, before the numbers are forgotten."""
    first = receive(vault, message("halo", provider_id="1", ref="11"), transport="telegram")
    receive(vault, message("lagi", provider_id="2", ref="13"), transport="telegram")
    known = conversation_of(vault, first)
    with db.write(vault.engine) as connection:
        ids = outbox.add(
            connection, vault.keyring, known, [Reply("hai"), Reply("ya")], inbox_id=first,
            author="bot", now=NOON,
        )  # fmt: skip
        sent = sa.update(outbox_table).where(outbox_table.c.id == ids[0])
        connection.execute(sent.values(provider_id="12"))
        take_back_at_provider(connection, vault.keyring, known, now=NOON)
        erase_conversation(connection, vault.keyring, known)
        [asked] = deletions.pending(connection, known)
        due = sa.select(conversations_table.c.send_at).where(conversations_table.c.id == known)
        assert connection.execute(due).scalar_one() == NOON
    assert asked.refs == ("11", "13", "12")


def test_where_no_provider_knows_anything_nothing_is_asked(vault: Vault) -> None:
    """Our own page has no provider."""
    known = conversation_of(vault, receive(vault, message("halo")))
    with db.write(vault.engine) as connection:
        take_back_at_provider(connection, vault.keyring, known, now=NOON)
        assert deletions.pending(connection, known) == []
