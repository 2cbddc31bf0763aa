"""Names a fault for a log without its own text: what an error says may quote a caller."""

from __future__ import annotations

import traceback
from pathlib import Path

_PLACES = 4


def where(error: BaseException) -> str:
    """Name the kind of an error and the lines that led to it, the innermost last."""
    told = [type(error).__name__]
    if error.__cause__ is not None:
        told.append(f"from {type(error.__cause__).__name__}")
    frames = traceback.extract_tb(error.__traceback__)[-_PLACES:]
    places = " > ".join(f"{_short(frame.filename)}:{frame.lineno}" for frame in frames)
    return " ".join([*told, *(["at", places] if places else [])])


def _short(file: str) -> str:
    return "/".join(Path(file).parts[-2:])
