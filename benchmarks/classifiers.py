"""Ways of telling intents and languages, side by side on the same texts: ours and its rivals.

Run: `python -m benchmarks.classifiers [--evaluation FOLDER] [--parts intents massive ...]`.
FOLDER holds public texts (nusax_dev.tsv, bhinneka_mkn_id_dev.tsv, massive_id_jv.tsv), read in place
and never kept; without it only our own messages are asked. DIET comes last, within its `--minutes`.
Every answer is kept without its text, so `--parts page` writes the page again.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.tools import rival_tables as tables
from benchmarks.tools.figures import write_section
from benchmarks.tools.rival_data import (
    OWN,
    OWN_PART,
    Task,
    languages,
    massive,
    own_intents,
    own_part,
)
from benchmarks.tools.rival_figures import Answer, answers
from hotline.errors import SuarError
from hotline.settings import ROOT, Settings, load_settings
from suar.environments import BOT_PYTHON, child_environment, require

PICTURE = ROOT / "docs" / "images" / "classifiers.png"
DAY = 86_400.0
PARTS = ("intents", "massive", "languages", "part", "diet", "page")
# Task and epochs. All of our own examples are too many for DIET: two rounds took over 41 minutes.
DIETS = ("massive-id:40", "own-part:10")
EMBEDDED = "sentence embedding"
NO_DIET = "DIET has no line: it was not done in the minutes it was given."
GONE = """
The sentence embedding's package (group `embedding` of bot/pyproject.toml) was not installed, so its
rows are missing; where it is, they are measured."""
_TRAINING_ACCURACY = re.compile(r"i_acc=([\d.]+)")


def kept_in(settings: Settings) -> Path:
    """Return where answers are kept."""
    return settings.home / "benchmarks" / "rivals"


def ask(script: str, task: Task, settings: Settings, *words: str, seconds: float = DAY) -> str:
    """Run one of the scripts for the bot's Python on a task; return what it wrote as errors.

    Raises subprocess.TimeoutExpired when it takes longer than the seconds given, and SuarError
    with the end of its errors when it fails.
    """
    folder = kept_in(settings) / task.name
    folder.mkdir(parents=True, exist_ok=True)
    python, file = str(require(BOT_PYTHON)), f"benchmarks/tools/{script}.py"
    before = ["nice", "-n", "10"] if seconds < DAY else []
    # What is written on the way holds texts, and goes when the script ends, however it ends.
    with tempfile.TemporaryDirectory(prefix="rivals-") as passing:
        environment = child_environment(settings, "unused")
        done = subprocess.run(
            [*before, python, file, str(folder), *words],
            input=task.as_json(),
            cwd=ROOT,
            env={**environment, "TMPDIR": passing, "RASA_CACHE_DIRECTORY": f"{passing}/cache"},
            stderr=subprocess.PIPE,
            text=True,
            timeout=seconds,
            check=False,
        )
    if done.returncode:
        raise SuarError(f"{file} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    return done.stderr


def ask_diet(
    tasks: Sequence[Task], chosen: Sequence[str], settings: Settings, minutes: float
) -> None:
    """Train DIET as asked, one after the other, until the minutes are over."""
    end = time.monotonic() + 60 * minutes
    by_name = {task.name: task for task in tasks}
    for name, epochs in (words.split(":") for words in chosen):
        if name not in by_name:
            continue
        left = end - time.monotonic()
        try:
            log = ask("rival_diet", by_name[name], settings, epochs, seconds=max(left, 1))
        except subprocess.TimeoutExpired:
            print(f"DIET on {name}: {epochs} epochs are not done in the {left:.0f} s left")
            continue
        file = kept_in(settings) / name / f"DIET-{epochs}-epochs.json"
        answer = json.loads(file.read_text(encoding="utf-8"))
        answer["setting"] += f"; in training {_TRAINING_ACCURACY.findall(log)[-1]}"
        file.write_text(json.dumps(answer), encoding="utf-8")


def circumstances(held: Sequence[Answer]) -> str:
    """Say when and on what machine answers were made, and how busy that was."""
    day = datetime.fromtimestamp(held[0].at, UTC).date().isoformat()
    loads = [answer.load for answer in held]
    return f"{day}, {os.cpu_count()} processors, load average {min(loads):.1f} to {max(loads):.1f}"


def own_section(own: Sequence[Answer]) -> list[str]:
    """Return what our own examples and messages show, and draw the picture."""
    if not own:
        return []
    tables.draw(own, PICTURE)
    gone = "" if any(EMBEDDED in answer.name for answer in own) else GONE
    said = f"""{circumstances(own)}. {own[0].learned} training examples, {len(own[0].meant)}
