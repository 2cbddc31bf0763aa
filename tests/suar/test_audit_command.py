"""`suar audit`: who did what, and whether a line was changed or is missing."""

import io
import json

import pytest
import sqlalchemy as sa

from store import audit, db
from store.console_tables import audit_log
from store.vault import Vault
from suar import audit as command


@pytest.fixture
def lines(vault: Vault) -> Vault:
    with db.write(vault.engine) as connection:
        for n, action in enumerate(("login", "ticket_read", "ticket_read")):
            audit.add(
                connection, vault.keyring, actor="ani", action=action, object=f"SR-{n}", now=1.0 + n
            )
    return vault


def verify(vault: Vault, mark: str | None = None) -> tuple[int, str]:
    out = io.StringIO()
    return command.verify(vault, mark=mark, out=out), out.getvalue()


def test_lines_are_listed_newest_first(lines: Vault) -> None:
    """For people and, with --json, for programs."""
    out = io.StringIO()
    command.listing(lines, limit=2, object=None, actor=None, as_json=False, out=out)
    assert [line.split()[3] for line in out.getvalue().splitlines()] == ["SR-2", "SR-1"]
    out = io.StringIO()
    command.listing(lines, limit=9, object="SR-1", actor="ani", as_json=True, out=out)
    [line] = [json.loads(line) for line in out.getvalue().splitlines()]
    assert (line["action"], line["at"]) == ("ticket_read", "1970-01-01T00:00:02+00:00")


def test_a_whole_log_fits(lines: Vault) -> None:
    """And says its last mark, to be noted elsewhere."""
    code, said = verify(lines)
    assert code == 0
    assert said.startswith("3 lines, none changed, none missing\nlast mark: ")
    assert verify(lines, said.split()[-1])[0] == 0


@pytest.mark.parametrize("harm", ["change", "first", "middle"])
def test_a_changed_or_missing_line_is_found(lines: Vault, harm: str) -> None:
    """By whoever has the keyring; the exit code says it to programs."""
    with db.write(lines.engine) as connection:
        ids = list(connection.execute(sa.select(audit_log.c.id).order_by(audit_log.c.id)).scalars())
        if harm == "change":
            connection.execute(sa.update(audit_log).values(actor="budi"))
        else:
            gone = ids[0] if harm == "first" else ids[1]
            connection.execute(sa.delete(audit_log).where(audit_log.c.id == gone))
    code, said = verify(lines)
    assert code == 1
    assert "was changed, or the line before it is missing" in said


def test_a_cut_tail_is_found_by_a_mark_noted_before(lines: Vault) -> None:
    """The chain that is left fits in itself."""
    mark = verify(lines)[1].split()[-1]
    with db.write(lines.engine) as connection:
        newest = connection.execute(sa.select(sa.func.max(audit_log.c.id))).scalar_one()
        connection.execute(sa.delete(audit_log).where(audit_log.c.id == newest))
    assert verify(lines)[0] == 0
    code, said = verify(lines, mark)
    assert code == 1
    assert "was cut off" in said
    assert verify(lines, "nonsense")[0] == 1
