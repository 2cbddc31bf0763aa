"""Facts edited at the desk reach callers while the bot runs, and fit their channel."""

from typing import Any

import pytest

from store import db
from store import knowledge_rules as rules
from store import staff as accounts
from store.knowledge_edits import save, take_back
from store.knowledge_rules import Kind

LIMITS = {"whatsapp": 1024, "sms": 306}
SAID = "Malaysia: hanya lewat satu jalur, tanya BP3MI (diubah hari ini)."


@pytest.fixture
def editor(desk: Any) -> int:
    """Give somebody who may edit."""
    from hotline.staff import Role, Scope

    with db.write(desk.vault.engine) as connection:
        accounts.invite(
            connection, login="ani", name="Ani", role=Role.DATA_OFFICER, scope=Scope(), unit="",
            now=desk.now(),
        )  # fmt: skip
        return accounts.everybody(connection)[0][0].id


def edit(desk: Any, by: int, kind: Kind, item_id: str, **changes: object) -> None:
    """Write a version as the console does."""
    standing = rules.find(desk.knowledge, kind, item_id)
    fields = rules.fields_of(standing) | {"source": "uji", "as_of": "2026-11-22", **changes}
    with db.write(desk.vault.engine) as connection:
        save(
            connection, desk.facts.files, kind, item_id, fields, by=by, now=desk.now(),
            imprint=rules.imprint_of(standing), today=desk.today,
        )  # fmt: skip


def ask(caller: Any, text: str, intent: str) -> str:
    caller.state = None
    caller.writes(text, intent=intent)
    return "\n".join(caller.shown())


def test_an_edited_number_is_told_within_a_minute_and_the_old_one_after_it_is_taken_back(
    siti: Any, desk: Any, clock: Any, editor: int
) -> None:
    """The bot runs on: nothing is trained, nothing started again."""
    question = ("nomor kbri malaysia", "faq/contacts")
    assert "+60175007047" in ask(siti, *question)
    edit(desk, editor, Kind.CONTACT, "my-kbri-kl", number="+60175007099")
    clock.pass_seconds(59)
    told = ask(siti, *question)
    assert "+60175007099" in told
    assert "22 Nov 2026" in told
    assert "+60175007047" not in told
    with db.write(desk.vault.engine) as connection:
        standing = rules.find(desk.knowledge, Kind.CONTACT, "my-kbri-kl")
        take_back(
            connection, desk.facts.files, Kind.CONTACT, "my-kbri-kl", to=None, by=editor,
            now=desk.now(), imprint=rules.imprint_of(standing),
        )  # fmt: skip
    clock.pass_seconds(59)
    assert "+60175007047" in ask(siti, *question)


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
def test_a_text_whose_indonesian_changed_is_told_in_indonesian(
    phone: Any, desk: Any, clock: Any, editor: int, channel: str
) -> None:
    """A translation of what was said before would be wrong; the other form keeps its own."""
    wayan = phone("wayan", channel, "jv")
    question = ("arep kerja neng malaysia", "faq/destinations")
    before = ask(wayan, *question)
    edit(desk, editor, Kind.DESTINATION, "MY", text=SAID, sms=SAID)
    clock.pass_seconds(59)
    told = ask(wayan, *question)
    assert SAID in told
    assert SAID not in before
    assert desk.knowledge.destination("MY").text not in before
    untouched = ask(wayan, "arep kerja neng arab saudi", "faq/destinations")
    assert desk.knowledge.destination("SA").text not in untouched


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
def test_the_longest_facts_the_rules_let_pass_fit_the_channel(
    phone: Any, desk: Any, clock: Any, editor: int, channel: str
) -> None:
    """Otherwise an edit could cut an answer that a test of the files has measured."""
    siti = phone(channel=channel)
    longest = "Tanya BP3MI " + "x" * 800
    edit(
        desk, editor, Kind.DESTINATION, "MY", text=longest[:650], sms=longest[:200],
        source="s" * 150,
    )  # fmt: skip
    mail = "a" * 24 + "@kbri.example.id"
    for one in desk.knowledge.contacts_for("MY", 20):
        edit(
            desk, editor, Kind.CONTACT, one.id, unit="K" * 33, number=mail, channel="email",
            verified=False,
        )  # fmt: skip
    clock.pass_seconds(59)
    for question in (("kontak malaysia", "faq/contacts"), ("malaysia", "faq/destinations")):
        told = ask(siti, *question)
        assert "K" * 33 in told or longest[:200] in told
        assert len(told) <= LIMITS[channel], len(told)
    overdue = rules.find(desk.knowledge, Kind.DESTINATION, "MY")
    clock.pass_seconds(400 * 86_400)
    assert overdue is not None
    assert len(ask(siti, "malaysia", "faq/destinations")) <= LIMITS[channel]