unseen messages, {len(set(own[0].meant))} intents. *Against ours*: difference in the share right on
the same messages, with its 95 % interval. *Held out*: share right on a fifth of the examples, by
which the setting was chosen. All learn the same examples, with longer ones made of them, and read
the same evened-out text with words of other languages put as Indonesian; ours is what the pipeline
trains.{gone}"""
    picture = "![Intents read right by language](images/classifiers.png)"
    return ["## Classifiers", said, tables.intents(own), picture, tables.by_language(own)]


def part_section(part: Sequence[Answer]) -> str:
    """Return what one in eight of our examples shows, DIET and sentence embedding among all."""
    asked = any(tables.is_diet(answer) for answer in part)
    diet = "DIET had as many rounds as its line says." if asked else NO_DIET
    said = f"""{circumstances(part)}. One in eight examples of each intent, {part[0].learned},
so that DIET and the sentence embedding can learn them too; {len(part[0].meant)} unseen messages.
Columns as above. {diet}"""
    tabled = [tables.intents(part), tables.by_language(part)]
    return "\n\n".join(["## Classifiers on a part of the examples", said, *tabled])


def massive_part(one: Sequence[Answer], both: Sequence[Answer]) -> list[str]:
    """Return what texts show that nobody here wrote."""
    if not one:
        return []
    said = f"""MASSIVE, messages to a voice assistant that nobody here wrote: {one[0].learned}
Indonesian examples of {len(set(one[0].meant))} intents, or those and as many Javanese, and 1,000
messages of each language; percent right with standard error. {circumstances([*one, *both])}."""
    return [said, tables.massive(one, both)]


def languages_part(told: Sequence[Answer]) -> list[str]:
    """Return how well languages are told apart."""
    if not told:
        return []
    said = f"""{circumstances(told)}. {told[0].learned} training examples in
{len(set(told[0].languages))} languages, and the word lists."""
    return ["## Languages", said, tables.languages(told), tables.languages_apart(told)]


def page(settings: Settings) -> str:
    """Return the section of docs/benchmarks.md."""
    own, one, both = (
        tables.with_pairs(answers(kept_in(settings) / name))
        for name in (OWN, "massive-id", "massive-id-jv")
    )
    told = answers(kept_in(settings) / "languages")
    return "\n\n".join([*own_section(own), *massive_part(one, both), *languages_part(told)])


def main() -> None:
    """Measure the parts asked for, then write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--evaluation", type=Path, help="folder of public texts")
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--missing", action="store_true", help="keep answers to the same texts")
    parser.add_argument("--diet", nargs="*", default=list(DIETS), help="task:epochs, in order")
    parser.add_argument("--minutes", type=float, default=15, help="for all of DIET")
    chosen = parser.parse_args()
    settings = load_settings()
    words = ["missing"] if chosen.missing else []
    public = massive(chosen.evaluation) if chosen.evaluation else []
    own = own_intents()
    if "intents" in chosen.parts:
        ask("rival_intents", own, settings, *words)
    if "massive" in chosen.parts:
        for task in public:
            ask("rival_intents", task, settings, *words)
    if "languages" in chosen.parts and chosen.evaluation:
        ask("rival_languages", languages(chosen.evaluation), settings)
    part = own_part()
    if "part" in chosen.parts:
        ask("rival_intents", part, settings, *words)
    if "diet" in chosen.parts:
        ask_diet([part, *public], chosen.diet, settings, chosen.minutes)
    if "page" in chosen.parts:
        write_section("classifiers", page(settings))
    if {"part", "diet"} & set(chosen.parts):
        learned = tables.with_pairs(answers(kept_in(settings) / OWN_PART))
        write_section("classifiers-part", part_section(learned), by="classifiers")


if __name__ == "__main__":
    main()
