"""`suar audit`: reads the log of who saw and changed what, and checks that no line is missing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TextIO

from store import audit, db
from store.vault import Vault


def listing(
    vault: Vault, *, limit: int, object: str | None, actor: str | None, as_json: bool, out: TextIO
) -> int:
    """Print the newest lines, newest first."""
    with db.read(vault.engine) as connection:
        lines = audit.newest(connection, limit=limit, object=object, actor=actor)
    for line in lines:
        at = datetime.fromtimestamp(line["at"], UTC).isoformat(timespec="seconds")
        told = {name: line[name] for name in ("id", "actor", "action", "object", "details")}
        if as_json:
            print(json.dumps({"at": at, **told}, ensure_ascii=False), file=out)
            continue
        details = " ".join(f"{name}={value}" for name, value in line["details"].items())
        words = [at, line["actor"], line["action"], line["object"], details]
        print("  ".join(word for word in words if word), file=out)
    return 0


def verify(vault: Vault, *, mark: str | None, out: TextIO) -> int:
    """Check every line; 0 when all fit, 1 when one was changed or is missing.

    A cut tail leaves a whole chain: `mark`, noted elsewhere after an earlier check, must still be
    in it.
    """
    with db.read(vault.engine) as connection:
        checked = audit.verify(connection, vault.keyring)
        gone = mark is not None and not audit.has_mark(connection, mark)
    if checked.broken is not None:
        print(f"line {checked.broken} was changed, or the line before it is missing", file=out)
        return 1
    if gone:
        print(f"no line has the mark {mark}: the end of the log was cut off", file=out)
        return 1
    print(f"{checked.lines} lines, none changed, none missing", file=out)
    print(f"last mark: {checked.last}", file=out)
    return 0
