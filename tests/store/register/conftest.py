"""Files and a small invented register for the tests of the register."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.register import RegisterIndex, import_file

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

SMALL_REGISTER = """\
nama,nama singkat,no izin,status,kota,provinsi,kantor cabang,sanksi,berlaku sampai
PT Banu Nusa Kelana,BNK,UJI-1001-A7,Aktif,Indramayu,Jawa Barat,Cirebon; Subang,,31 Desember 2029
PT Pelita Dwi Tjandra,,UJI-1002-B8,Aktif,Malang,Jawa Timur,,,
PT Gamelan Nusa Rantau,,UJI-1003-C9,Aktif,Kendal,Jawa Tengah,,,
PT Gamelan Nusa Rantau,,UJI-1004-D1,Dicabut,Brebes,Jawa Tengah,,"Pencabutan izin, 6 Juni 2023",
PT Serunai Bakti Layar,,UJI-1005-E2,Dihentikan sementara (sebagian),Kupang,NTT,,Skorsing,
PT Rinjani Wadah Tualang,,UJI-1006-F3,Aktif,Mataram,NTB,,,17 Agustus 2026
"""

WriteFile = Callable[[str, str | bytes], Path]
Import = Callable[..., object]


@pytest.fixture
def write_file(tmp_path: Path) -> WriteFile:
    """Write a file for an import and return its path."""

    def write(name: str, content: str | bytes) -> Path:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return write


@pytest.fixture
def bring_in(engine: sa.Engine, write_file: WriteFile) -> Import:
    """Import the given content as a register of 20 November 2026."""

    def bring(content: str | bytes = SMALL_REGISTER, name: str = "daftar.csv", **how: object):  # type: ignore[no-untyped-def]
        settings = {
            "source": "https://example.test/daftar",
            "as_of": date(2026, 11, 20),
            "now": NOW,
            **how,
        }
        return import_file(engine, write_file(name, content), **settings)

    return bring


@pytest.fixture
def in_force(engine: sa.Engine) -> Callable[[], RegisterIndex]:
    """Load whatever register is in force."""

    def load() -> RegisterIndex:
        with engine.connect() as connection:
            return RegisterIndex.load(connection)

    return load
