"""`suar conversations`: a responder at the command line."""

import io
import json

import pytest
import sqlalchemy as sa

from hotline.messages import Kind, Media, OutboxState
from replies.takeover import Counter
from store import db
from store.tables import attachments, outbox
from store.vault import Vault
from suar import conversations as command
from tests.fakes import NOON, TEXTS, Clock, FakeBot, make_desk, message, receive, said, work
from tests.store.conversations_of import conversation_of


@pytest.fixture
def counter(vault: Vault, clock: Clock) -> Counter:
    return Counter(vault=vault, texts=TEXTS, claim_seconds=3600, sms_segments=3, now=clock)


@pytest.fixture
def siti(vault: Vault, clock: Clock) -> str:
    """Give a conversation with a voice note in it."""
    one = message("", kind=Kind.VOICE, media=(Media(Kind.VOICE, "f"),), at=clock())
    row = receive(vault, one, transport="telegram")
    work(make_desk(vault, FakeBot(), clock))
    return conversation_of(vault, row)


def listed(counter: Counter, *, everything: bool = False) -> str:
    out = io.StringIO()
    assert command.listing(counter, everything=everything, as_json=False, out=out) == 0
    return out.getvalue()


def act(counter: Counter, action: str, wanted: str, text: str = "", by: str | None = None) -> str:
    out = io.StringIO()
    assert command.act(counter, action, wanted, by=by, text=text, out=out) == 0
    return out.getvalue()


def test_the_list_says_why(counter: Counter, siti: str) -> None:
    """One line each."""
    text = listed(counter)
    assert text.startswith(siti)
    assert "needs a person" in text
    act(counter, "claim", siti, by="Rini")
    assert "held by Rini until 2024-11-22 06:00 UTC" in listed(counter)


def test_what_a_provider_said_is_shown(counter: Counter, siti: str, vault: Vault) -> None:
    """In its own words, with the code."""
    with db.write(vault.engine) as connection:
        failed = {"state": OutboxState.FAILED.value, "error_code": "21211", "error": "nomor salah"}
        connection.execute(sa.update(outbox).values(failed))
    assert "failed 21211 nomor salah" in listed(counter)


def test_an_empty_list_says_so(counter: Counter) -> None:
    """Nothing to do is good news."""
    assert listed(counter) == "no conversation needs a person\n"


def test_show_gives_all_of_it(counter: Counter, siti: str) -> None:
    """Also what is not text, and the log."""
    act(counter, "claim", siti, by="Rini")
    out = io.StringIO()
    command.show(counter, siti, by="Rini", as_json=False, out=out)
    text = out.getvalue()
    assert "caller [voice, file " in text
    assert "gateway [queued]: Pesan suara Anda kami simpan." in text
    assert "* claimed by Rini" in text


def test_show_as_json_can_be_read_by_a_program(counter: Counter, siti: str) -> None:
    """Whole and valid."""
    out = io.StringIO()
    command.show(counter, siti[:10], by=None, as_json=True, out=out)
    [whole] = json.loads(out.getvalue())
    assert whole["standing"]["id"] == siti
    assert [line["kind"] for line in whole["lines"]] == ["voice", "answer"]


def test_a_reply_is_the_holders_unless_somebody_else_is_named(
    counter: Counter, siti: str, vault: Vault
) -> None:
    """The name need not be typed again."""
    act(counter, "claim", siti, by="Rini")
    act(counter, "reply", siti, "Saya dengarkan.")
    assert said(vault)[-1] == "Saya dengarkan."
    assert counter.holder(siti) == "Rini"
    assert act(counter, "give-back", siti) == "the bot answers again\n"
    assert act(counter, "release", siti) == "released: messages []\n"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (
            {"hold": "safe_hours", "next_at": NOON + 7200},
            "(safe_hours, until 2024-11-22 07:00 UTC)",
        ),
        ({"hold": "safe_hours", "next_at": None}, "(safe_hours, until somebody has read"),
        ({"hold": "window", "next_at": None}, "(window, until she writes)"),
        ({"hold": "opted_out", "next_at": None}, "(opted_out, until she writes, or takes STOP"),
    ],
)
def test_a_held_message_is_listed_with_why_and_until_when(
    counter: Counter, siti: str, vault: Vault, values: dict[str, object], told: str
) -> None:
    """On the list and in the conversation; a program gets the moment itself."""
    with db.write(vault.engine) as connection:
        connection.execute(sa.update(outbox).values(state="held", **values))
    assert f"held {told}" in listed(counter)
    out = io.StringIO()
    command.show(counter, siti, by="Rini", as_json=False, out=out)
    assert f"gateway [held {told}" in out.getvalue()
    out = io.StringIO()
    command.listing(counter, everything=False, as_json=True, out=out)
    [trouble] = json.loads(out.getvalue())[0]["troubles"]
    assert (trouble["hold"], trouble["held_until"]) == (values["hold"], values["next_at"])


def test_a_file_that_is_not_kept_is_shown_with_its_reason(
    counter: Counter, siti: str, vault: Vault
) -> None:
    """Who reads the conversation may ask her for a photo of it."""
    with db.write(vault.engine) as connection:
        connection.execute(sa.update(attachments).values(state="refused", reason="wrong_type"))
    out = io.StringIO()
    command.show(counter, siti, by="Rini", as_json=False, out=out)
    assert "(voice, refused, wrong_type)" in out.getvalue()
