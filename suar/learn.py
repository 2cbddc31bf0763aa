"""`suar learn`: corrections from the desk become a review file, and reviewed lines examples."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, TextIO

import sqlalchemy as sa

from hotline.errors import Refused, SuarError
from hotline.settings import ROOT, Settings
from store import audit, corrections, db
from store.corrections import Proposed, State
from store.vault import Vault
from suar import examples
from suar.examples import Example
from suar.learn_checks import Known, example_of
from suar.learn_cleaning import clean, common_words
from suar.unseen import read_sets

SOME_REFUSED = 1
WARNING = (
    "{file} holds what callers wrote. Names and numbers were taken out by rule, which misses "
    "some.\n"
    "Only who may read tickets may open it. Keep it on this machine, rewrite each text, set "
    '"accept" to true or false, run `suar learn take`, and delete it.'
)
# Gives the readings of texts: the model's in use, or a stand-in's.
Read = Callable[[Sequence[str]], Iterable[Mapping[str, Any]]]


def add_learn_commands(add: Callable[[str, object, str], argparse.ArgumentParser]) -> None:
    """Add `suar learn list` and `suar learn take`."""
    learn = add("learn", None, "turn corrections from the console into training examples")
    kinds = learn.add_subparsers(required=True, metavar="what")
    listed = kinds.add_parser("list", help="write what waits for review to a new file")
    taken = kinds.add_parser("take", help="check a reviewed file and keep what was accepted")
    for parser, command in ((listed, _list), (taken, _take)):
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", metavar="NAME", default="operator", help="who reviews")
        parser.set_defaults(command=command)


def _list(arguments: argparse.Namespace, settings: Settings) -> int:
    from store.danger import load_guard
    from store.vault import open_vault
    from suar.parse import DANGER_FOLDER, parse_texts
    from suar.training import ensure_model

    def read(texts: Sequence[str]) -> Iterable[Mapping[str, Any]]:
        lines = (json.dumps({"text": text}) for text in texts)
        return parse_texts(lines, model=ensure_model(settings), guard=load_guard(DANGER_FOLDER))

    return write_review(
        open_vault(settings), arguments.file, by=arguments.by, read=read, home=settings.home,
        out=sys.stdout,
    )  # fmt: skip


def _take(arguments: argparse.Namespace, settings: Settings) -> int:
    from store.vault import open_vault

    return take(open_vault(settings), arguments.file, by=arguments.by, out=sys.stdout)


def write_review(
    vault: Vault, file: Path, *, by: str, read: Read, home: Path, out: TextIO, root: Path = ROOT
) -> int:
    """Write what waits for review to a new file that its owner alone can read."""
    _refuse_place(file, home, root)
    with db.read(vault.engine) as connection:
        waiting = corrections.proposed(connection, vault.keyring)
    if not waiting:
        print("no corrections wait for review", file=out)
        return 0
    lines = list(_review_lines(waiting, read([one.text for one in waiting])))
    _write_private(file, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    with db.write(vault.engine) as connection:
        audit.add(
            connection, vault.keyring, actor=by, action="corrections_listed",
            object="corrections", now=time.time(), ids=[one.id for one in waiting],
        )  # fmt: skip
    print(f"{len(lines)} corrections written", file=out)
    print(WARNING.format(file=file), file=out)
    return 0


def _refuse_place(file: Path, home: Path, root: Path) -> None:
    """Keep callers' words out of what is copied and published with the project."""
    place = file.absolute().resolve()
    if place.is_relative_to(root) and not place.is_relative_to(home):
        raise Refused(f"{file} lies among the project's files: name a place outside of it")


def _write_private(file: Path, text: str) -> None:
    try:
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(f"{file} is there already: name a new file") from None
    except OSError as error:
        raise SuarError(f"{file} cannot be written: {error.strerror}") from None
    with os.fdopen(number, "w", encoding="utf-8") as stream:
        stream.write(text)


