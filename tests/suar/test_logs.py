"""The logs of the parts: all that is printed, for the owner alone, and never without end."""

import errno
import logging
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from suar.logs import LogFile, Wordless, last_line, pump


def printed(code: str, file: Path) -> None:
    """Let a process print into a log until it ends."""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout
    reader = pump(process.stdout, file)
    reader.join(120)
    assert not reader.is_alive(), "it still reads"
    assert process.wait(60) == 0


def test_every_line_is_kept_in_order(tmp_path: Path) -> None:
    """Also what is no UTF-8, and a last line without an end."""
    file = tmp_path / "part.log"
    code = (
        "import sys; o = sys.stdout.buffer; o.write(b'satu\\ndua \\xff\\r\\n'); o.write(b'tiga %d')"
    )
    printed(code, file)
    assert file.read_text() == "satu\ndua \ufffd\ntiga %d\n"
    printed("print('empat')", file)
    assert file.read_text().splitlines()[-1] == "empat"


def test_a_log_has_an_upper_bound(tmp_path: Path) -> None:
    """A part that prints a month long leaves a few files; the newest lines are in the first."""
    file = tmp_path / "part.log"
    log = LogFile(file, largest=10_000, kept=2)
    for number in range(5_000):
        log.line(f"line {number}")
    log.close()
    assert sorted(f.name for f in tmp_path.iterdir()) == ["part.log", "part.log.1", "part.log.2"]
    assert all(f.stat().st_size <= 10_000 for f in tmp_path.iterdir())
    assert last_line(file) == "line 4999"


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    """It is cut into pieces, and nothing of it is lost."""
    file = tmp_path / "part.log"
    printed("print('x' * 200_000)", file)
    lines = file.read_text().splitlines()
    assert len("".join(lines)) == 200_000
    assert max(map(len, lines)) <= 65_536


def test_logs_are_for_their_owner_alone(tmp_path: Path) -> None:
    """Also those put aside."""
    log = LogFile(tmp_path / "part.log", largest=50, kept=1)
    for _ in range(10):
        log.line("halo" * 4)
    log.close()
    assert {stat.S_IMODE(f.stat().st_mode) for f in tmp_path.iterdir()} == {0o600}
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the full disk is Linux's")
def test_a_full_disk_stops_nobody(tmp_path: Path) -> None:
    """A part that waits for its log to be written would stop answering callers."""
    full = tmp_path / "part.log"
    full.symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space") as error:
        full.write_text("x")
    assert error.value.errno == errno.ENOSPC
    printed("for _ in range(20_000): print('baris ' * 10)", full)


def test_a_log_that_cannot_be_opened_stops_nobody(tmp_path: Path) -> None:
    """Its folder is gone."""
    printed("print('halo')", tmp_path / "gone" / "part.log")
    assert last_line(tmp_path / "gone" / "part.log") == ""


def test_a_log_names_a_fault_without_its_words() -> None:
    """Also where a library logs it: what an error says may be what a caller wrote."""
    try:
        int("ruko nomor lima")
    except ValueError as error:
        record = logging.LogRecord(
            "uvicorn.error", logging.ERROR, "", 1, "Exception in ASGI application", None,
            (type(error), error, error.__traceback__),
        )  # fmt: skip
    told = Wordless("%(levelname)s %(message)s").format(record)
    assert told.startswith("ERROR Exception in ASGI application\nValueError at suar/test_logs.py:")
    assert "ruko" not in told
