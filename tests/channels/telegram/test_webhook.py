"""Telegram's webhook: closed to strangers, stored before it is answered, repeats do no harm."""

import asyncio
import json
import logging
import time
from pathlib import Path

import httpx
import pytest

from hotline.settings import Settings, load_settings
from store import db
from store.vault import Vault
from tests.channels.telegram.emulator import SECRET, Emulator, settings_of, telegram_of, wait_until
from tests.channels.telegram.gateway import details, events, serving, stored, unreachable
from tests.channels.telegram.updates import CHAT, DATE, GROUP, membership, tap, text

HEADER = "X-Telegram-Bot-Api-Secret-Token"


def post(url: str, body: object, secret: str | None = SECRET) -> int:
    """Post as Telegram does; returns the status."""
    headers = {} if secret is None else {HEADER: secret}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    with httpx.Client(trust_env=False, timeout=120) as client:
        return client.post(url, content=content, headers=headers).status_code


def hook(api: Emulator, settings: Settings, url: str, secret: str = SECRET) -> None:
    """Let the emulator send this bot's updates to the webhook."""
    with httpx.Client(trust_env=False, timeout=120) as client:
        address = f"{api.address}/bot{telegram_of(settings).token}/setWebhook"
        client.post(address, json={"url": url, "secret_token": secret}).raise_for_status()


def test_what_the_emulator_sends_is_stored(api: Emulator, vault: Vault, settings: Settings) -> None:
    """A text, a command and a tap, in order; then Telegram has nothing left."""
    token = telegram_of(settings).token
    taps, tries = len(api.calls("answerCallbackQuery")), len(api.ask("_tries"))
    with serving(vault, settings) as url:
        hook(api, settings, url)
        person = {"from": {"id": 77, "first_name": "Sari", "is_bot": False}, "botToken": token}
        talk = person | {"chat": CHAT, "date": int(time.time())}
        api.ask("sendMessage", **talk, text="halo")
        mark = [{"offset": 0, "length": 5, "type": "bot_command"}]
        api.ask("sendCommand", **talk, text="/stop", entities=mark)
        ours = talk | {"message_id": 4, "text": "Mau lapor?"}
        api.ask("sendCallback", **person, message=ours, data="c:41:2", date=DATE)
        wait_until(lambda: len(stored(vault)) == 3)
        wait_until(lambda: len(api.calls("answerCallbackQuery")) > taps)
        wait_until(lambda: api.ask("_tries")[tries:] == [200, 200, 200])
    assert stored(vault) == [("text", "halo"), ("text", "STOP"), ("pick", "")]
    assert details(vault) == {"pick": [41, 2], "ref": "4"}


@pytest.mark.parametrize("secret", [None, "", "falsch", SECRET + "x", SECRET.upper(), "é"])
def test_a_stranger_is_refused(vault: Vault, settings: Settings, secret: str | None) -> None:
    """Without the secret nothing is read and nothing stored."""
    with serving(vault, settings) as url:
        told = secret.encode() if secret else secret
        headers = {} if told is None else {HEADER: told}
        with httpx.Client(trust_env=False, timeout=120) as client:
            assert client.post(url, content=b"{" * 9, headers=headers).status_code == 401
    assert stored(vault) == []


def test_a_repeat_is_stored_once(vault: Vault, settings: Settings) -> None:
    """Telegram repeats whatever it did not hear confirmed."""
    with serving(vault, settings) as url:
        assert [post(url, text("tolong")) for _ in range(3)] == [200, 200, 200]
    assert stored(vault) == [("text", "tolong")]


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"x"', b"[" * 100_000, b"x" * 1_000_001])
def test_what_is_no_update_is_refused(vault: Vault, settings: Settings, body: bytes) -> None:
    """Whatever it is, the gateway lives on."""
    with serving(vault, settings) as url:
        assert post(url, body) == 400
        assert post(url, text("halo")) == 200
    assert stored(vault) == [("text", "halo")]


def test_an_update_that_is_not_ours_is_confirmed(vault: Vault, settings: Settings) -> None:
    """Else Telegram would repeat it for a day, and hold back what comes behind."""
    with serving(vault, settings) as url:
        assert post(url, {"update_id": 1, "telepathy": {}}) == 200
        assert post(url, {}) == 200
    assert stored(vault) == []


def test_a_group_is_left(api: Emulator, vault: Vault, settings: Settings) -> None:
    """Everybody in it would read what callers write."""
    left = len(api.calls("leaveChat"))
    with serving(vault, settings) as url:
        assert post(url, text("halo", chat=GROUP)) == 200
        wait_until(lambda: len(api.calls("leaveChat")) > left)
    assert api.calls("leaveChat")[-1]["chat_id"] == str(GROUP["id"])
    assert stored(vault) == []


