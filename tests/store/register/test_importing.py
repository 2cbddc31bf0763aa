"""Which files become the register, and what is kept of them."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from hotline.register import CheckOutcome, RegisterFileError
from store.register import ImportReport, RegisterIndex, import_demo
from store.register.tables import recruiters, register_imports

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
Import = Callable[..., ImportReport]
InForce = Callable[[], RegisterIndex]

LIST = "nama;status;kota\nPT Pelita Rantau;Aktif;Indramayu\nPT Obor Layar;Dicabut;Kupang\n"


def xlsx(rows: list[list[Any]]) -> bytes:
    """Return a workbook with a cover sheet before the table."""
    book = openpyxl.Workbook()
    book.active.append(["Daftar P3MI", "per 20 November 2026"])
    sheet = book.create_sheet("Daftar")
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def firm(in_force: InForce, name: str) -> dict[str, object]:
    """Return what the register in force says about one firm."""
    record = in_force().check(name, today=TODAY).recruiter
    assert record is not None
    return {"status": record.status.value, "city": record.city, "licence_no": record.licence_no}


@pytest.mark.parametrize(
    "content",
    [
        LIST.encode(),
        LIST.encode("utf-8-sig"),
        LIST.encode("utf-16"),
        LIST.replace(";", ",").encode(),
        LIST.replace(";", "\t").encode(),
        ("DAFTAR P3MI;;\nper November;;\n" + LIST).encode(),
        LIST.replace("kota\n", "kota\n1;2;3\n").encode(),
    ],
)
def test_csv_is_read_whatever_its_encoding_delimiter_and_title(
    bring_in: Import, in_force: InForce, content: bytes
) -> None:
    """Spreadsheets in Indonesia export with semicolons and a title above the headings."""
    assert bring_in(content).rows == 2
    assert firm(in_force, "obor layar") == {"status": "revoked", "city": "Kupang", "licence_no": ""}


def test_a_latin_file_is_read(bring_in: Import, in_force: InForce) -> None:
    """An accent in an old encoding does not stop the import."""
    bring_in("nama;status\nPT Pélita;Aktif\n".encode("cp1252"))
    assert in_force().check("pelita", today=TODAY).result is CheckOutcome.ACTIVE


def test_xlsx_is_read_from_the_sheet_that_has_the_table(
    bring_in: Import, in_force: InForce
) -> None:
    """Dates become ISO dates and whole numbers lose their point."""
    rows = [
        ["No", "Nama P3MI", "Nomor SIP3MI", "Status", "Kota", "Masa Berlaku"],
        [1, "PT Pelita Rantau", 81201141.0, "Aktif", "Malang", datetime(2027, 1, 5)],  # noqa: DTZ001
    ]
    bring_in(xlsx(rows), "daftar.xlsx")
    record = in_force().check("81201141", today=TODAY).recruiter
    assert record is not None
    assert (record.name, record.valid_until_as_printed) == ("PT Pelita Rantau", "2027-01-05")


def test_an_html_table_is_read_even_under_the_name_xls(bring_in: Import, in_force: InForce) -> None:
    """Spanning cells reach where they reach, and lines in a cell are separate branches."""
    page = """<?xml version="1.0" encoding="utf-8"?><html><body>
    <table><tr><td>menu</td></tr></table><table>
    <tr><th>No</th><th>Nama Perusahaan</th><th>Provinsi</th><th>Kota</th><th>Status</th>
    <th>Kantor Cabang</th></tr>
    <tr><td>1</td><td>PT Pelita Rantau</td><td rowspan=2>NTB</td><td>Mataram</td><td>Aktif</td>
    <td>Dompu<br>Bima</td></tr>
    <tr><td>2</td><td>PT Obor Layar</td><td>Praya</td><td>Dicabut</td><td>-</td></tr>
    </table></body></html>"""
    bring_in(page, "daftar.xls")
    first = in_force().check("pelita rantau", today=TODAY).recruiter
    second = in_force().check("obor layar", today=TODAY).recruiter
    assert first is not None
    assert second is not None
    assert first.branches == ("Dompu", "Bima")
    assert (second.province, second.city, second.status.value, second.branches) == (
        "NTB",
        "Praya",
        "revoked",
        (),
    )


def _whole_xlsx() -> bytes:
    return xlsx([["nama", "status"], *[[f"PT Layar {n}", "Aktif"] for n in range(50)]])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"nama,status\n", "no recruiters"),
        (b"kolom,lain\nPT Pelita,Aktif\n", "no column"),
        (b'nama,status\n"PT Pelita,Aktif\n', "breaks off"),
        (b"nama,status\nPT Pelita,Aktif,Malang,9\n", "slipped"),
        (b"nama,status\n,Aktif\n,Aktif\nPT Pelita,Aktif\n", "lacks the name"),
        (b"nama,nama perusahaan\nPT A Satu,PT B Dua\n", "two columns"),
        (b"nama,no izin\nPT Pelita,8.12011E+16\n", "rounded"),
        (b"nama\x00\x01\x02,status\nPT Pelita,Aktif\n", "unreadable"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0 rest", "old Excel"),
        (b"PK\x03\x04 not a zip at all", "XLSX"),
        (_whole_xlsx()[:-400], "XLSX"),
        (xlsx([["nama", "no izin"], ["PT Pelita", 81201141907610001]]), "long number"),
        (b"<html><table><tr><th>nama</th></tr><tr><td>PT Pel", "breaks off"),
        (
            b"<table><tr><th>nama</th></tr><tr><td>PT Pelita<table></table></td></tr><tr><td>PT",
            "breaks off",
        ),
        (b"nama,status,kota\nPT Pelita,Aktif,Malang\nPT Obor,Ak", "last line"),
        (b"nama,status,kota\r\nPT Pelita,Aktif,Malang\r\nPT Ob", "last line"),
        (b"<html><body>502 Bad Gateway</body></html>", "no column"),
    ],
)
def test_a_corrupt_file_leaves_the_old_register_in_force(
    bring_in: Import, in_force: InForce, content: bytes, why: str
) -> None:
    """The operator learns why, and callers notice nothing."""
    before = bring_in(LIST).import_id
    with pytest.raises(RegisterFileError, match=why):
        bring_in(content, "rusak")
    assert in_force().import_id == before


def test_a_workbook_that_unpacks_without_end_is_refused(bring_in: Import) -> None:
    """A few kilobytes may unpack to gigabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(9):
            archive.writestr(f"xl/worksheets/sheet{part}.xml", bytes(48 * 1024 * 1024))
    with pytest.raises(RegisterFileError, match="unpacks to more"):
        bring_in(out.getvalue(), "daftar.xlsx")


