"""The try-out page over HTTP: what it stores, what it hands out, and whom it refuses."""

import json
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from hotline.messages import OutboxState
from store import db
from store.tables import outbox as outbox_table
from store.vault import Vault
from tests.channels.try_page.conftest import SENT, Echo, look, say, stored, texts, write


@pytest.mark.usefixtures("working")
def test_a_message_is_answered_in_order_with_its_choices(siti: TestClient) -> None:
    """What the bot says comes back whole; each message has its own choices."""
    assert write(siti, "biaya") == 200
    answer = look(siti)
    assert [m["text"] for m in answer["messages"]] == ["Anda menulis: biaya", "Lalu?"]
    assert answer["messages"][0]["buttons"] == [
        {"title": "Cek perusahaan", "number": 1},
        {"title": "Lapor masalah", "number": 2},
    ]
    assert not answer["waiting"]


@pytest.mark.usefixtures("working")
def test_a_tapped_choice_reaches_the_bot_as_what_it_means(siti: TestClient, bot: Echo) -> None:
    """The title of a button is enough: the worker knows what was offered."""
    write(siti, "halo")
    texts(siti)
    write(siti, "Lapor masalah", "pesan-0002")
    assert texts(siti, after=1) == ["Anda menulis: Lapor masalah"]
    assert bot.asked[-1].choice == "/report_trafficking"


@pytest.mark.usefixtures("working")
def test_a_broken_bot_brings_the_safe_text(siti: TestClient) -> None:
    """The caller never meets silence."""
    write(siti, "rusak")
    assert "sistem sedang terganggu" in texts(siti)[0]


def test_a_repeated_post_stores_one_message(siti: TestClient, vault: Vault) -> None:
    """A browser that lost our answer sends the same id again, and nothing is doubled."""
    assert [write(siti, SENT), write(siti, SENT)] == [200, 200]
    assert stored(vault) == [SENT]


def test_the_same_id_from_two_browsers_is_two_messages(
    visit: Callable[[], TestClient], vault: Vault
) -> None:
    """Ids are drawn by browsers, so they count within one session only."""
    write(visit(), "Siti di Johor")
    write(visit(), "Budi di Riyadh")
    assert stored(vault) == ["Siti di Johor", "Budi di Riyadh"]


@pytest.mark.usefixtures("working")
def test_a_browser_sees_only_its_own_conversation(visit: Callable[[], TestClient]) -> None:
    """Budi reads nothing of what Siti wrote or was told."""
    siti, budi = visit(), visit()
    write(siti, SENT)
    texts(siti)
    write(budi, "halo")
    assert texts(budi) == ["Anda menulis: halo"]
    assert SENT not in budi.get("/try").text
    assert visit().get("/try/transcript").json() == {
        "messages": [],
        "waiting": False,
        "known": False,
    }


@pytest.mark.usefixtures("working")
def test_the_conversation_is_there_again_after_a_reload(siti: TestClient) -> None:
    """Both sides stand on the page in order, and the choices under the last message only."""
    write(siti, "biaya")
    texts(siti)
    page = siti.get("/try").text
    places = [page.index(text) for text in ("</span>biaya", "Anda menulis: biaya", "Lalu?")]
    assert places == sorted(places)
    assert page.count('<form class="choices"') == 1
    assert page.index("Lalu?") < page.index('<form class="choices"')
    said = siti.get("/try/transcript").json()["messages"]
    assert [m["inbound"] for m in said] == [True, False, False]


def test_markup_in_a_message_stays_text(siti: TestClient) -> None:
    """What a caller writes is never read as part of the page."""
    write(siti, '<img src=x onerror="alert(1)">')
    page = siti.get("/try").text
    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_a_message_handed_out_counts_as_delivered(siti: TestClient, vault: Vault) -> None:
    """A responder sees that her reply has reached the caller's screen."""
    write(siti, "halo")
    say(vault, "Ini petugas.", OutboxState.SENT)
    assert texts(siti) == ["Ini petugas."]
    with db.read(vault.engine) as connection:
        assert connection.execute(sa.select(outbox_table.c.state)).scalar_one() == "delivered"


def test_a_held_message_is_shown_when_it_is_released(siti: TestClient, vault: Vault) -> None:
    """It stays hidden while it waits, and comes although newer ones were fetched meanwhile."""
    write(siti, "halo")
    say(vault, "Nanti malam.", OutboxState.HELD)
    say(vault, "Sekarang.", OutboxState.SENT)
    assert texts(siti) == ["Sekarang."]
    assert "Nanti malam." not in siti.get("/try").text
    with db.write(vault.engine) as connection:
        connection.execute(
            sa.update(outbox_table).where(outbox_table.c.id == 1).values(state="sent")
        )
    assert texts(siti, after=2) == ["Nanti malam."]