def test_a_block_is_remembered_until_she_unblocks_or_writes(
    vault: Vault, settings: Settings
) -> None:
    """And a block that was overtaken by a message is over."""
    late = int(time.time()) + 100_000
    with serving(vault, settings) as url:
        post(url, membership("kicked") | {"update_id": 1})
        assert unreachable(vault) == []  # nobody has written yet
        post(url, text("halo") | {"update_id": 2})
        post(url, membership("kicked", date=DATE) | {"update_id": 3})
        assert unreachable(vault) == [None]
        post(url, membership("kicked", date=late) | {"update_id": 4})
        assert unreachable(vault) == ["403-blocked"]
        post(url, membership("member", date=late) | {"update_id": 5})
        assert unreachable(vault) == [None]
        post(url, membership("kicked", date=late) | {"update_id": 6})
        post(url, text("saya kembali") | {"update_id": 7})
    assert unreachable(vault) == [None]
    assert events(vault) == ["blocked_by_caller", "unblocked_by_caller", "blocked_by_caller"]


def test_a_tap_is_confirmed_although_telegram_hangs(
    api: Emulator, vault: Vault, settings: Settings
) -> None:
    """The button's wheel is worth no delay."""
    api.fail("answerCallbackQuery", 1, hang=600_000)
    with serving(vault, settings) as url:
        begun = time.monotonic()
        assert post(url, tap("c:17:2")) == 200
        # Who waited for Telegram would wait for twenty seconds.
        assert time.monotonic() - begun < 15
    assert stored(vault) == [("pick", "Ya")]


def test_a_database_that_is_away_makes_telegram_repeat(
    api: Emulator, vault: Vault, settings: Settings, tmp_path: Path
) -> None:
    """503 while it is away; the same update is stored once it is back."""
    broken = db.connect(f"sqlite:///{tmp_path / 'empty' / 'suar.db'}")
    tries = len(api.ask("_tries"))
    with serving(vault, settings, engine=broken) as url:
        hook(api, settings, url)
        api.put(telegram_of(settings).token, {"message": text("tolong")["message"]})
        wait_until(lambda: 503 in api.ask("_tries")[tries:])
        assert post(url, text("tolong")) == 503
        fresh = db.connect(f"sqlite:///{tmp_path / 'empty' / 'suar.db'}")
        db.migrate(fresh)
        back = Vault(fresh, vault.keyring)
        wait_until(lambda: stored(back) == [("text", "tolong")])
        wait_until(lambda: api.ask("_tries")[-1] == 200)
        fresh.dispose()
    broken.dispose()


def test_a_burst_is_stored_whole(vault: Vault, settings: Settings) -> None:
    """Two hundred at once, each with its repeat."""

    async def burst(url: str) -> list[int]:
        limits = httpx.Limits(max_connections=40)
        async with httpx.AsyncClient(trust_env=False, limits=limits, timeout=600) as client:
            bodies = [text(f"pesan {n}") | {"update_id": n} for n in range(200)] * 2
            answers = await asyncio.gather(
                *(client.post(url, json=body, headers={HEADER: SECRET}) for body in bodies)
            )
        return [answer.status_code for answer in answers]

    with serving(vault, settings) as url:
        assert asyncio.run(burst(url)) == [200] * 400
    assert sorted(stored(vault)) == sorted(("text", f"pesan {n}") for n in range(200))


def test_without_a_webhook_the_door_is_not_there(
    api: Emulator, vault: Vault, tmp_path: Path
) -> None:
    """A channel that polls, or that is not set up, cannot be knocked at."""
    polls = settings_of(api.address, tmp_path, SUAR_TELEGRAM_MODE="polling")
    for settings in (polls, load_settings({"SUAR_HOME": str(tmp_path)})):
        with serving(vault, settings) as url:
            assert post(url, text("halo")) == 404


def test_no_log_line_tells_who_wrote_what(
    api: Emulator, vault: Vault, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither text nor address, whatever is passed over or fails."""
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    api.fail("leaveChat", 1, status=400, description="chat 770001 says rahasia")
    with serving(vault, settings) as url:
        for update in (text("rahasia"), text("rahasia", chat=GROUP), {"update_id": 3}):
            post(url, update)
        post(url, {"update_id": 8, "message": {"chat": CHAT, "text": ["rahasia"]}})
        wait_until(lambda: "an errand to Telegram failed" in caplog.text)
    told = caplog.text
    assert "passed over" in told
    for secret in ("rahasia", "770001", "1009001", telegram_of(settings).token, SECRET):
        assert secret not in told
