"""A ticket that a responder opened over the telephone: its caller comes with code and key."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hotline.intake import Brought
from hotline.staff import Role, Scope, Staff
from hotline.tickets import Category, Urgency
from store import db, ticket_intake, tickets
from store.ticket_intake import Told

ANI = Staff(id=1, login="ani", name="Ani", role=Role.RESPONDER, scope=Scope(), unit="")


@pytest.fixture
def called(desk: Any) -> Any:
    """Give what was read out to somebody who called."""
    told = Told(
        brought=Brought.PHONE, category=Category.REPORT, urgency=Urgency.HIGH,
        reasons=("phone_taken",), why="", language="id", anonymous=False,
        facts=(("story", "Paspor ditahan majikan"), ("safe_time", "malam saja")),
        regions={"origin": ("5371",)},
    )  # fmt: skip
    with db.write(desk.vault.engine) as connection:
        return ticket_intake.open_ticket(
            connection, desk.vault.keyring, told, by=ANI, keep=False, now=desk.now()
        )


@pytest.mark.parametrize("channel", ["whatsapp", "telegram", "sms", "local"])
def test_code_and_key_join_it_from_any_channel(
    phone: Callable[..., Any], called: Any, channel: str
) -> None:
    """She hears how it stands, and from then on it is her conversation's ticket."""
    siti = phone("siti", channel)
    said = siti.writes(f"status {called.code} {called.key}", intent="ticket_status")
    assert said == ["utter_status"]
    assert "cerita" in siti.values("utter_status")["known"]
    assert siti.ticket().code == called.code


def test_a_code_without_the_key_tells_nothing(phone: Callable[..., Any], called: Any) -> None:
    """Nor does a wrong key, and nothing is joined."""
    siti = phone()
    assert siti.writes(f"status {called.code}", intent="ticket_status") == ["utter_ask_key"]
    wrong = "00000000" if called.key != "00000000" else "11111111"
    assert siti.writes(wrong) == ["utter_code_wrong"]
    assert siti.ticket() is None


def test_what_she_adds_stands_on_the_ticket(
    phone: Callable[..., Any], called: Any, desk: Any
) -> None:
    """Beside what the responder wrote down, each with who said it."""
    siti = phone()
    siti.writes(f"tambah laporan {called.code} {called.key}", intent="add_to_report")
    siti.writes("majikan sekarang juga menahan gaji saya tiga bulan")
    with db.read(desk.vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, desk.vault.keyring, code=called.code)
    said = {(fact.field, fact.said_by) for fact in ticket.facts}
    assert {("story", "ani"), ("addition", "caller")} <= said


def test_yesterday_is_counted_from_the_day_in_jakarta(siti: Any, clock: Any) -> None:
    """At five in the morning Greenwich still has the day before."""
    clock.now = datetime(2026, 11, 23, 5, tzinfo=ZoneInfo("Asia/Jakarta")).timestamp()
    siti.writes("mau lapor paspor adik saya ditahan majikan kemarin", intent="report_trafficking",
                date="kemarin")  # fmt: skip
    assert siti.known()["date"] == "kemarin (2026-11-22)"
