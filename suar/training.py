"""Makes the model once per content: the same texts and examples are never trained twice."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from pathlib import Path

from hotline.errors import SuarError
from hotline.settings import ROOT, Settings
from suar.environments import BOT_PYTHON, child_environment, require
from suar.gate import Judge, admit, beside, in_use, judge

# Everything that the model is made from; a change in any of it makes another model.
SOURCES = (
    "config.yml",
    "bot/domain",
    "bot/components",
    "bot/uv.lock",
    "data/nlu",
    "data/rules",
    "data/language",
    "data/lookup",
    "knowledge/countries.yml",
)
# What reads beside a model: with another guard or code the same model may read otherwise.
READING = (
    "bot/components",
    "bot/context.py",
    "bot/parse.py",
    "bot/uv.lock",
    "data/danger",
    "hotline",
    "suar/parse.py",
)
_KEPT_MODELS = 3


def source_files(root: Path = ROOT, sources: tuple[str, ...] = SOURCES) -> list[Path]:
    """List the files a model is made from, in a fixed order."""
    found: list[Path] = []
    for name in sources:
        path = root / name
        found += sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    return [p for p in found if p.is_file() and p.suffix != ".pyc"]


def content_hash(root: Path = ROOT, sources: tuple[str, ...] = SOURCES) -> str:
    """Name the content by a hash over all source files."""
    digest = hashlib.sha256()
    for file in source_files(root, sources):
        digest.update(str(file.relative_to(root)).encode() + b"\0")
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def model_file(settings: Settings) -> Path:
    """Say where the model for the present content is, or will be."""
    return settings.model_folder / f"suar-{content_hash()}.tar.gz"


def ensure_model(settings: Settings, *, allow: bool = False) -> Path:
    """Give the model to use: that for the present content, unless it reads worse than the last.

    `allow` takes it all the same. Raises SuarError as `make_model` does.
    """
    model = make_model(settings)
    if settings.model is not None:
        return model
    return admit(model, make_judge=present_judge, allow=allow, tell=_tell)


def present_judge() -> Judge:
    """Give what judges a model, with the code, messages and guard of now."""
    return judge(content_hash(sources=READING))


def make_model(settings: Settings) -> Path:
    """Give the model for the present content, training it when it is not there yet.

    Raises SuarError with the end of the trainer's own words when training fails; the models of
    earlier contents stay where they are.
    """
    if settings.model is not None:
        if not settings.model.is_file():
            raise SuarError(f"SUAR_MODEL names {settings.model}, which is not there")
        return settings.model
    model = model_file(settings)
    if model.exists():
        return model
    settings.model_folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    print(
        f"training the model ({len(source_files())} source files) ...", file=sys.stderr, flush=True
    )
    _train(settings, model)
    _tell(f"model trained in {time.monotonic() - began:.0f} s")
    _forget_old(settings.model_folder)
    return model


def _train(settings: Settings, model: Path) -> None:
    command = [
        str(require(BOT_PYTHON)), "-m", "rasa", "train",
        "--config", str(ROOT / "config.yml"),
        "--domain", str(ROOT / "bot" / "domain"),
        "--data", str(ROOT / "data" / "nlu"), str(ROOT / "data" / "rules"),
        "--out", str(model.parent),
        "--fixed-model-name", model.name.removesuffix(".tar.gz") + "-part",
    ]  # fmt: skip
    log = model.parent / "training.log"
    environment = child_environment(settings, token="unused")
    environment.pop("OMP_NUM_THREADS")
    with log.open("w") as out:
        running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
        _wait(running)
    part = model.with_name(model.name.removesuffix(".tar.gz") + "-part.tar.gz")
    if running.returncode or not part.exists():
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise SuarError(f"training failed; the whole log is {log}:\n{tail}")
    part.rename(model)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _wait(running: subprocess.Popen[bytes]) -> None:
    began = time.monotonic()
    try:
        while running.poll() is None:
            time.sleep(1)
            seconds = int(time.monotonic() - began)
            if seconds and seconds % 10 == 0:
                _tell(f"  still training, {seconds} s")
    except BaseException:
        running.terminate()
        raise


def _forget_old(folder: Path) -> None:
    models = sorted(folder.glob("suar-*.tar.gz"), key=lambda p: p.stat().st_mtime)
    used = in_use(folder, models[-1])
    for old in models[:-_KEPT_MODELS]:
        if old != used:
            old.unlink()
            beside(old).unlink(missing_ok=True)
