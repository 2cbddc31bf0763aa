"""Reads single values of an environment; every error names the variable and what to write."""

from __future__ import annotations

from collections.abc import Mapping


class SettingsError(ValueError):
    """A setting has a value Suar cannot work with; the message says which and what to write."""


def text(env: Mapping[str, str], name: str, default: str = "") -> str:
    """Read a text without the blanks around it."""
    return env.get(name, "").strip() or default


def number(env: Mapping[str, str], name: str, default: float, low: float, high: float) -> float:
    """Read a number between `low` and `high`."""
    raw = text(env, name)
    if not raw:
        return default
    try:
        value = float(raw)
    except ValueError:
        raise SettingsError(f"{name} must be a number, not {raw!r}") from None
    if not low <= value <= high:
        raise SettingsError(f"{name} must lie between {low:g} and {high:g}, not {raw}")
    return value


def switch(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    """Read on or off."""
    raw = text(env, name).lower()
    if not raw:
        return default
    if raw not in {"on", "off"}:
        raise SettingsError(f"{name} must be on or off, not {raw!r}")
    return raw == "on"


def choice(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    """Read one of the allowed words; the first is the default."""
    raw = text(env, name, allowed[0]).lower()
    if raw not in allowed:
        raise SettingsError(f"{name} must be one of {', '.join(allowed)}, not {raw!r}")
    return raw


def together(env: Mapping[str, str], *names: str) -> bool:
    """Say whether all of the variables are set; raises SettingsError when only some are."""
    missing = [name for name in names if not text(env, name)]
    if missing and len(missing) < len(names):
        raise SettingsError(f"{', '.join(missing)} must be set too, or none of {', '.join(names)}")
    return not missing
