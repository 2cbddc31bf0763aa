"""Sessions of the try-out page: only ours count, other sites stay out, floods are slowed."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from store import db
from store.tables import conversations, inbox
from store.vault import Vault
from tests.channels.try_page.conftest import SENT, Clock, stored, write


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "http://testserver.jahat.test"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 200),
    ],
)
def test_another_site_cannot_write_in_a_callers_name(
    siti: TestClient, vault: Vault, headers: dict[str, str], status: int
) -> None:
    """A post counts only when our own page, or no browser at all, has sent it."""
    del siti.headers["Sec-Fetch-Site"]
    body = {"id": "pesan-0001", "text": "halo"}
    assert siti.post("/try/messages", json=body, headers=headers).status_code == status
    assert stored(vault) == (["halo"] if status == 200 else [])
    cleared = siti.post("/try/clear", headers=headers).status_code
    assert cleared == (303 if status == 200 else 403)


def test_the_session_cookie_is_out_of_reach(siti: TestClient, vault: Vault) -> None:
    """Scripts and other sites cannot use it, and the database does not hold it in the open."""
    answer = siti.post("https://testserver/try/messages", json={"id": "pesan-0001", "text": "halo"})
    name, value = answer.headers["set-cookie"].split(";")[0].split("=")
    flags = answer.headers["set-cookie"].lower()
    assert name == "suar_try"
    assert len(bytes.fromhex(value)) == 32  # the session, and our mark on it
    for flag in ("httponly", "samesite=strict", "secure", "path=/try"):
        assert flag in flags
    with db.read(vault.engine) as connection:
        rows = [
            *connection.execute(sa.select(inbox)),
            *connection.execute(sa.select(conversations)),
        ]
    assert value[:32] not in str(rows)


def test_looking_at_the_page_leaves_no_trace(siti: TestClient, vault: Vault) -> None:
    """Neither a cookie nor a conversation begins before the first message."""
    page = siti.get("/try")
    assert "set-cookie" not in page.headers
    assert siti.get("/try/messages").json()["known"] is False
    with db.read(vault.engine) as connection:
        assert connection.execute(sa.select(conversations)).first() is None


@pytest.mark.parametrize("made_up", ["siti", "0" * 32, "0" * 64, "é" * 32])
def test_a_made_up_cookie_opens_nothing(siti: TestClient, made_up: str) -> None:
    """Only a session that we have drawn counts, not one somebody laid into the browser."""
    headers = {"Cookie": f"suar_try={made_up}".encode()}
    nothing = {"messages": [], "waiting": False, "known": False}
    assert siti.get("/try/messages", headers=headers).json() == nothing
    body = {"id": "pesan-0001", "text": SENT}
    answer = siti.post("/try/messages", json=body, headers=headers)
    assert made_up not in answer.headers["set-cookie"]
    assert siti.get("/try/transcript", headers=headers).json() == nothing


def test_a_session_is_ours_to_the_last_sign(siti: TestClient) -> None:
    """A cookie that was changed at any place is a stranger's."""
    write(siti, SENT)
    good = siti.cookies["suar_try"]
    for place in (0, 31, 32, 63):
        other = "1" if good[place] == "0" else "0"
        headers = {"Cookie": f"suar_try={good[:place]}{other}{good[place + 1 :]}"}
        siti.cookies.clear()
        assert siti.get("/try/transcript", headers=headers).json()["known"] is False
    assert siti.get("/try/transcript", headers={"Cookie": f"suar_try={good}"}).json()["known"]


def test_who_writes_faster_than_a_person_is_slowed_down(
    siti: TestClient, vault: Vault, clock: Clock
) -> None:
    """She is told why, nothing of what was refused is stored, and a little later she may again."""
    answers = [write(siti, "halo", f"pesan-{number:04}") for number in range(30)]
    assert answers == [200] * 20 + [429] * 10
    assert len(stored(vault)) == 20
    refused = siti.post("/try/messages", json={"id": "pesan-9999", "text": "halo"})
    assert refused.json() == {
        "error": "Pesannya masuk terlalu cepat. Tunggu sebentar, lalu kirim lagi."
    }
    clock.now += 2
    assert write(siti, "halo", "pesan-9999") == 200
    assert write(siti, "halo", "pesan-9998") == 429


def test_a_form_that_came_too_fast_keeps_its_words(siti: TestClient, vault: Vault) -> None:
    """Without a script the page comes back with the message still in its box."""
    for number in range(21):
        write(siti, "halo", f"pesan-{number:04}")
    before = len(stored(vault))
    answer = siti.post("/try/messages", data={"id": "pesan-9999", "text": SENT + " <b>"})
    assert answer.status_code == 429
    assert "Pesannya masuk terlalu cepat." in answer.text
    assert f">{SENT} &lt;b&gt;</textarea>" in answer.text
    assert len(stored(vault)) == before


def test_new_sessions_do_not_open_new_floods(visit: Callable[[], TestClient]) -> None:
    """A script that throws its cookie away each time is slowed down by its address."""
    answers = []
    browser = visit()
    for number in range(80):
        browser.cookies.clear()
        answers.append(write(browser, "halo", f"pesan-{number:04}"))
    assert answers == [200] * 60 + [429] * 20


def test_looking_without_end_is_slowed_down(siti: TestClient, clock: Clock) -> None:
    """Each look reads the database."""
    answers = [siti.get("/try/transcript").status_code for _ in range(250)]
    assert answers == [200] * 240 + [429] * 10
    for answer in (siti.get("/try"), siti.post("/try/clear")):
        assert answer.status_code == 429
        assert "Pesannya masuk terlalu cepat." in answer.text
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["retry-after"] == "5"
    clock.now += 5
    assert siti.get("/try").status_code == 200


def test_the_icon_is_the_pages_own(siti: TestClient) -> None:
    """Its policy lets nothing else be shown."""
    page = siti.get("/try").text
    assert '<link rel="icon" type="image/svg+xml" href="/try/icon.svg">' in page
    icon = siti.get("/try/icon.svg")
    assert (icon.status_code, icon.headers["content-type"]) == (200, "image/svg+xml")
