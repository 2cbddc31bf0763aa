"""The dark figure: reports, questions with signs and offers with warnings, side by side."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from hotline.figures import months
from hotline.staff import Level, Role, Scope, Staff
from store import dark_figure, db, figures, offer_checks
from store.content_tables import offer_checks as table
from store.dark_figure import Compared
from store.figures import Asked
from tests.console.conftest import Office, Report
from tests.console.counted import change, many


def person(region: str = "", role: Role = Role.AUDITOR) -> Staff:
    level = {0: Level.NATIONAL, 2: Level.PROVINCE, 4: Level.REGENCY}[len(region)]
    return Staff(id=9, login="a", name="A", role=role, scope=Scope(level, region), unit="")


def offer(
    office: Office, report: Report, *, grade: str = "bahaya_kuat", at: float | None = None,
    signs: tuple[str, ...] = ("debt",), region: str = "", destination: str = "",
) -> None:  # fmt: skip
    """Let somebody have an offer weighed."""
    with db.write(office.vault.engine) as connection:
        row = {
            "conversation_id": report.conversation, "message_id": report.message, "grade": grade,
            "signs": list(signs), "region": region, "destination": destination,
            "at": office.clock() if at is None else at,
        }  # fmt: skip
        connection.execute(sa.insert(table), row)


def compared(office: Office, part: str, region: str = "", *, gathered: bool = False) -> Compared:
    asked = Asked(person(region), 0.0, office.clock())
    with db.read(office.vault.engine) as connection:
        if not gathered:
            return dark_figure.compare(connection, asked, part)
        with figures.gathering(connection, asked) as ready:
            return dark_figure.compare(connection, ready, part)


def fill(office: Office) -> None:
    """Three reports, two questions with a sign, one without, and four offers."""
    one, two, three = many(office, {"3578": 2, "5371": 1})
    signed = many(office, {"35": 2})
    [plain] = many(office, {"33": 1})
    for report in signed:
        change(office, report, category="other", reasons=["beaten"])
    change(office, plain, category="other")
    offer(office, one, region="3578", destination="MY")
    offer(office, two, region="35", grade="banyak_tanda")
    offer(office, three, destination="MY", grade="perlu_dicek")
    offer(office, plain, destination="KH")


@pytest.mark.parametrize("gathered", [False, True])
def test_each_column_counts_its_own_thing(office: Office, gathered: bool) -> None:
    """A question without a sign, or an offer without a warning, points at nothing."""
    fill(office)
    found = compared(office, "region", gathered=gathered)
    assert found.reports == {"35": 2, "53": 1, "unknown": 0}
    assert found.signs == {"35": 2, "53": 0, "unknown": 0}
    assert found.offers == {"35": 2, "53": 0, "unknown": 1}
    found = compared(office, "destination", gathered=gathered)
    assert found.offers == {"KH": 1, "MY": 1, "unknown": 1}
    assert found.reports == {"KH": 0, "MY": 0, "unknown": 3}
    found = compared(office, "month", gathered=gathered)
    assert list(found.reports.values()) == [3]
    assert found.offers == {"2024-11": 3}


def test_a_province_sees_the_offers_that_name_it(office: Office) -> None:
    """One without a region belongs to no province."""
    fill(office)
    found = compared(office, "region", "35")
    assert found == Compared({"35": 2}, {"35": 2}, {"35": 2})
    assert compared(office, "region", "11") == Compared({}, {}, {})
    asked = Asked(person("35"), 0.0, office.clock())
    with db.read(office.vault.engine) as connection:
        assert offer_checks.weighed(connection, asked) == offer_checks.Weighed(2, 2, 0)


def test_an_offer_without_a_ticket_is_counted_apart(office: Office) -> None:
    from store.tables import ticket_conversations

    fill(office)
    with db.write(office.vault.engine) as connection:
        first = sa.select(table.c.conversation_id).order_by(table.c.id).limit(1).scalar_subquery()
        mine = ticket_conversations.c.conversation_id == first
        connection.execute(sa.delete(ticket_conversations).where(mine))
        asked = Asked(person(), 0.0, office.clock())
        assert offer_checks.weighed(connection, asked) == offer_checks.Weighed(4, 3, 1)
        assert offer_checks.signs_of(connection, asked) == [("debt", 4)]


def test_a_month_is_that_of_jakarta() -> None:
    """The last evening of a month in London is the first morning of the next one there."""
    day = int(datetime(2024, 11, 30, 18, tzinfo=UTC).timestamp() + 7 * 3600) // 86_400
    assert months({day: 2, day + 1: 1, day - 1: 4}) == {"2024-11": 4, "2024-12": 3}


def test_the_database_numbers_days_as_jakarta_does(office: Office) -> None:
    [one] = many(office, {"35": 1})
    at = datetime(2024, 10, 31, 17, tzinfo=UTC).timestamp()
    change(office, one, opened_at=at)
    offer(office, one, at=at - 1)
    found = compared(office, "month")
    assert (found.reports, found.offers) == (
        {"2024-10": 0, "2024-11": 1}, {"2024-10": 1, "2024-11": 0},
    )  # fmt: skip


def test_the_page_shows_both_sides_and_hides_small_cells(office: Office) -> None:
    fill(office)
    page = office.hire("ani", Role.AUDITOR).browser.get("/figures").text
    assert "Tawaran kerja yang diperiksa</th><td>4" in page
    assert "dengan tanda kuat atau banyak tanda</th><td>3" in page
    rows = page.split('id="dark-region"', 1)[1].split("</table>", 1)[0]
    assert "Jawa Timur" in rows
    assert "tidak disebut" in rows
    # One and two people are never shown as one and two.
    assert ">1<" not in rows
    assert ">2<" not in rows
    signs = page.split('id="dark-signs"', 1)[1].split("</table>", 1)[0]
    assert "<td>4</td>" in signs
    assert ">debt<" not in signs  # told in the caller's words


@pytest.mark.parametrize("region", ["", "35", "5371"])
def test_gathered_tickets_give_the_same_figures(office: Office, region: str) -> None:
    """The table made for speed holds what the tables themselves hold, and is gone afterwards."""
    fill(office)
    asked = Asked(person(region, Role.SUPERVISOR), 0.0, office.clock())
    for _ in range(2):
        with db.read(office.vault.engine) as connection:
            plain = _all(connection, asked)
            with figures.gathering(connection, asked) as ready:
                assert _all(connection, ready) == plain
    with db.read(office.vault.engine) as connection, pytest.raises(sa.exc.DBAPIError):
        connection.execute(sa.text("select * from gathered_tickets"))


def _all(connection: sa.Connection, asked: Asked) -> list[object]:
    return [
        figures.by_each(connection, asked), figures.by(connection, asked, "channel"),
        figures.inflow(connection, asked), figures.waiting(connection, asked),
        figures.backlog(connection, asked), figures.by_region(connection, asked, "origin"),
        figures.by_country(connection, asked), dark_figure.dark(connection, asked),
    ]  # fmt: skip


def test_a_ticket_counts_for_the_channel_it_began_on(office: Office) -> None:
    """Not once for each conversation that joined it later."""
    from hotline.messages import Channel
    from store.tables import ticket_conversations

    one = office.report(address="+628111")
    other = office.report(address="+628112", channel=Channel.SMS)
    with db.write(office.vault.engine) as connection:
        row = {"ticket_id": one.id, "conversation_id": other.conversation, "joined_at": 9e9}
        connection.execute(sa.insert(ticket_conversations), row)
        asked = Asked(person(), 0.0, office.clock())
        assert figures.by(connection, asked, "channel") == {"whatsapp": 1, "sms": 1}
