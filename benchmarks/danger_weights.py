"""What each sign of guard and model says of danger: the weights in bot/context.py, and how good.

Run: `python -m benchmarks.danger_weights [FILE...]`. Learns from the messages of tests/nlu/unseen,
read by the model in use; every figure but a FILE's is for messages left out while learning (ten
folds, five times). A FILE holds general texts as benchmarks.false_tickets reads them: none is
danger, none is learned from, and none is kept.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.false_tickets import texts
from benchmarks.tools.figures import circumstances, table
from bot.context import DANGER_FROM, WEIGHTS, danger_signs
from hotline.danger import Guard
from hotline.readable import readable
from hotline.settings import ROOT, load_settings
from store.danger import load_guard
from suar.environments import BOT_PYTHON, require
from suar.examples import languages
from suar.parse import DANGER_FOLDER, parse_texts
from suar.training import ensure_model
from suar.unseen import DANGER_FILES, in_danger, read_sets

FIT = "benchmarks/tools/danger_fit.py"
OUR_LANGUAGES = "thirteen languages"


def rows(told: Sequence[tuple[str, bool, str]], *, model: Path, guard: Guard) -> list[Any]:
    """Read texts of a set, each in danger or not; returns set, danger, sure and signs of each."""
    found = parse_texts(
        (json.dumps({"text": text}) for _, _, text in told), model=model, guard=guard
    )
    made = []
    for (name, danger, text), reading in zip(told, found, strict=True):
        plain = readable(text).text
        alarm = guard.read(plain)
        reasons, sure = (alarm.reasons, alarm.sure) if alarm else ((), False)
        signs = danger_signs({**reading, "text": plain}, reasons)
        made.append({"set": name, "danger": danger, "sure": sure, "signs": signs})
    return made


def ours() -> list[tuple[str, bool, str]]:
    """Give the unseen messages: those of the languages as one set, the others by their files."""
    return [
        (stem if stem in DANGER_FILES else OUR_LANGUAGES, in_danger(one), one["text"])
        for stem, held in read_sets().items()
        for one in held
    ]


def fit(learned: Sequence[Any], asked: Sequence[Any]) -> dict[str, Any]:
    """Learn weights on the bot's Python, which has what that takes."""
    names = [name for name in WEIGHTS if name != "constant"]
    task = {"names": names, "learned": learned, "asked": asked}
    done = subprocess.run(
        [str(require(BOT_PYTHON)), FIT],
        input=json.dumps(task), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def shares(by_set: Iterable[dict[str, Any]]) -> list[list[str]]:
    """Return a row for each chance from which a message is taken for danger."""
    return [[f"{one['from']:.2f}", *one["shares"]] for one in by_set]


def main() -> None:
    """Learn, and print weights and figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("files", nargs="*", type=Path, help="general texts, for measuring alone")
    chosen = parser.parse_args()
    model, guard = ensure_model(load_settings()), load_guard(DANGER_FOLDER)
    codes = frozenset(languages())
    general = [(f.name, False, text) for f in chosen.files for _, text in texts(f, codes)]
    learned = rows(ours(), model=model, guard=guard)
    answer = fit(learned, rows(general, model=model, guard=guard))
    print(circumstances())
    print(f"\n{len(learned)} messages; danger from {DANGER_FROM} in bot/context.py\n")
    held = [[name, f"{answer['weights'][name]:.2f}", f"{WEIGHTS[name]:.2f}"] for name in WEIGHTS]
    print(table(["sign", "learned now", "in bot/context.py"], held))
    print("\nSeen / false alarms, by the guard and these weights alone\n")
    print(table(["danger from", *answer["sets"]], shares(answer["table"])))


if __name__ == "__main__":
    main()
