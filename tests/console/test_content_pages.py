"""Register and knowledge at the desk: what is in force, what changed, and what is overdue."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from console.knowledge import facts, last_day, overdue
from hotline.staff import Role
from store.register import import_file
from tests.console.conftest import Office
from tests.store.register.conftest import SMALL_REGISTER


def bring_in(office: Office, folder: Path, content: str = SMALL_REGISTER, **how: object) -> None:
    """Import a register of yesterday."""
    file = folder / "daftar.csv"
    file.write_text(content, "utf-8")
    now = datetime.fromtimestamp(office.clock(), UTC)
    settings = {"source": "https://example.test/daftar", "as_of": now.date() - timedelta(days=1)}
    import_file(office.vault.engine, file, now=now, **{**settings, **how})


def test_without_a_register_the_page_says_how_to_get_one(office: Office) -> None:
    ani = office.hire("ani", Role.RESPONDER)
    assert "suar register import" in ani.browser.get("/register").text
    assert "belum ada daftar" in ani.post("/register", q="PT Apa Saja").text


def test_the_register_in_force_has_source_date_and_its_mark(office: Office, tmp_path: Path) -> None:
    ani = office.hire("ani", Role.RESPONDER)
    bring_in(office, tmp_path, demo=True)
    page = ani.browser.get("/register").text
    assert "https://example.test/daftar" in page
    assert "data uji: nama-namanya karangan" in page
    assert "aktif 4" in page
    office.clock.advance(40 * 86_400)
    assert ani.log_in().status_code == 303
    assert "lebih tua dari 30 hari" in ani.browser.get("/register").text.replace("\n", " ")


def test_what_an_import_changed_can_be_read(office: Office, tmp_path: Path) -> None:
    """Who was added, who is gone, and whose status is another."""
    ani = office.hire("ani", Role.DATA_OFFICER)
    bring_in(office, tmp_path)
    office.clock.advance(60)
    changed = SMALL_REGISTER.replace("UJI-1001-A7,Aktif", "UJI-1001-A7,Dicabut")
    bring_in(office, tmp_path, changed + "PT <i>Baru</i> Sekali,,UJI-9,Aktif,Solo,Jateng,,,\n")
    page = ani.browser.get("/register").text
    assert "PT Banu Nusa Kelana: aktif → izin dicabut" in page
    assert "bertambah: 1" in page
    assert "<i>Baru" not in page
    assert page.count(">berlaku<") == 1


def test_a_look_up_says_what_a_caller_would_be_told(office: Office, tmp_path: Path) -> None:
    """An exact name its status, a misspelt one several, an unknown one no accusation."""
    ani = office.hire("ani", Role.RESPONDER)
    bring_in(office, tmp_path)
    page = ani.post("/register", q="PT Serunai Bakti Layar").text
    assert "<strong>dihentikan sementara, sebagian</strong>" in page
    assert "<strong>beberapa nama mirip" in ani.post("/register", q="gamelan nusa rantu").text
    assert "itu bukan bukti penipuan" in ani.post("/register", q="PT Zzz Qqq").text
    # A name in an address would stay in the history of a shared computer.
    assert 'role="status"' not in ani.browser.get("/register?q=PT+Serunai+Bakti+Layar").text


def test_a_look_up_needs_the_pages_own_token(office: Office) -> None:
    ani = office.hire("ani", Role.RESPONDER)
    assert ani.browser.post("/register", data={"q": "x"}).status_code == 403


def test_everything_the_bot_tells_from_is_there_the_overdue_first(office: Office) -> None:
    ani = office.hire("ani", Role.DATA_OFFICER)
    page = ani.browser.get("/knowledge").text.replace("&#39;", "'")
    today = datetime.fromtimestamp(office.clock(), UTC).date()
    old = [one for one in facts().contacts if overdue(one.as_of, today)]
    assert f"Kontak: {len(facts().contacts)}, perlu ditinjau: {len(old)}" in page
    for one in facts().contacts:
        assert one.number in page
    rows = page.split('id="contacts"')[1].split("</table>")[0].split("<tr>")[2:]
    marks = ["perlu ditinjau" in row for row in rows]
    assert marks == sorted(marks, reverse=True)
    assert sum(marks) == len(old)


@pytest.mark.parametrize(
    ("as_of", "day"),
    [
        ("2025", date(2025, 12, 31)),
        ("2026-02", date(2026, 2, 28)),
        ("2026-12", date(2026, 12, 31)),
        ("2026-05-04", date(2026, 5, 4)),
    ],
)
def test_a_month_or_year_counts_from_its_last_day(as_of: str, day: date) -> None:
    assert last_day(as_of) == day
    assert not overdue(as_of, day + timedelta(days=180))
    assert overdue(as_of, day + timedelta(days=181))
