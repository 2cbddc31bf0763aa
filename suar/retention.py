"""`suar retention`: clears what the rules say, or counts what they would clear."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TextIO

from channels.retention import Clearing
from hotline.retention import Retention, Rule
from hotline.settings import Settings
from store import db, retention
from store.retention import Counts
from store.vault import Vault

OPERATOR = "operator"
_WHAT = {
    Rule.MESSAGES: "conversations that no ticket needs, silent for {days} days",
    Rule.HANDOVERS: "hand-over notes older than {days} days",
    Rule.CLOSED: "tickets that ended more than {days} days ago",
}


def run(
    vault: Vault,
    settings: Settings,
    *,
    at_once: bool,
    dry: bool,
    out: TextIO,
    now: Callable[[], float] = time.time,
) -> int:
    """Clear what is due, at most once a day unless `at_once`; with `dry` only count it."""
    rules = settings.retention
    if dry:
        print("Would be cleared now; nothing was:", file=out)
        _show(retention.due(vault, rules, now=now()), rules, out)
        return 0
    cleared = Clearing(vault, settings, now=now).clear(at_once=at_once, actor=OPERATOR)
    if cleared is not None:
        print("Cleared:", file=out)
        _show(cleared, rules, out)
        return 0
    with db.read(vault.engine) as connection:
        ran = retention.ran_at(connection)
    done = datetime.fromtimestamp(ran, UTC).isoformat(timespec="minutes") if ran else "never"
    if at_once:
        print(f"Another process is clearing just now; last ended: {done}.", file=out)
        return 1
    print(
        f"Nothing to do: last cleared {done}, or being cleared now. --now does it anew.", file=out
    )
    return 0


def _show(counts: Counts, rules: Retention, out: TextIO) -> None:
    for rule, what in _WHAT.items():
        kept = rules.seconds(rule)
        if kept is None:
            print(f"  {'never':>7}  {rule.value}", file=out)
            continue
        days = rules.closed_days if rule is Rule.CLOSED else rules.messages_days
        print(f"  {counts[rule]:>7}  {what.format(days=days)}", file=out)
