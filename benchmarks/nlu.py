"""Our language understanding beside Rasa's stock pipeline: time, memory, accuracy, same data.

Run from the project root with the bot's Python:
`bot/.venv/bin/python benchmarks/nlu.py [--epochs N] [ours|template ...]`.
The stock pipeline trains for its 100 epochs unless told fewer; the table says how many.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
CONFIGS = {"ours": ROOT / "config.yml", "template": ROOT / "benchmarks" / "nlu_template.yml"}
UNSEEN = ROOT / "tests" / "nlu" / "unseen"
WARM_UP = 20


def unseen() -> list[dict[str, Any]]:
    """Return the unseen messages of all languages that have an intent."""
    files = sorted(file for file in UNSEEN.glob("*.jsonl") if file.name != "danger.jsonl")
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [json.loads(line) for line in lines if line.strip()]


def config_with(name: str, epochs: int | None, folder: Path) -> Path:
    """Return the pipeline's configuration, with as many epochs as asked."""
    text = CONFIGS[name].read_text(encoding="utf-8")
    if epochs:
        text = text.replace("epochs: 100", f"epochs: {epochs}")
    path = folder / "config.yml"
    path.write_text(text, encoding="utf-8")
    return path


def train(name: str, epochs: int | None, folder: Path) -> float:
    """Train a pipeline on data/nlu into a folder, and return the seconds it took."""
    command = [
        sys.executable, "-m", "rasa", "train", "nlu", "-u", str(ROOT / "data" / "nlu"),
        "-c", str(config_with(name, epochs, folder)), "--out", str(folder),
        "--fixed-model-name", name,
    ]  # fmt: skip
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)  # fmt: skip
    return time.perf_counter() - start


def full_intent(found: dict[str, Any]) -> str | None:
    """Return the full name of the intent a pipeline reads, before any fallback."""
    if "full_intent" in found:
        name: str | None = found["full_intent"]
        return name
    ranking = [e["name"] for e in found["intent_ranking"] if e["name"] != "nlu_fallback"]
    selector = found.get("response_selector", {})
    response = (selector.get("faq") or selector.get("default") or {}).get("response", {})
    return response.get("intent_response_key") if ranking[:1] == ["faq"] else ranking[0]


def measure(name: str, model: Path) -> dict[str, Any]:
    """Parse every unseen message by itself in this process, and return times and accuracy."""
    from rasa.core.channels.channel import UserMessage
    from rasa.core.processor import MessageProcessor
    from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER

    _, metadata, runner = MessageProcessor._load_model(model)
    target = metadata.nlu_target
    examples = unseen()
    times, right = [], 0
    for example in [*examples[:WARM_UP], *examples]:
        start = time.perf_counter()
        inputs = {PLACEHOLDER_MESSAGE: [UserMessage(example["text"])], PLACEHOLDER_TRACKER: None}
        message = runner.run(inputs=inputs, targets=[target])[target][0]
        times.append((time.perf_counter() - start) * 1000)
        found = message.as_dict(only_output_properties=True)
        right += len(times) > WARM_UP and full_intent(found) == example["intent"]
    ordered = sorted(times[WARM_UP:])
    return {
        "p50_ms": round(ordered[len(ordered) // 2], 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)], 1),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "model_mb": round(model.stat().st_size / 2**20, 1),
        "messages": len(examples),
        "intent_right": round(right / len(examples), 3),
    }


def main() -> None:
    """Train and measure each pipeline in a process of its own, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipelines", nargs="*", default=list(CONFIGS))
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--measure", type=Path, help="measure this model alone, as JSON")
    chosen = parser.parse_args()
    if chosen.measure:
        print(json.dumps(measure(chosen.pipelines[0], chosen.measure)))
        return
    for name in chosen.pipelines:
        with tempfile.TemporaryDirectory() as folder:
            seconds = train(name, chosen.epochs, Path(folder))
            model = Path(folder) / f"{name}.tar.gz"
            command = [sys.executable, __file__, name, "--measure", str(model)]
            answer = subprocess.run(
                command, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        figures = json.loads(answer.stdout.splitlines()[-1])
        print(name, {"train_s": round(seconds), "epochs": chosen.epochs or 100, **figures})


if __name__ == "__main__":
    main()
