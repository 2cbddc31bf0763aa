"""The two models that benchmarks compare, ours and stock Rasa's, trained on the same content."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from hotline.errors import SuarError
from hotline.settings import ROOT, Settings
from suar.environments import BOT_PYTHON, child_environment, require
from suar.training import content_hash

DEFAULT = ROOT / "benchmarks" / "default_pipeline"
CONFIGS = {"ours": ROOT / "config.yml", "stock": DEFAULT / "config.yml"}
FULL_EPOCHS = 100
_NLU_EPOCHS = ("DIETClassifier", "ResponseSelector")


@dataclass(frozen=True)
class Trained:
    """A model, and what making it took."""

    name: str
    file: Path
    seconds: float
    processor_seconds: float
    peak_mb: float
    epochs: int | None  # of DIET and the response selector; ours has none
    epoch_seconds: float  # of DIET and the response selector together
    load: float  # of the whole machine when training began

    @property
    def full_seconds(self) -> float:
        """The time all epochs would have taken, extrapolated from those that ran."""
        return self.seconds + (FULL_EPOCHS - (self.epochs or FULL_EPOCHS)) * self.epoch_seconds


def config_text(name: str, epochs: int) -> str:
    """Give a pipeline's configuration, with as many epochs for its NLU as asked."""
    lines, inside = [], False
    for line in CONFIGS[name].read_text(encoding="utf-8").splitlines():
        if line.startswith("- name:"):
            inside = line.endswith(_NLU_EPOCHS)
        changed = inside and line.strip() == f"epochs: {FULL_EPOCHS}"
        lines.append(f"  epochs: {epochs}" if changed else line)
    return "\n".join(lines) + "\n"


def trained(name: str, settings: Settings, *, epochs: int = FULL_EPOCHS) -> Trained:
    """Give a model of the present content, training it unless it is kept from an earlier run.

    Raises SuarError naming the log when training fails.
    """
    config = config_text(name, epochs)
    mark = hashlib.sha256((content_hash() + config).encode()).hexdigest()[:16]
    folder = settings.home / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    record = folder / f"{name}-{mark}.json"
    if record.exists():
        kept = json.loads(record.read_text(encoding="utf-8"))
        return Trained(**{**kept, "file": Path(kept["file"])})
    (folder / f"{name}-{mark}.yml").write_text(config, encoding="utf-8")
    made = _train(name, settings, folder / f"{name}-{mark}", epochs)
    record.write_text(json.dumps({**asdict(made), "file": str(made.file)}), encoding="utf-8")
    return made


def _train(name: str, settings: Settings, place: Path, epochs: int) -> Trained:
    data = [ROOT / "data" / "nlu", ROOT / "data" / "rules"]
    data += [DEFAULT / "stories.yml"] if name == "stock" else []
    command = [
        str(require(BOT_PYTHON)), "-m", "rasa", "train",
        "--config", f"{place}.yml",
        "--domain", str(ROOT / "bot" / "domain"),
        "--data", *map(str, data),
        "--out", str(place.parent),
        "--fixed-model-name", place.name,
        "--force",
    ]  # fmt: skip
    environment = child_environment(settings, token="unused")  # noqa: S106 - nothing listens
    environment.pop("OMP_NUM_THREADS")
    # Stock's parts are large; in the project's own cache they would push out what is useful there.
    environment["RASA_CACHE_DIRECTORY"] = str(place.parent / "cache")
    log = Path(f"{place}.log")
    load, began = os.getloadavg()[0], time.monotonic()
    with log.open("w") as out:
        running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
        try:
            _, status, usage = os.wait4(running.pid, 0)
        except BaseException:
            running.terminate()
            raise
    file = Path(f"{place}.tar.gz")
    if status or not file.exists():
        raise SuarError(f"training {name} failed; the log is {log}")
    return Trained(
        name,
        file,
        time.monotonic() - began,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,
        epochs if name == "stock" else None,
        _epoch_seconds(log.read_text(encoding="utf-8"), epochs) if name == "stock" else 0.0,
        load,
    )


def _epoch_seconds(log: str, epochs: int) -> float:
    """Read from Rasa's progress bars how long one epoch of everything with epochs took."""
    # A bar's last state is printed more than once, so it is read from each bar by itself.
    bars = log.split(f" 0/{epochs} [00:00<?")[1:]
    ends = [re.findall(rf" {epochs}/{epochs} \[(?:(\d+):)?(\d+):(\d+)<00:00", bar) for bar in bars]
    times = [bar[-1] for bar in ends if bar]
    return sum(int(h or 0) * 3600 + int(m) * 60 + int(s) for h, m, s in times) / epochs