def _review_lines(
    waiting: Sequence[Proposed], readings: Iterable[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    common = common_words(e for code in examples.languages() for e in examples.of(code))
    for one, reading in zip(waiting, readings, strict=True):
        cleaned = clean(one.text, reading.get("entities") or [], common)
        yield {
            "id": one.id,
            "text": cleaned.marked,
            "intent": one.intent,
            "language": one.language,
            "read_as": one.read_as,
            "look_at": list(cleaned.look_at),
            "accept": None,
        }


@dataclass(frozen=True)
class _Line:
    """One line of a reviewed file."""

    number: int
    id: int
    accept: bool
    plain: Mapping[str, Any]


@dataclass
class _Run:
    """What became of the lines of one file."""

    by: str
    refused: int = 0
    undecided: int = 0
    not_taken: list[str] = field(default_factory=list)


def take(
    vault: Vault,
    file: Path,
    *,
    by: str,
    out: TextIO,
    folder: Path = examples.FOLDER,
    unseen: Path = examples.UNSEEN,
) -> int:
    """Keep the accepted lines as examples; every other line is told with its reason."""
    codes = examples.languages(folder)
    known = Known(
        codes,
        {str(one["text"]).lower() for held in read_sets(unseen).values() for one in held},
        [e for code in codes for e in examples.of(code, folder)],
    )
    run = _Run(by)
    with db.write(vault.engine) as connection:
        originals = {one.id: one.text for one in corrections.proposed(connection, vault.keyring)}
        for line in _read_lines(file, run):
            _take_line(vault, connection, line, originals.pop(line.id, None), known, run)
        # Last, and before the database keeps anything: a full disk undoes both.
        _keep(known.taken, folder)
    for reason in run.not_taken:
        print(reason, file=out)
    print(
        f"{len(known.taken)} examples kept, {run.refused} refused by the reviewer, "
        f"{run.undecided} undecided, {len(run.not_taken)} lines not taken",
        file=out,
    )
    if known.taken:
        print("`suar train` makes the model; then delete the review file", file=out)
    return SOME_REFUSED if run.not_taken else 0


def _take_line(
    vault: Vault,
    connection: sa.Connection,
    line: _Line,
    original: str | None,
    known: Known,
    run: _Run,
) -> None:
    """Note what became of one correction; what cannot be kept waits on, with the reason told."""
    try:
        example = _example(line, original, known)
    except Refused as problem:
        run.not_taken.append(f"line {line.number}: {problem}")
        return
    state, now = (State.ACCEPTED if example else State.REFUSED), time.time()
    corrections.review(connection, line.id, state, by=run.by, now=now)
    told = {"intent": example.intent, "language": example.language} if example else {}
    audit.add(
        connection, vault.keyring, actor=run.by, action=f"correction_{state.value}",
        object=f"correction {line.id}", now=now, **told,
    )  # fmt: skip
    if example:
        known.taken.append(example)
    else:
        run.refused += 1


def _example(line: _Line, original: str | None, known: Known) -> Example | None:
    """Make an example of a line; None where the reviewer wants none."""
    if original is None:
        raise Refused(f"correction {line.id} does not wait for review (any more)")
    if not line.accept:
        return None
    told = line.plain
    return example_of(told.get("intent"), told.get("language"), told.get("text"), original, known)


def _read_lines(file: Path, run: _Run) -> Iterator[_Line]:
    """Give the lines that are decided; what cannot be read is told."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SuarError(f"{file} cannot be read ({type(error).__name__})") from None
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        try:
            plain = json.loads(raw)
        except json.JSONDecodeError:
            plain = None
        if not isinstance(plain, dict) or not isinstance(plain.get("id"), int):
            run.not_taken.append(f"line {number}: it is no object with an id")
        elif plain.get("accept") is None:
            run.undecided += 1
        elif not isinstance(plain["accept"], bool):
            run.not_taken.append(f"line {number}: accept is neither true nor false")
        else:
            yield _Line(number, plain["id"], plain["accept"], plain)


def _keep(taken: Sequence[Example], folder: Path) -> None:
    def place(example: Example) -> tuple[str, str]:
        return example.language, example.intent

    for _, group in groupby(sorted(taken, key=place), key=place):
        examples.add(list(group), folder)
