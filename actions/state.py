"""What a running task remembers between turns; it rides in the slot `task` as a plain dict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class State:
    """One task: its kind, what was asked last, what is settled, and the task it interrupted."""

    kind: str
    asked: str = ""
    tries: int = 0
    settled: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    outer: State | None = None

    def settle(self, question: str) -> None:
        """Mark a question as answered, refused or unknown: it is not asked again."""
        if question not in self.settled:
            self.settled.append(question)
        self.tries = 0

    def to_dict(self) -> dict[str, Any]:
        """Give the plain form."""
        outer = self.outer.to_dict() if self.outer else None
        return {**self.__dict__, "outer": outer}

    @classmethod
    def from_dict(cls, plain: dict[str, Any] | None) -> State | None:
        """Read the plain form back; None stays None."""
        if not plain:
            return None
        return cls(**{**plain, "outer": cls.from_dict(plain.get("outer"))})