def _firms(count: int) -> str:
    return "nama,status\n" + "".join(f"PT Layar Nomor{n}x,Aktif\n" for n in range(count))


def test_a_shrunken_file_leaves_the_old_register_in_force(
    bring_in: Import, in_force: InForce
) -> None:
    """Nine tenths of the rows pass, fewer do not."""
    bring_in(_firms(100))
    bring_in(_firms(90))
    before = in_force().import_id
    with pytest.raises(RegisterFileError, match="80 recruiters, fewer than 90% of the 90"):
        bring_in(_firms(80))
    with pytest.raises(RegisterFileError, match="44 recruiters, fewer than half of the 90"):
        bring_in(_firms(44))
    assert in_force().import_id == before


def test_a_short_list_may_lose_a_few_firms_but_not_half(bring_in: Import) -> None:
    """Of nine firms four may go at once; a tenth of nine would be none."""
    bring_in(_firms(9))
    assert bring_in(_firms(5)).rows == 5
    with pytest.raises(RegisterFileError, match="2 recruiters, fewer than half of the 5"):
        bring_in(_firms(2))


def test_an_older_list_needs_a_word(bring_in: Import, in_force: InForce) -> None:
    """A firm that lost its licence last week would count as licensed again."""
    before = bring_in(LIST).import_id
    with pytest.raises(RegisterFileError, match=r"older than the one in force.*--accept-older"):
        bring_in(LIST, as_of=date(2026, 11, 19))
    assert in_force().import_id == before
    report = bring_in(LIST, as_of=date(2026, 11, 19), accept_older=True)
    assert any("older than the one it replaces" in warning for warning in report.warnings)


def test_a_list_of_the_same_day_is_no_older(bring_in: Import) -> None:
    """A mended file may be imported again."""
    bring_in(LIST)
    assert bring_in(LIST).rows == 2


def test_a_last_line_without_an_end_is_whole_with_all_its_cells(bring_in: Import) -> None:
    """Many programs write no line end after the last line."""
    assert bring_in(LIST.rstrip("\n")).rows == 2
    assert bring_in("nama;status;kota\nPT Pelita Rantau;Aktif;").rows == 1


def test_an_operator_may_insist_on_a_shrunken_file(bring_in: Import, in_force: InForce) -> None:
    """A register may really shrink; then a person says so."""
    bring_in(_firms(20))
    bring_in(_firms(4), accept_shrunken=True)
    assert in_force().info is not None
    assert in_force().info.rows == 4


def test_every_import_is_kept_with_its_hash_and_its_rows(
    engine: sa.Engine, bring_in: Import
) -> None:
    """What callers were told last month can still be looked up."""
    bring_in(LIST)
    bring_in(_firms(3), as_of=date(2026, 11, 21))
    table = register_imports.c
    with engine.connect() as connection:
        kept = connection.execute(
            sa.select(table.file_sha256, table.as_of, table.rows, table.in_force).order_by(table.id)
        ).all()
        total = connection.execute(sa.select(sa.func.count()).select_from(recruiters)).scalar_one()
        raw = connection.execute(
            sa.select(recruiters.c.source_row).order_by(recruiters.c.id).limit(1)
        ).scalar_one()
    assert [tuple(row) for row in kept] == [
        (sha256(LIST.encode()).hexdigest(), date(2026, 11, 20), 2, False),
        (sha256(_firms(3).encode()).hexdigest(), date(2026, 11, 21), 3, True),
    ]
    assert total == 5
    assert raw == {"nama": "PT Pelita Rantau", "status": "Aktif", "kota": "Indramayu"}