def test_a_wait_without_news_ends(siti: TestClient) -> None:
    """An open look comes back empty after the time it asked for, not before."""
    write(siti, "halo")
    began = time.monotonic()
    answer = siti.get("/try/messages", params={"wait": 0.4}).json()
    assert answer == {"messages": [], "waiting": True, "known": True}
    # Without being told it would wait twenty seconds.
    assert 0.4 <= time.monotonic() - began < 15


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{", 400, "tidak bisa dibaca"),
        (b"[1]", 400, "tidak bisa dibaca"),
        (b"[" * 9000, 400, "tidak bisa dibaca"),
        (b'\xff{"id": "pesan-0001"}', 400, "tidak bisa dibaca"),
        (b'{"id": "pesan-0001"}', 400, "tidak bisa dibaca"),
        (b'{"id": "pesan-0001", "text": 7}', 400, "tidak bisa dibaca"),
        (b'{"id": ["pesan-0001"], "text": "halo"}', 400, "tidak bisa dibaca"),
        (b'{"id": "pendek", "text": "halo"}', 400, "tidak bisa dibaca"),
        (b'{"id": "pesan 0001; x", "text": "halo"}', 400, "tidak bisa dibaca"),
        (b'{"id": "pesan-0001", "text": " \\n "}', 400, "masih kosong"),
        (json.dumps({"id": "pesan-0001", "text": "a" * 10_001}).encode(), 413, "terlalu panjang"),
        (b'{"id": "pesan-0001", "text": "halo"}' + b" " * 16_384, 413, "terlalu panjang"),
    ],
)
def test_what_is_not_a_message_is_refused_with_a_reason(
    siti: TestClient, vault: Vault, body: bytes, status: int, said: str
) -> None:
    """Nothing of it is stored, and a plain sentence says why."""
    answer = siti.post("/try/messages", content=body)
    assert answer.status_code == status
    assert said in answer.json()["error"]
    assert stored(vault) == []


def test_a_long_story_is_stored_whole(siti: TestClient, vault: Vault) -> None:
    """Ten thousand characters fit, though the bot will read fewer."""
    assert write(siti, "b" * 10_000) == 200
    assert stored(vault) == ["b" * 10_000]


def test_half_a_surrogate_pair_is_stored_as_a_replacement(siti: TestClient, vault: Vault) -> None:
    """JSON can name what no encoding can store; the rest of the message still counts."""
    body = rb'{"id": "pesan-0001", "text": "tolong \ud83d sekarang \ud83d\ude4f"}'
    assert siti.post("/try/messages", content=body).status_code == 200
    assert stored(vault) == ["tolong \ufffd sekarang \U0001f64f"]


def test_clearing_the_screen_forgets_the_conversation_here_only(
    siti: TestClient, vault: Vault
) -> None:
    """Whoever opens the browser next sees nothing; what was sent stays stored."""
    write(siti, SENT)
    answer = siti.post("/try/clear")
    assert answer.headers["location"] == "/try?cleared"
    assert "suar_try" not in siti.cookies
    page = siti.get("/try?cleared").text
    assert SENT not in page
    assert "Layar sudah dihapus" in page
    assert stored(vault) == [SENT]


@pytest.mark.parametrize("path", ["/try", "/try/try.js", "/try/try.css", "/try/transcript"])
def test_nothing_foreign_is_loaded_and_nothing_is_kept(siti: TestClient, path: str) -> None:
    """Every answer carries the strict headers, and the page has no inline script or style."""
    answer = siti.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    if path == "/try":
        assert "<style" not in answer.text
        assert "style=" not in answer.text
        assert answer.text.count("<script") == answer.text.count('<script src="/try/')


@pytest.mark.usefixtures("working")
def test_the_plain_form_works_without_a_script(siti: TestClient, vault: Vault) -> None:
    """A post leads back to the page, which looks again by itself until the answer is there."""
    fields = {"id": "pesan-0001", "text": "baris satu\r\nbaris dua"}
    answer = siti.post("/try/messages", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/try")
    assert stored(vault) == ["baris satu\nbaris dua"]
    texts(siti)
    assert "Anda menulis: baris satu\nbaris dua" in siti.get("/try").text


def test_the_plain_page_refreshes_only_while_an_answer_is_due(siti: TestClient) -> None:
    """A page that refreshed all the time would take away what is being written."""
    assert "http-equiv" not in siti.get("/try").text
    write(siti, "halo")
    assert 'http-equiv="refresh"' in siti.get("/try").text


def test_the_plain_form_is_told_why_it_was_refused(siti: TestClient) -> None:
    """The reason stands on the page, not in a bare error."""
    answer = siti.post("/try/messages", data={"id": "pesan-0001", "text": "  "})
    assert answer.status_code == 400
    assert "Pesannya masih kosong" in answer.text


def test_a_database_that_is_away_is_said_so(siti: TestClient, vault: Vault) -> None:
    """The message is not claimed to be stored; the browser keeps it and tries again."""
    write(siti, "halo")
    with vault.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE conversations RENAME TO elsewhere")
    assert write(siti, "halo lagi", "pesan-0002") == 503
    assert siti.get("/try/messages").status_code == 503
    assert siti.get("/try/transcript").status_code == 503
    page = siti.get("/try")
    assert page.status_code == 503
    assert "pesan belum bisa disimpan" in page.text
