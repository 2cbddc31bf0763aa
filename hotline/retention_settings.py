"""The settings of retention."""

from __future__ import annotations

from collections.abc import Mapping

from hotline.environment import SettingsError, number
from hotline.retention import Retention

_LONGEST = 36_500
# A message that waits is given up within days; a ticket's owner is told a month before.
_LEAST_MESSAGES, _LEAST_CLOSED = 7, 60


def load_retention(env: Mapping[str, str]) -> Retention:
    """Read the settings; raises SettingsError naming the variable that is wrong."""
    return Retention(
        messages_days=_days(env, "SUAR_RETENTION_MESSAGES_DAYS", 90, _LEAST_MESSAGES),
        closed_days=_days(env, "SUAR_RETENTION_CLOSED_DAYS", 1825, _LEAST_CLOSED),
    )


def _days(env: Mapping[str, str], name: str, usual: int, least: int) -> int:
    days = int(number(env, name, usual, 0, _LONGEST))
    if 0 < days < least:
        raise SettingsError(f"{name} must be 0 (never) or at least {least}, not {days}")
    return days
