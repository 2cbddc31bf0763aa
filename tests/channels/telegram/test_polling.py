"""Polling: stored first, confirmed afterwards; whatever breaks, nothing is lost or stored twice."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from channels.telegram.line import Line
from channels.telegram.polling import Poller
from hotline.settings import Settings
from store import db
from store.vault import Vault
from tests.channels.telegram.emulator import Emulator, telegram_of, wait_until
from tests.channels.telegram.gateway import events, stored
from tests.channels.telegram.updates import GROUP, membership, tap, text


@contextmanager
def polling(vault: Vault, line: Line) -> Iterator[Poller]:
    """Poll in the background."""
    poller, stop = Poller(vault, line, wait=1), threading.Event()
    thread = threading.Thread(target=poller.run, args=(stop,), daemon=True)
    thread.start()
    try:
        yield poller
    finally:
        stop.set()
        thread.join(120)
    assert not thread.is_alive()


@pytest.fixture
def token(settings: Settings) -> str:
    """Give the token of this test's bot."""
    return telegram_of(settings).token


def write(api: Emulator, token: str, *words: str) -> None:
    """Let Siti write."""
    for one in words:
        api.put(token, {"message": text(one)["message"]})


def test_what_callers_write_is_stored_in_order_and_confirmed(
    api: Emulator, vault: Vault, line: Line, token: str
) -> None:
    """Before the start and after it."""
    write(api, token, "satu", "dua")
    with polling(vault, line):
        wait_until(lambda: len(stored(vault)) == 2)
        write(api, token, "tiga")
        wait_until(lambda: len(stored(vault)) == 3)
        wait_until(lambda: api.waiting(token) == 0)
    assert stored(vault) == [("text", "satu"), ("text", "dua"), ("text", "tiga")]


def test_taps_and_blocks_come_too(api: Emulator, vault: Vault, line: Line, token: str) -> None:
    """With their answers, as by the webhook."""
    before = len(api.calls("answerCallbackQuery")), len(api.calls("leaveChat"))
    for update in (
        text("halo"),
        tap("c:17:2"),
        text("halo", chat=GROUP),
        membership("kicked", date=int(time.time()) + 100_000),
    ):
        api.put(token, {key: value for key, value in update.items() if key != "update_id"})
    with polling(vault, line):
        wait_until(lambda: events(vault) == ["blocked_by_caller"])
        wait_until(lambda: len(api.calls("answerCallbackQuery")) > before[0])
        wait_until(lambda: len(api.calls("leaveChat")) > before[1])
    assert stored(vault) == [("text", "halo"), ("pick", "Ya")]


def test_an_update_that_nobody_can_read_holds_back_nothing(
    api: Emulator, vault: Vault, line: Line, token: str
) -> None:
    """The library alone would refuse the whole batch."""
    write(api, token, "satu")
    api.put(token, {"callback_query": {"id": 7}})
    api.put(token, {"message": "x"})
    write(api, token, "dua")
    with polling(vault, line):
        wait_until(lambda: stored(vault) == [("text", "satu"), ("text", "dua")])
        wait_until(lambda: api.waiting(token) == 0)


def _rename(vault: Vault, old: str, new: str) -> None:
    with db.write(vault.engine) as connection:
        connection.execute(sa.text(f"alter table {old} rename to {new}"))


def test_nothing_is_confirmed_that_is_not_on_disk(
    api: Emulator, vault: Vault, line: Line, token: str
) -> None:
    """While the database takes nothing Telegram keeps everything."""
    asked = len(api.calls("getUpdates"))
    _rename(vault, "inbox", "inbox_away")
    try:
        write(api, token, "tolong")
        with polling(vault, line):
            wait_until(lambda: len(api.calls("getUpdates")) > asked + 1)
            assert api.waiting(token) == 1
            _rename(vault, "inbox_away", "inbox")
            wait_until(lambda: stored(vault) == [("text", "tolong")])
            wait_until(lambda: api.waiting(token) == 0)
    except BaseException:
        _rename(vault, "inbox_away", "inbox")
        raise


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (
            {"status": 409, "description": "Conflict: terminated by other getUpdates request"},
            "only one may",
        ),
        (
            {
                "status": 409,
                "description": "Conflict: can't use getUpdates while webhook is active",
            },
            "suar telegram webhook delete",
        ),
        ({"status": 401, "description": "Unauthorized"}, "SUAR_TELEGRAM_TOKEN"),
        ({"status": 502, "description": "Bad Gateway"}, "502"),
        ({"status": 429, "description": "Too Many Requests", "retry_after": 1}, "429"),
        ({"cut": True}, "does not answer"),
    ],
)
def test_trouble_is_told_and_outlived(
    api: Emulator,
    vault: Vault,
    line: Line,
    token: str,
    caplog: pytest.LogCaptureFixture,
    how: dict[str, object],
    words: str,
) -> None:
    """In words that say what to do, without the token."""
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    api.fail("getUpdates", 1, **how)
    write(api, token, "tolong")
    with polling(vault, line):
        wait_until(lambda: stored(vault) == [("text", "tolong")])
    assert words in caplog.text
    assert token not in caplog.text


def test_an_answer_that_never_comes_is_given_up_when_we_end(
    api: Emulator, vault: Vault, line: Line, token: str
) -> None:
    """Ctrl-C does not wait for Telegram."""
    asked = len(api.calls("getUpdates"))
    api.fail("getUpdates", 1, hang=600_000)
    with polling(vault, line):
        wait_until(lambda: len(api.calls("getUpdates")) > asked)
