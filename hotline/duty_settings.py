"""The settings of deadlines and of the notices that staff get by e-mail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hotline.deadlines import USUAL, Deadlines, read_deadlines
from hotline.environment import SettingsError, number, text, together

_DEADLINES = {
    "critical": "SUAR_DEADLINES_CRITICAL",
    "high": "SUAR_DEADLINES_HIGH",
    "normal": "SUAR_DEADLINES_NORMAL",
    "escalate": "SUAR_ESCALATE_AFTER",
    "working_hours": "SUAR_WORKING_HOURS",
    "holidays": "SUAR_HOLIDAYS",
    "in_hours": "SUAR_DEADLINES_IN_HOURS",
}


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """The server that takes our e-mail; always over STARTTLS."""

    host: str
    port: int
    sender: str
    name: str  # to log in with; empty for a server that wants none
    password: str = field(repr=False)
    ca_file: str  # empty: whom this machine trusts


@dataclass(frozen=True, kw_only=True)
class DutySettings:
    """When tickets are late, and how staff hear of it."""

    deadlines: Deadlines
    mail: MailSettings | None


def load_duty(env: Mapping[str, str]) -> DutySettings:
    """Read the settings; raises SettingsError naming the variable that is wrong."""
    words = {name: text(env, variable, USUAL[name]) for name, variable in _DEADLINES.items()}
    try:
        deadlines = read_deadlines(words)
    except ValueError as error:
        name, _, why = str(error).partition(": ")
        raise SettingsError(f"{_DEADLINES.get(name, name)} is wrong: {why}") from None
    return DutySettings(deadlines=deadlines, mail=_mail(env))


def _mail(env: Mapping[str, str]) -> MailSettings | None:
    together(env, "SUAR_SMTP_NAME", "SUAR_SMTP_PASSWORD")
    if not together(env, "SUAR_SMTP_HOST", "SUAR_SMTP_FROM"):
        return None
    sender = text(env, "SUAR_SMTP_FROM")
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", sender):
        raise SettingsError("SUAR_SMTP_FROM must be an address such as suar@example.org")
    return MailSettings(
        host=text(env, "SUAR_SMTP_HOST"),
        port=int(number(env, "SUAR_SMTP_PORT", 587, 1, 65535)),
        sender=sender,
        name=text(env, "SUAR_SMTP_NAME"),
        password=text(env, "SUAR_SMTP_PASSWORD"),
        ca_file=text(env, "SUAR_SMTP_CA"),
    )
