"""The command `suar parse`: what the model and the danger guard read in callers' texts."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, TextIO

from hotline.danger import Guard
from hotline.settings import ROOT
from store.danger import load_guard

# Rasa runs on its own Python; this command talks to it through a pipe.
BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
DANGER_FOLDER = ROOT / "data" / "danger"

Command = Callable[[Path], list[str]]


class ParseError(RuntimeError):
    """The model did not read everything; the message holds the last words of its program."""

    def __init__(self, read: int, told: int, last_words: str) -> None:
        """Say how far it came and why it stopped."""
        super().__init__(f"the model read {read} of {told} texts: {last_words}")


def bot_command(model: Path) -> list[str]:
    """Return the command that reads JSON lines with a model."""
    return [str(BOT_PYTHON), "-m", "bot.parse", str(model)]


def texts_of(lines: Iterable[str]) -> Iterator[str]:
    """Yield the text of each line, which is the text itself or a JSON object with `text`."""
    for line in lines:
        bare = line.rstrip("\r\n")
        if not bare.strip():
            continue
        told = _json_text(bare)
        text = bare if told is None else told
        # Half an emoji or a byte of another encoding must not stop the other lines.
        yield text.encode("utf-8", "replace").decode()


def _json_text(line: str) -> str | None:
    if not line.lstrip().startswith("{"):
        return None
    try:
        told = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return None
    text = told.get("text") if isinstance(told, dict) else None
    return text if isinstance(text, str) else None


def parse_texts(
    lines: Iterable[str], *, model: Path, guard: Guard, command: Command = bot_command
) -> Iterator[dict[str, Any]]:
    """Yield the reading of each text; `emergency` is true if the guard or the model says so.

    Raises ParseError when the model's program ends before it has read everything.
    """
    texts = list(texts_of(lines))
    if not texts:
        return
    program = command(model)
    # Text mode would leave the caller's lone surrogates to chance; JSON escapes them.
    with subprocess.Popen(
        program,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        said: list[str] = []
        # Both ends are fed apart from reading, or a full pipe would stop everyone.
        feeder = threading.Thread(target=_feed, args=(process.stdin, texts), daemon=True)
        listener = threading.Thread(target=_keep, args=(process.stderr, said), daemon=True)
        feeder.start()
        listener.start()
        count = 0
        for line in process.stdout:
            reading = json.loads(line)
            reading["emergency"] = (
                guard.read(reading["text"]) is not None or reading["intent"] == "emergency"
            )
            count += 1
            yield reading
        feeder.join()
        listener.join()
    if count < len(texts):
        raise ParseError(count, len(texts), _last_words(said))


def _feed(pipe: IO[str], texts: Iterable[str]) -> None:
    try:
        with pipe:
            for text in texts:
                pipe.write(json.dumps({"text": text}) + "\n")
    except BrokenPipeError:
        # The program has ended; what it said on its way out is reported by the reader.
        return


def _keep(pipe: IO[str], said: list[str]) -> None:
    said.extend(pipe)


def _last_words(said: list[str]) -> str:
    spoken = [line.strip() for line in said if line.strip()]
    return spoken[-1] if spoken else "its program ended without a word"


def run(file: Path | None, out: TextIO, *, model: Path, source: TextIO) -> int:
    """Read a file, or `source` when there is none, and write a JSON line for each text."""
    guard = load_guard(DANGER_FOLDER)
    try:
        if file is None:
            _write(source, out, model=model, guard=guard)
        else:
            with file.open(encoding="utf-8", errors="replace") as lines:
                _write(lines, out, model=model, guard=guard)
    except (OSError, ParseError) as problem:
        out.flush()
        raise SystemExit(f"suar parse: {problem}") from None
    return 0


def _write(lines: Iterable[str], out: TextIO, *, model: Path, guard: Guard) -> None:
    for reading in parse_texts(lines, model=model, guard=guard):
        out.write(json.dumps(reading, ensure_ascii=False) + "\n")
    out.flush()
