"""The command `suar parse`: what the model and the danger guard read in callers' texts.

A line is a text, or a JSON object with `text`; each gives one JSON object, in the same order. A
blank line is a message without words. An object whose `text` is missing or is no string gives an
object with `line` and `error`, a word on the error output, and the exit code 2 at the end.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TextIO

from bot.context import is_danger, sure_enough
from hotline.danger import Alarm, Guard
from hotline.readable import Readable, readable
from hotline.settings import ROOT
from store.danger import load_guard

# Rasa runs on its own Python; this command talks to it through a pipe.
BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
DANGER_FOLDER = ROOT / "data" / "danger"
# What Rasa calls a message that nothing can be made of.
NOT_UNDERSTOOD = "nlu_fallback"
SOME_LINES_UNREAD = 2

Command = Callable[[Path], list[str]]


class ParseError(RuntimeError):
    """The model did not read everything; the message holds the last words of its program."""

    def __init__(self, read: int, told: int, last_words: str) -> None:
        """Say how far it came and why it stopped."""
        super().__init__(f"the model read {read} of {told} texts: {last_words}")


def bot_command(model: Path) -> list[str]:
    """Return the command that reads JSON lines with a model."""
    return [str(BOT_PYTHON), "-m", "bot.parse", str(model)]


@dataclass(frozen=True)
class BadLine:
    """A line that holds no text to read: its number, counted from 1, and why."""

    number: int
    reason: str


def texts_of(lines: Iterable[str]) -> Iterator[str | BadLine]:
    """Yield the text of each line, which is the text itself or a JSON object with `text`."""
    for number, line in enumerate(lines, start=1):
        bare = line.rstrip("\r\n")
        told = _json_object(bare)
        text = bare.strip() and bare if told is None else told.get("text")
        if isinstance(text, str):
            # Half an emoji or a byte of another encoding must not stop the other lines.
            yield text.encode("utf-8", "replace").decode()
        else:
            yield BadLine(number, "the object has no `text` that is a string")


def _json_object(line: str) -> dict[str, Any] | None:
    """Read a JSON object; None for all else, which is a caller's text even with a brace."""
    if not line.lstrip().startswith("{"):
        return None
    try:
        told = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _wordless(text: str) -> dict[str, Any]:
    """Return the reading of a blank message, which no model needs to see."""
    nothing: dict[str, Any] = {"confidence": 0.0, "language": None, "entities": []}
    return {"text": text, "intent": NOT_UNDERSTOOD, **nothing, "ranking": [], "emergency": False}


def parse_texts(
    lines: Iterable[str], *, model: Path, guard: Guard, command: Command = bot_command
) -> Iterator[dict[str, Any]]:
    """Yield an object for each line; `emergency` is what guard and model together make of it.

    Raises ParseError when the model's program ends before it has read everything.
    """
    told = list(texts_of(lines))
    texts = [text for text in told if isinstance(text, str) and text.strip()]
    made = [readable(text) for text in texts]
    readings = _model_readings([one.text for one in made], model, command)
    forms = iter(made)
    for text in told:
        if isinstance(text, BadLine):
            yield {"line": text.number, "error": text.reason}
        elif not text.strip():
            yield _wordless(text)
        else:
            reading = next(readings)
            alarm = guard.read(reading["text"])
            _as_typed(reading, text, next(forms))
            reading["emergency"] = _danger(reading, alarm)
            reading["intent"] = reading["intent"] or NOT_UNDERSTOOD
            yield reading


def _danger(reading: dict[str, Any], alarm: Alarm | None) -> bool:
    """Say whether a caller would be answered as somebody in danger."""
    reasons, sure = (alarm.reasons, alarm.sure) if alarm else ((), False)
    if is_danger(reading, reasons=reasons, sure=sure):
        return True
    return reading["intent"] == "emergency" and sure_enough("emergency", reading["confidence"])


def _as_typed(reading: dict[str, Any], text: str, read: Readable) -> None:
    """Give a reading of the readable text the words and places of the text as it came."""
    reading["text"] = text
    for entity in reading.get("entities") or []:
        start, end = read.typed_at(entity["start"], entity["end"])
        entity |= {"value": text[start:end], "start": start, "end": end}


def _model_readings(texts: list[str], model: Path, command: Command) -> Iterator[dict[str, Any]]:
    """Yield what the model reads in each text; its program runs only if there are any.

    Raises ParseError when the program ends before it has read everything.
    """
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
        try:
            for line in process.stdout:
                count += 1
                yield json.loads(line)
        except BaseException:
            process.kill()  # nobody wants the rest
            raise
        finally:
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


def run(
    file: Path | None, out: TextIO, *, model: Path, source: TextIO, errors: TextIO | None = None
) -> int:
    """Read a file, or `source` when there is none, and write a JSON object for each line."""
    guard = load_guard(DANGER_FOLDER)
    errors = errors or sys.stderr
    try:
        if file is None:
            return _write(source, out, errors, model=model, guard=guard)
        with file.open(encoding="utf-8", errors="replace") as lines:
            return _write(lines, out, errors, model=model, guard=guard)
    except (OSError, ParseError) as problem:
        out.flush()
        raise SystemExit(f"suar parse: {problem}") from None


def _write(lines: Iterable[str], out: TextIO, errors: TextIO, *, model: Path, guard: Guard) -> int:
    """Write the objects and say which lines held no text; return the command's exit code."""
    unread = 0
    for reading in parse_texts(lines, model=model, guard=guard):
        out.write(json.dumps(reading, ensure_ascii=False) + "\n")
        if "error" in reading:
            unread += 1
            errors.write(f"suar parse: line {reading['line']}: {reading['error']}\n")
    out.flush()
    return SOME_LINES_UNREAD if unread else 0