def test_an_import_says_what_changed(bring_in: Import) -> None:
    """New, gone, another status and other changes are told apart; a renamed firm is no new one."""
    head = "nama,no izin,status,kota\n"
    bring_in(
        head + "PT Pelita Rantau,A-1001,Aktif,Malang\nPT Obor Layar,A-1002,Aktif,Kupang\n"
        "PT Tua Sekali,A-1003,Aktif,Blitar\nPT Tanpa Nomor,,Aktif,Medan\n"
    )
    changes = bring_in(
        head + "PT Pelita Rantau,A-1001,Dicabut,Malang\nPT Obor Layar Baru,A-1002,Aktif,Kupang\n"
        "PT Baru Datang,A-1009,Aktif,Bima\nPT Tanpa Nomor,A-1010,Aktif,Medan\n"
    ).changes
    assert changes.added == ("PT Baru Datang",)
    assert changes.removed == ("PT Tua Sekali",)
    assert changes.statuses == (("PT Pelita Rantau", "active", "revoked"),)
    assert changes.other == ("PT Obor Layar Baru", "PT Tanpa Nomor")


def test_what_was_not_understood_is_said(bring_in: Import) -> None:
    """An unknown status is never taken for an active one."""
    report = bring_in("nama,status,telepon\nPT Pelita,Sedang diproses,1\nPT Obor,Aktif,2\n")
    assert report.warnings == (
        "columns kept but not understood: telepon",
        "status not understood, taken as needs_verification: Sedang diproses (1)",
    )


def test_rows_that_repeat_a_firm_are_joined_and_the_graver_status_is_believed(
    bring_in: Import, in_force: InForce
) -> None:
    """A list with a row for each branch makes one firm with branches."""
    bring_in(
        "nama,no izin,status,kota\nPT Pelita Rantau,A-1001,Aktif,Malang\n"
        "PELITA RANTAU PT,a1001,Skorsing,Blitar\n"
    )
    record = in_force().check("pelita rantau", today=TODAY).recruiter
    assert record is not None
    assert (record.status.value, record.city, record.branches) == (
        "suspended",
        "Malang",
        ("Blitar",),
    )


def test_a_date_in_the_future_and_a_missing_source_are_refused(bring_in: Import) -> None:
    """Otherwise a list could stay fresh for ever, or come from nowhere."""
    with pytest.raises(RegisterFileError, match="future"):
        bring_in(LIST, as_of=date(2026, 12, 1))
    with pytest.raises(RegisterFileError, match="--source"):
        bring_in(LIST, source="  ")


def test_a_failing_database_leaves_the_old_register_in_force(
    engine: sa.Engine, bring_in: Import, in_force: InForce
) -> None:
    """The disk fills up half-way through writing the recruiters."""
    before = bring_in(LIST).import_id

    def fail(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lower().startswith("insert into recruiters"):
            raise sa.exc.OperationalError(statement, {}, OSError("disk full"))

    sa.event.listen(engine, "before_cursor_execute", fail)
    with pytest.raises(sa.exc.OperationalError):
        bring_in(_firms(30))
    sa.event.remove(engine, "before_cursor_execute", fail)
    assert in_force().import_id == before
    assert firm(in_force, "pelita rantau")["status"] == "active"


def test_the_database_allows_one_register_in_force(engine: sa.Engine, bring_in: Import) -> None:
    """Two imports at one moment cannot both win."""
    bring_in(LIST)
    row = {
        "file_name": "x", "file_sha256": "0" * 64, "source": "x", "as_of": TODAY,
        "imported_at": 0.0, "rows": 0, "demo": False, "in_force": True, "changes": {},
    }  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        connection.execute(sa.insert(register_imports), row)


def test_the_invented_register_loads_once_and_says_what_it_is(
    engine: sa.Engine, in_force: InForce
) -> None:
    """It has firms of every status, and is renewed only when it has become too old."""
    assert import_demo(engine, now=NOW) is not None
    assert import_demo(engine, now=NOW) is None
    info = in_force().info
    assert info is not None
    assert (info.demo, "data uji" in info.source, info.rows >= 55) == (True, True, True)
    with engine.connect() as connection:
        statuses = set(connection.execute(sa.select(recruiters.c.status).distinct()).scalars())
    assert len(statuses) == 7
    assert import_demo(engine, now=NOW + timedelta(days=31)) is not None


def test_invented_firms_make_way_for_a_real_list_and_never_come_back(
    engine: sa.Engine, bring_in: Import, in_force: InForce
) -> None:
    """A real list may be far shorter than the invented one."""
    import_demo(engine, now=NOW)
    real = bring_in(LIST)
    assert import_demo(engine, now=NOW) is None
    with pytest.raises(RegisterFileError, match="real register is in force"):
        bring_in(_firms(60), demo=True)
    assert in_force().import_id == real.import_id
