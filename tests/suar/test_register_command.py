"""The commands that an operator types for the register."""

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.register import import_demo
from store.register.tables import recruiters, register_imports
from suar.register import check_command, import_command

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LIST = "nama,no izin,status,kota\nPT Pelita Rantau,A-1001,Aktif,Malang\nPT Obor,A-1002,Aktif,Bima\n"


@pytest.fixture
def database() -> sa.Engine:
    """Give an empty database in memory."""
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    for table in (register_imports, recruiters):
        table.create(engine)
    return engine


def bring_in(database: sa.Engine, file: Path, content: str) -> tuple[int, str]:
    """Import content through the command and return its status and output."""
    file.write_text(content, encoding="utf-8")
    out = io.StringIO()
    code = import_command(
        database,
        file,
        source="https://example.test/p3mi",
        as_of=date(2026, 11, 20),
        demo=False,
        out=out,
        now=NOW,
    )
    return code, out.getvalue()


def test_an_import_prints_hash_source_and_changes(database: sa.Engine, tmp_path: Path) -> None:
    """The second import tells who lost the licence."""
    bring_in(database, tmp_path / "p3mi.csv", LIST)
    code, printed = bring_in(
        database, tmp_path / "p3mi.csv", LIST.replace("A-1001,Aktif", "A-1001,Dicabut")
    )
    assert code == 0
    assert "Source: https://example.test/p3mi, as of 2026-11-20" in printed
    assert "0 new, 0 gone, 1 with another status" in printed
    assert "! PT Pelita Rantau: active -> revoked" in printed
    assert "SHA-256" in printed


def test_a_refused_file_ends_with_a_reason_and_a_status(
    database: sa.Engine, tmp_path: Path
) -> None:
    """A missing file is the commonest mistake of all."""
    out = io.StringIO()
    code = import_command(
        database,
        tmp_path / "tidak-ada.csv",
        source="x",
        as_of=TODAY,
        demo=False,
        out=out,
        now=NOW,
    )
    assert code == 1
    assert "cannot be read" in out.getvalue()
    assert "has not changed" in out.getvalue()


def test_a_database_that_fails_is_reported_without_a_traceback(tmp_path: Path) -> None:
    """Here the tables were never made."""
    code, printed = bring_in(sa.create_engine("sqlite://"), tmp_path / "p3mi.csv", LIST)
    assert code == 1
    assert "could not store the register (OperationalError)" in printed


def test_a_check_in_json_is_one_object(database: sa.Engine) -> None:
    """Without a register the object says so."""
    out = io.StringIO()
    assert check_command(database, "PT Pelita", as_json=True, today=TODAY, out=out) == 0
    assert json.loads(out.getvalue()) == {
        "query": "PT Pelita",
        "match": "none",
        "result": "no_register",
        "candidates": [],
        "register": None,
    }


@pytest.mark.parametrize("name", ["PT Pelita Rantau Berseri", "pelita ranto bersri", "PT Entah"])
def test_every_answer_from_invented_data_is_marked(database: sa.Engine, name: str) -> None:
    """An exact hit, look-alikes and nothing at all carry the same mark."""
    import_demo(database, now=NOW)
    plain, as_json = io.StringIO(), io.StringIO()
    check_command(database, name, as_json=False, today=TODAY, out=plain)
    check_command(database, name, as_json=True, today=TODAY, out=as_json)
    assert "data uji" in plain.getvalue()
    register = json.loads(as_json.getvalue())["register"]
    assert register["demo"] is True
    assert "data uji" in register["source"]


def test_a_check_shows_sanctions_branches_and_validity_as_printed(database: sa.Engine) -> None:
    """The operator reads the whole record, and never that anything is safe."""
    import_demo(database, now=NOW)
    out = io.StringIO()
    check_command(database, "tirta kelana asih", as_json=False, today=TODAY, out=out)
    printed = out.getvalue()
    assert "active_under_supervision" in printed
    assert "valid until, as printed: 31 Oktober 2028" in printed
    assert "branches: Kabupaten Trenggalek" in printed
    assert "sanctions: Teguran tertulis, Januari 2026" in printed
    assert "safe" not in printed
    assert "aman" not in printed


def test_how_old_is_too_old_is_the_operators_choice(database: sa.Engine, tmp_path: Path) -> None:
    """The command judges by the same setting as the answers that callers get."""
    file, later = tmp_path / "p3mi.csv", datetime(2026, 12, 30, tzinfo=UTC)
    file.write_text(LIST, encoding="utf-8")

    def both(days: int) -> str:
        out = io.StringIO()
        import_command(
            database, file, source="https://example.test/p3mi", as_of=date(2026, 11, 20),
            demo=False, out=out, now=later, freshness_days=days,
        )  # fmt: skip
        check_command(
            database, "A-1001", as_json=False, today=later.date(), freshness_days=days, out=out
        )
        return out.getvalue()

    assert "too old" not in both(60)
    assert "more than 60" not in both(60)
    assert "more than 20 days old" in both(20)
    assert "too old to rely on" in both(20)
