"""Personal data leave only for a reason, with a fresh code, in a file that its passphrase opens."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
import zlib
from pathlib import Path
from zipfile import BadZipFile

import httpx2
import pytest
import pyzipper
import sqlalchemy as sa

from console import passwords
from hotline.settings import load_settings
from hotline.staff import Level, Role, Scope, Staff
from store import audit, db, personal_export
from store import staff as accounts
from store.exports import year_of
from store.paper_tables import personal_exports
from store.ticket_changes import flag_conflict, set_anonymous
from tests.console.conftest import Office, Person
from tests.console.counted import many

WHY = "permintaan jaksa, surat nomor dua belas"


def make(office: Office, person: Person, reason: str = WHY, code: str = "") -> httpx2.Response:
    if not code:
        office.clock.advance(30)
    form = {"year": year_of(office.clock()), "reason": reason, "code": code or person.code()}
    return person.post("/exports/personal", **form)


def files(office: Office) -> list[Path]:
    return list(personal_export.folder(office.settings).iterdir())


def opened(content: bytes, passphrase: str) -> list[dict[str, str]]:
    with pyzipper.AESZipFile(io.BytesIO(content)) as packed:
        packed.setpassword(passphrase.encode())
        [name] = packed.namelist()
        text = packed.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def taken(person: Person, page: httpx2.Response) -> tuple[bytes, str]:
    """Take the file of a page, and read the passphrase off it."""
    [passphrase] = re.findall(r'<code id="passphrase">([A-Z2-9-]{29})</code>', page.text)
    [path] = re.findall(r'action="(/exports/personal/\d+/file)"', page.text)
    answer = person.post(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return answer.content, passphrase


def test_a_file_opens_with_the_passphrase_alone_and_is_taken_once(office: Office) -> None:
    """Everything in scope is in it; afterwards nothing of it is left here."""
    siti = office.report(region="5371")
    office.fact(siti, "story", "dikurung di Johor")
    office.fact(siti, "phone", "+60123999888")
    office.report(region="3578", address="+966500000002")
    budi = office.hire("budi", Role.SUPERVISOR, region="53")
    page = make(office, budi)
    assert page.status_code == 200
    [waiting] = files(office)
    assert waiting.stat().st_mode & 0o777 == 0o600
    raw = waiting.read_bytes()
    content, passphrase = taken(budi, page)
    assert content == raw
    assert b"Johor" not in raw
    assert files(office) == []
    [row] = opened(content, passphrase)
    assert row["code"] == siti.code
    assert row["story"] == "dikurung di Johor"
    assert row["phone"] == "'+60123999888", "no spreadsheet takes it for a formula"
    assert row["origin_code"] == "5371"
    assert row["addresses"] == "whatsapp:+60123000001"
    # The form tells a wrong passphrase by two bytes: one in 65,536 gets further, and no word out.
    with pytest.raises((RuntimeError, BadZipFile, zlib.error)):
        opened(content, passphrase[:-1] + ("A" if passphrase[-1] != "A" else "B"))
    [path] = re.findall(r'action="(/exports/personal/\d+/file)"', page.text)
    assert budi.post(path).status_code == 404


def test_the_passphrase_is_kept_nowhere_and_the_reason_is_sealed(office: Office) -> None:
    """Not in the database, not in the log, not in the folder; who, when and why are."""
    office.report()
    budi = office.hire("budi", Role.SUPERVISOR)
    content, passphrase = taken(budi, make(office, budi))
    with db.read(office.vault.engine) as connection:
        rows = str(connection.execute(sa.select(personal_exports)).all())
        log = str(audit.newest(connection, limit=50))
        found = accounts.account(connection, office.vault.keyring, "budi")
        assert found is not None
        [export] = personal_export.made_by(connection, office.vault.keyring, found.staff.id)
    assert passphrase not in rows + log
    assert WHY not in rows + log
    assert (export.reason, export.lines, export.taken_at) == (WHY, 1, office.clock())
    assert (office.logged("personal_exported"), office.logged("personal_export_taken")) == (1, 1)
    assert WHY in budi.browser.get("/exports/personal").text
    assert passphrase not in budi.browser.get("/exports/personal").text
    assert passphrase.encode() not in content


def test_every_passphrase_is_drawn_anew() -> None:
    drawn = {personal_export.new_passphrase() for _ in range(200)}
    assert len(drawn) == 200
    assert all(re.fullmatch(r"([A-HJKMNP-Z2-9]{5}-){4}[A-HJKMNP-Z2-9]{5}", one) for one in drawn)


def test_without_a_fresh_code_nothing_leaves(office: Office) -> None:
    """A wrong one, the one used to log in, and any one after five wrong."""
    office.report()
    budi = office.hire("budi", Role.SUPERVISOR)
    for wrong in ("000000", budi.code(), budi.codes[0]):
        answer = make(office, budi, code=wrong)
        assert answer.status_code == 403
        assert "Kode tidak cocok" in answer.text
        assert WHY in answer.text, "what was typed is not lost"
    make(office, budi, code="000000")
    make(office, budi, code="000000")
    assert make(office, budi).status_code == 403
    office.clock.advance(16 * 60)
    assert make(office, budi).status_code == 200
    assert office.logged("second_factor_failed") == 6
    assert office.logged("personal_exported") == 1


def test_who_has_no_second_factor_takes_nothing(office: Office) -> None:
    """Where it is optional, this one thing still needs it."""
    office.settings = settings = load_settings(
        {"SUAR_HOME": str(office.settings.home), "SUAR_CONSOLE_TOTP": "optional"}
    )
    object.__setattr__(office.app.state.desk, "settings", settings)
    with db.write(office.vault.engine) as connection:
        token = accounts.invite(
            connection, login="eka", name="Eka", role=Role.SUPERVISOR, scope=Scope(), unit="",
            now=office.clock(),
        )  # fmt: skip
        accounts.take_up(
            connection, office.vault.keyring, token, totp_secret=None, now=office.clock(),
            password_hash=passwords.make_hash("kuda hitam di bukit"),
        )  # fmt: skip
    eka = Person("eka", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", office.browser(), office.clock)
    assert eka.log_in().status_code == 303
    assert make(office, eka).status_code == 403


def test_without_a_reason_nothing_leaves(office: Office) -> None:
    budi = office.hire("budi", Role.SUPERVISOR)
    assert make(office, budi, reason="  mau  ").status_code == 422
    assert files(office) == []


def test_only_roles_that_may_and_only_ones_own_file(office: Office) -> None:
    """A responder makes none, a colleague cannot take it, a file not taken in time is gone."""
    office.report()
    budi, eka = office.hire("budi", Role.SUPERVISOR), office.hire("eka", Role.DATA_OFFICER)
    for role in (Role.RESPONDER, Role.OPERATOR, Role.AUDITOR):
        person = office.hire(f"the-{role.value.replace('_', '-')}", role)
        assert make(office, person).status_code == 403
    page = make(office, budi)
    [path] = re.findall(r'action="(/exports/personal/\d+/file)"', page.text)
    assert eka.post(path).status_code == 404
    assert eka.post(f"/exports/personal/{2**70}/file").status_code == 404
    assert len(files(office)) == 1
    eka.browser.get("/exports/personal")
    assert len(files(office)) == 1
    office.clock.advance(16 * 60)
    assert budi.post(path).status_code == 404
    eka.browser.get("/exports/personal")
    assert files(office) == []


def test_what_is_hidden_on_pages_is_not_in_the_file(office: Office) -> None:
    """An anonymous caller's number and place; a ticket that a conflict of interest hides."""
    siti, hidden = office.report(region="5371"), office.report(region="5371", address="+62811000")
    for field, value in (("phone", "+6011"), ("shared_contact", "Ibu"), ("location", "1,2"),
                         ("story", "=cmd()")):  # fmt: skip
        office.fact(siti, field, value)
    with db.write(office.vault.engine) as connection:
        set_anonymous(connection, siti.id, anonymous=True)
        flag_conflict(connection, hidden.id, message_id=None, now=office.clock())
    near = office.hire("near", Role.SUPERVISOR, region="5371")
    [row] = opened(*taken(near, make(office, near)))
    assert row["code"] == siti.code
    assert (row["addresses"], row["phone"], row["shared_contact"], row["location"]) == ("",) * 4
    assert row["story"] == "'=cmd()"


def test_memory_does_not_grow_with_the_number_of_tickets(office: Office, tmp_path: Path) -> None:
    """Twice as many tickets make a file twice as large, read through the same small window."""
    person = Staff(
        id=1, login="x", name="X", role=Role.SUPERVISOR, scope=Scope(Level.NATIONAL), unit=""
    )
    year = year_of(office.clock())

    def peak(name: str) -> tuple[int, int]:
        tracemalloc.start()
        with db.read(office.vault.engine) as connection:
            lines = personal_export.rows(connection, office.vault.keyring, person, year, chunk=20)
            count = personal_export.write(tmp_path / name, lines, "x", "x.csv")
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return count, most

    for one in many(office, {"5371": 60}):
        office.fact(one, "story", "cerita panjang " * 200)
    peak("warm.zip")
    few, small = peak("few.zip")
    for one in many(office, {"5371": 240}):
        office.fact(one, "story", "cerita panjang " * 200)
    all_, large = peak("all.zip")
    assert (few, all_) == (60, 300)
    assert large < small * 1.5
