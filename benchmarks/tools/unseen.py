"""The unseen messages and how a model reads them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.tools.figures import percentile
from hotline.settings import ROOT, Settings
from suar.environments import BOT_PYTHON, child_environment, require
from suar.scores import Share, share

LANGUAGES = ("id", "jv", "su", "en")
_FOLDER = ROOT / "tests" / "nlu" / "unseen"
Example = dict[str, Any]


def unseen() -> list[Example]:
    """Return the unseen messages of all languages."""
    lines = [
        line
        for code in LANGUAGES
        for line in (_FOLDER / f"{code}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return [json.loads(line) for line in lines if line.strip()]


@dataclass(frozen=True)
class Readings:
    """What a model made of each message."""

    examples: Sequence[Example]
    told: Sequence[dict[str, Any]]

    def right(self, at: int) -> bool:
        """Say whether a message's intent is read as meant, however unsurely."""
        return bool(self.told[at]["intent"] == self.examples[at]["intent"])

    def right_and_sure(self, at: int) -> bool:
        """Say whether a message is answered as meant, without asking back."""
        return self.right(at) and bool(self.told[at]["sure"])

    def accuracy(self, language: str | None = None) -> Share:
        """Count the intents read right, in one language or in all."""
        return share(
            self.right(at)
            for at, example in enumerate(self.examples)
            if language in {None, example["language"]}
        )

    def milliseconds(self, p: float) -> float:
        """Give a percentile of the time for one message, alone in its process."""
        return percentile([told["ms"] for told in self.told], p)


def read(model: Path, settings: Settings) -> Readings:
    """Read every unseen message with a model, one by one."""
    examples = unseen()
    script = ROOT / "benchmarks" / "tools" / "parsing.py"
    answer = subprocess.run(
        [str(require(BOT_PYTHON)), str(script), str(model)],
        input="".join(json.dumps({"text": e["text"]}) + "\n" for e in examples),
        cwd=ROOT,
        env=child_environment(settings, "unused"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    told = [json.loads(line) for line in answer.stdout.splitlines()]
    assert len(told) == len(examples)
    return Readings(examples, told)
