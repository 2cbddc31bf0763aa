"""PostgreSQL's own programs for copying a database; Suar brings none of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import sqlalchemy as sa

from hotline.errors import SuarError


def dump(url: str, file: Path) -> None:
    """Copy a database into a file, as it is at one moment; nobody has to stop."""
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-acl", f"--file={file}")


def load(url: str, file: Path) -> None:
    """Fill an empty database from such a file: wholly or not at all."""
    database = sa.make_url(url).database or ""
    _run(
        "pg_restore", url, "--no-owner", "--no-acl", "--single-transaction", "--exit-on-error",
        f"--dbname={database}", str(file),
    )  # fmt: skip


def _run(name: str, url: str, *arguments: str) -> None:
    program = shutil.which(name)
    if program is None:
        raise SuarError(
            f"{name} is not on this machine: install PostgreSQL's client programs of the server's "
            "version, or copy the database on its server (docs/runbook.md)"
        )
    done = subprocess.run(
        [program, "--no-password", *arguments],
        env={"PATH": os.defpath, **_environment(url)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise SuarError(f"{said[:200]}")


def _environment(url: str) -> dict[str, str]:
    """Hand the address over where no list of processes shows its password."""
    parts = sa.make_url(url)
    found = {
        "PGHOST": parts.host,
        "PGPORT": str(parts.port) if parts.port else None,
        "PGUSER": parts.username,
        "PGPASSWORD": str(parts.password) if parts.password is not None else None,
        "PGDATABASE": parts.database,
    }
    for name in ("sslmode", "sslrootcert", "options"):
        value = parts.query.get(name)
        found[f"PG{name.upper()}"] = value if isinstance(value, str) else None
    return {name: value for name, value in found.items() if value}
