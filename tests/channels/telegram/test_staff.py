"""Staff on Telegram: the code of a profile links a chat, and a chat that refuses is noticed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from channels.telegram.notices import TelegramNotices
from channels.telegram.parse import Heard, parse_update
from channels.telegram.storing import job, store
from hotline.errors import Refused, Retry
from hotline.notices import Later, Way
from hotline.settings import Settings
from store import db, notice_ways, notices
from store.tables import conversations, inbox
from store.vault import Vault
from tests.channels.telegram.emulator import Emulator, telegram_of
from tests.channels.telegram.updates import text
from tests.duty import Station
from tests.fakes import Clock


def heard(words: str, clock: Clock) -> Heard:
    return parse_update(text(words), datetime.fromtimestamp(clock(), UTC))


def kept(vault: Vault) -> tuple[int, int]:
    with db.read(vault.engine) as connection:
        found = [
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (inbox, conversations)
        ]
    return found[0], found[1]


def test_the_code_of_a_profile_links_the_chat_it_comes_from(vault: Vault, clock: Clock) -> None:
    """She is no caller: nothing of it is kept as a message, also when it comes twice."""
    station = Station(vault, clock)
    ani = station.hire("ani", mail=False)
    with db.write(vault.engine) as connection:
        notices.set_open(connection, [Way.TELEGRAM])
        code = notice_ways.ask_to_link(connection, ani.id, now=clock())
    for _ in range(2):
        work = job(vault.keyring, heard(code.lower(), clock))
        assert callable(work)
        with db.write(vault.engine) as connection:
            work(connection)
    with db.write(vault.engine) as connection:
        [bundle] = notices.take(connection, vault.keyring, Way.TELEGRAM, now=clock())
    assert (bundle.staff_id, bundle.address) == (ani.id, "770001")
    assert kept(vault) == (0, 0)


def test_what_a_caller_writes_stays_a_message(vault: Vault, clock: Clock) -> None:
    """Also when a code stands in the middle of it."""
    for words in ("saya mau lapor", "kode MEJA-23456-ABCDE dari siapa?"):
        with db.write(vault.engine) as connection:
            store(connection, vault.keyring, heard(words, clock))
    assert kept(vault)[1] == 1
    assert not callable(job(vault.keyring, heard("saya mau lapor", clock)))


def test_a_blocked_bot_is_for_its_owner_and_a_limit_for_the_clock(
    api: Emulator, settings: Settings
) -> None:
    """The one stops this address, the other only waits as long as Telegram says."""
    road = TelegramNotices(telegram_of(settings))
    try:
        api.fail("sendMessage", status=403, description="Forbidden: bot was blocked by the user")
        with pytest.raises(Refused, match=r"refused \(403\)"):
            road.send("770001", "Ada yang menunggu.")
        api.fail("sendMessage", status=429, description="Too Many Requests", retry_after=90)
        with pytest.raises(Later) as limited:
            road.send("770001", "Ada yang menunggu.")
        assert limited.value.seconds == 90
        api.fail("sendMessage", status=401, description="Unauthorized")
        with pytest.raises(Retry, match=r"Telegram refuses \(401\)"):
            road.send("770001", "Ada yang menunggu.")
    finally:
        road.close()
