"""The internal interface: closed by default, open to the token alone, JSON throughout."""

import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from channels.internal import add_internal
from hotline.settings import load_settings
from store import db
from store.tables import outbox
from store.vault import Vault
from tests.fakes import Clock, FakeBot, make_desk, message, outcomes, receive, said, work
from tests.store.conversations_of import conversation_of

TOKEN = "rahasia-sekali-16"
ROUTES = [
    ("GET", "/internal/conversations"),
    ("GET", "/internal/conversations/abcdef?by=Rini"),
    ("POST", "/internal/conversations/abcdef/claim"),
    ("POST", "/internal/conversations/abcdef/reply"),
    ("POST", "/internal/conversations/abcdef/give-back"),
    ("POST", "/internal/conversations/abcdef/release"),
]
Make = Callable[..., TestClient]


@pytest.fixture
def make(vault: Vault) -> Make:
    def one(*, token: str = TOKEN, shown: str | None = f"Bearer {TOKEN}") -> TestClient:
        app = FastAPI()
        add_internal(app, vault, load_settings({"SUAR_INTERNAL_TOKEN": token}))
        return TestClient(app, headers={"Authorization": shown} if shown else {})

    return one


@pytest.fixture
def siti(vault: Vault, clock: Clock) -> str:
    """Give a conversation that the bot could not answer."""
    row = receive(vault, message("saya disekap"))
    work(make_desk(vault, FakeBot(), clock))
    return conversation_of(vault, row)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_token_in_the_settings_there_is_nothing(
    make: Make, method: str, path: str
) -> None:
    """As if the interface did not exist, whatever is shown."""
    assert make(token="", shown="Bearer ").request(method, path).status_code == 404


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("shown", [None, "", "Bearer", "Bearer x", TOKEN, f"Basic {TOKEN}", "é"])
def test_only_the_token_opens(make: Make, method: str, path: str, shown: str | None) -> None:
    """Before anything is read or looked up."""
    client = make(shown=None)
    headers = {} if shown is None else {b"authorization": shown.encode()}
    answer = client.request(method, path, headers=headers)
    assert answer.status_code == 401
    assert "conversation" not in answer.text


def test_a_whole_takeover(make: Make, siti: str, vault: Vault, clock: Clock) -> None:
    """List, claim, show, reply, give back."""
    client = make()
    [one] = client.get("/internal/conversations").json()["conversations"]
    assert (one["critical"], one["needs_person"]) == (True, False)
    [one] = client.get("/internal/conversations?everything=true").json()["conversations"]
    assert (one["id"], one["channel"], len(one["tickets"])) == (siti, "whatsapp", 1)
    where = f"/internal/conversations/{siti}"
    assert client.post(f"{where}/claim", json={"by": "Rini"}).status_code == 200
    [whole] = client.get(f"{where}?by=Rini").json()["conversations"]
    assert [line["text"] for line in whole["lines"]] == ["saya disekap", "re: saya disekap"]
    assert whole["standing"]["claimed_by"] == "Rini"
    written = client.post(f"{where}/reply", json={"by": "Rini", "text": "Saya baca."})
    assert len(written.json()["messages"]) == 2
    assert said(vault)[-1] == "Saya baca."
    assert client.post(f"{where}/give-back", json={"by": "Rini"}).json() == {"given_back": True}
    assert client.get("/internal/conversations").json() == {"conversations": []}
    assert outcomes(vault) == [("done", "bot")]


def test_who_comes_second_is_told_so(make: Make, siti: str) -> None:
    """409, with the name."""
    client, where = make(), f"/internal/conversations/{siti}"
    client.post(f"{where}/claim", json={"by": "Rini"})
    answer = client.post(f"{where}/claim", json={"by": "Tono"})
    assert (answer.status_code, answer.json()) == (409, {"error": "Rini holds this conversation"})


def test_an_unknown_conversation_is_refused(make: Make, siti: str) -> None:
    """In words, not as a fault of ours."""
    answer = make().post("/internal/conversations/ffffffffff/claim", json={"by": "Rini"})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    "body", [{}, {"by": ""}, {"by": "x" * 25}, {"by": "Rini", "extra": 1}, [], "x"]
)
def test_an_odd_body_changes_nothing(make: Make, siti: str, body: object) -> None:
    """What is not understood is not half done."""
    answer = make().post(f"/internal/conversations/{siti}/claim", json=body)
    assert answer.status_code == 422


def test_a_database_that_is_away_is_an_error_of_ours(make: Make, vault: Vault, siti: str) -> None:
    """503, so that the program asks again, and nothing of the driver's own words."""
    with vault.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE audit_log RENAME TO gone"))
    try:
        answer = make().get(f"/internal/conversations/{siti}?by=Rini")
    finally:
        with vault.engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE gone RENAME TO audit_log"))
    assert (answer.status_code, answer.json()) == (503, {"error": "the database is away"})


def test_a_held_message_says_why_and_until_when(make: Make, siti: str, vault: Vault) -> None:
    """In the list, and on its own line in the conversation."""
    until = float(int(time.time()) + 3600)  # as the page has a clock of its own
    held = {"state": "held", "hold": "quiet_hours", "next_at": until}
    with db.write(vault.engine) as connection:
        connection.execute(sa.update(outbox).values(held))
    client = make()
    [one] = client.get("/internal/conversations").json()["conversations"]
    [trouble] = one["troubles"]
    assert (trouble["hold"], trouble["held_until"]) == ("quiet_hours", until)
    [shown] = client.get(f"/internal/conversations/{siti}?by=Rini").json()["conversations"]
    line = shown["lines"][-1]
    assert (line["hold"], line["held_until"]) == ("quiet_hours", until)
