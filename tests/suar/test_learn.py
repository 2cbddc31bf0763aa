"""`suar learn`: corrections become examples, and nothing that is a caller's goes along."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hotline.errors import Refused, SuarError
from hotline.understood import Understood
from store import audit, corrections, db, earlier, inbox
from store.corrections import State
from store.erasure import erase_conversation
from store.vault import Vault
from suar import examples
from suar.learn import take, write_review
from tests.fakes import NOON, message, receive
from tests.store.conversations_of import conversation_of
from tests.store.people import ani

TEXT = "nama saya Wulan, cek pt karya jaya abadi, ongkos ke taiwan brp, hub 081234567890"
REWRITTEN = "ongkos ke [taiwan](country) brp ya kalo lewat [pt lentera senja](recruiter)"
COSTS = """version: "3.1"
nlu:
- intent: faq/costs
  metadata: {language: id}
  examples: |
    - brp ongkos ke [taiwan](country)
"""
UNSEEN = "berapa biaya resmi ke hongkong sekarang"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a small folder of examples."""
    folder = tmp_path / "nlu"
    (folder / "id").mkdir(parents=True)
    (folder / "id" / "costs.yml").write_text(COSTS)
    return folder


@pytest.fixture
def unseen(tmp_path: Path) -> Path:
    """Give a folder with one unseen message."""
    folder = tmp_path / "unseen"
    folder.mkdir()
    line = {"text": UNSEEN, "intent": "faq/costs", "language": "id", "entities": []}
    (folder / "id.jsonl").write_text(json.dumps(line) + "\n")
    return folder


def propose(vault: Vault, text: str = TEXT, intent: str = "faq/costs", number: int = 1) -> int:
    """Let a caller write, the bot misread, and a responder say what it meant; gives the message."""
    who, row = ani(vault), receive(vault, message(text, provider_id=f"m{number}"))
    with db.write(vault.engine) as connection:
        inbox.finish(
            connection, row, outcome="bot", now=NOON, understood=Understood("goodbye", 0.5, "id")
        )
        corrections.propose(
            connection, vault.keyring, row, intent=intent, language="id", staff_id=who, now=NOON
        )
    return row


def extractor(texts: Sequence[str]) -> Iterable[Mapping[str, Any]]:
    """Find the firm and the country of TEXT, as the model would."""
    for text in texts:
        found = [("recruiter", "pt karya jaya abadi"), ("country", "taiwan")]
        yield {
            "entities": [
                {"entity": kind, "start": text.index(words), "end": text.index(words) + len(words)}
                for kind, words in found
                if words in text
            ]
        }


def listed(vault: Vault, file: Path) -> tuple[list[dict[str, Any]], str]:
    out = io.StringIO()
    write_review(vault, file, by="dewi", read=extractor, home=file.parent, out=out)
    lines = file.read_text().splitlines() if file.exists() else []
    return [json.loads(line) for line in lines], out.getvalue()


def logged(vault: Vault) -> list[tuple[str, str, str]]:
    with db.read(vault.engine) as connection:
        lines = audit.newest(connection, limit=9)
    return [(line["actor"], line["action"], line["object"]) for line in reversed(lines)]


def states(vault: Vault) -> list[str]:
    query = sa.select(corrections.corrections.c.state).order_by(corrections.corrections.c.id)
    with db.read(vault.engine) as connection:
        return list(connection.execute(query).scalars())


def test_the_review_file_holds_cleaned_words_for_its_owner_alone(
    vault: Vault, tmp_path: Path
) -> None:
    """With what the bot made of it, what to look at, and no decision yet."""
    propose(vault)
    file = tmp_path / "review.jsonl"
    [line], told = listed(vault, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert (line["intent"], line["language"], line["read_as"]) == ("faq/costs", "id", "goodbye")
    assert line["accept"] is None
    assert "[taiwan](country)" in line["text"]
    for gone in ("Wulan", "karya jaya", "0812"):
        assert gone not in file.read_text()
    assert "holds what callers wrote" in told
    assert logged(vault) == [("dewi", "corrections_listed", "corrections")]


def test_what_a_caller_deleted_meanwhile_is_not_listed(vault: Vault, tmp_path: Path) -> None:
    """Neither after the wish to delete everything nor after taking one message back."""
    rows = [propose(vault, f"{TEXT} {n}", number=n) for n in (1, 2)]
    with db.write(vault.engine) as connection:
        earlier.mark_deleted(connection, vault.keyring, rows[0], keep_text=True)
    assert len(listed(vault, tmp_path / "one.jsonl")[0]) == 1
    with db.write(vault.engine) as connection:
        erase_conversation(connection, vault.keyring, conversation_of(vault, rows[1]))
    lines, told = listed(vault, tmp_path / "two.jsonl")
    assert lines == []
    assert "no corrections wait for review" in told


def test_a_file_that_is_there_is_never_overwritten(vault: Vault, tmp_path: Path) -> None:
    """It may hold an hour of somebody's work."""
    propose(vault)
    file = tmp_path / "review.jsonl"
    file.write_text("work")
    with pytest.raises(Refused, match="there already"):
        listed(vault, file)
    assert file.read_text() == "work"


def test_callers_words_are_not_put_among_the_projects_files(vault: Vault, tmp_path: Path) -> None:
    """There they would be copied and published one day; the installation's own folder is left."""
    propose(vault)
    home, out = tmp_path / "root" / ".suar", io.StringIO()
    home.mkdir(parents=True)
    for file, right in ((tmp_path / "root" / "docs" / "x", False), (home / "x", True)):
        file.parent.mkdir(exist_ok=True)
        if not right:
            with pytest.raises(Refused, match="among the project's files"):
                write_review(
                    vault, file, by="dewi", read=extractor, home=home, out=out,
                    root=tmp_path / "root",
                )  # fmt: skip
            continue
        write_review(
            vault, file, by="dewi", read=extractor, home=home, out=out, root=tmp_path / "root"
        )
        assert file.exists()


def reviewed(vault: Vault, file: Path, **changes: object) -> Path:
    """Write the review file and let a reviewer accept the line with changes."""
    [line], _ = listed(vault, file)
    file.write_text(json.dumps({**line, "text": REWRITTEN, "accept": True, **changes}) + "\n")
    return file


def test_an_accepted_line_becomes_an_example(
    vault: Vault, tmp_path: Path, folder: Path, unseen: Path
) -> None:
    """Once: the second time it no longer waits."""
    propose(vault)
    file, out = reviewed(vault, tmp_path / "r.jsonl"), io.StringIO()
    assert take(vault, file, by="dewi", out=out, folder=folder, unseen=unseen) == 0
    kept = [e.marked for e in examples.read_file(folder / "id" / "costs.yml")]
    assert kept == ["brp ongkos ke [taiwan](country)", REWRITTEN]
    assert "1 examples kept" in out.getvalue()
    assert states(vault) == [State.ACCEPTED]
    which = json.loads(file.read_text())["id"]
    assert logged(vault)[-1] == ("dewi", "correction_accepted", f"correction {which}")
    assert take(vault, file, by="dewi", out=out, folder=folder, unseen=unseen) == 1
    assert f"line 1: correction {which} does not wait for review" in out.getvalue()
    assert len(list(examples.read_file(folder / "id" / "costs.yml"))) == 2


def test_a_refused_line_is_settled_and_an_undecided_one_waits(
    vault: Vault, tmp_path: Path, folder: Path, unseen: Path
) -> None:
    """Nothing is written for either."""
    for number in (1, 2):
        propose(vault, f"{TEXT} {number}", number=number)
    lines, _ = listed(vault, tmp_path / "r.jsonl")
    lines[0]["accept"] = False
    file, out = tmp_path / "decided.jsonl", io.StringIO()
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n")
    assert take(vault, file, by="dewi", out=out, folder=folder, unseen=unseen) == 0
    assert "0 examples kept, 1 refused by the reviewer, 1 undecided, 0 lines" in out.getvalue()
    assert states(vault) == [State.REFUSED, State.PROPOSED]
    assert (folder / "id" / "costs.yml").read_text() == COSTS


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"intent": "faq/biaya"}, "the intent is none of the list"),
        ({"intent": "nlu_fallback"}, "the intent is none of the list"),
        ({"language": "xx"}, "the language has no examples"),
        ({"text": "  "}, "there is no text"),
        ({"text": None}, "there is no text"),
        ({"text": "ongkos " * 80}, "longer than 500 letters"),
        ({"text": "ongkos ke [taiwan](negara) brp"}, "no such entity: negara"),
        ({"text": "ongkos ke [taiwan](country brp"}, "a mark is broken"),
        ({"text": "ongkos lewat [902/2022](licence_no) brp"}, "belongs to somebody"),
        ({"text": "ongkosnya brp, hub 0812 3456 7890"}, "a telephone number"),
        ({"text": "ongkosnya brp, kunci 12345678"}, "another long number"),
        ({"text": "ongkosnya brp, tulis ke a@contoh.id"}, "an e-mail address"),
        ({"text": "ongkosnya brp, kode SR-7K4M-2Q"}, "a ticket code"),
        ({"text": "ongkosnya brp, izin SIP3MI 902/2022"}, "a licence number"),
        ({"text": UNSEEN.title() + "?"}, "one of the unseen messages"),
        ({"text": "brp ongkos ke [hongkong](country)"}, "too much alike"),
        ({"accept": "ya"}, "accept is neither true nor false"),
        ({"id": 999}, "correction 999 does not wait"),
        ({"id": "1"}, "no object with an id"),
    ],
)
def test_a_line_that_must_not_be_learned_is_refused_with_its_reason(
    vault: Vault, tmp_path: Path, folder: Path, unseen: Path, changes: dict[str, Any], reason: str
) -> None:
    """It goes on waiting, and nothing is written."""
    propose(vault)
    file, out = reviewed(vault, tmp_path / "r.jsonl", **changes), io.StringIO()
    assert take(vault, file, by="dewi", out=out, folder=folder, unseen=unseen) == 1
    [line, counts] = out.getvalue().splitlines()
    assert line.startswith("line 1: ")
    assert reason in line
    assert "0 examples kept" in counts
    assert (folder / "id" / "costs.yml").read_text() == COSTS
    assert states(vault) == [State.PROPOSED]


def test_what_a_caller_wrote_is_not_learned_word_for_word(
    vault: Vault, tmp_path: Path, folder: Path, unseen: Path
) -> None:
    """Also without a name in it: the sentence is hers."""
    propose(vault, "saya mau tanya ongkos ke sana berapa ya")
    file = reviewed(vault, tmp_path / "r.jsonl", text="Saya mau tanya ongkos ke sana berapa ya?")
    out = io.StringIO()
    assert take(vault, file, by="dewi", out=out, folder=folder, unseen=unseen) == 1
    assert "still word for word" in out.getvalue()


def test_two_lines_of_one_file_are_held_against_each_other(
    vault: Vault, tmp_path: Path, folder: Path, unseen: Path
) -> None:
    """One sentence with two countries is one example."""
    for number in (1, 2):
        propose(vault, f"{TEXT} {number}", number=number)
    lines, _ = listed(vault, tmp_path / "r.jsonl")
    for line, country in zip(lines, ("taiwan", "korea"), strict=True):
        line |= {"accept": True, "text": f"potongan gaji di [{country}](country) sampe kapan kak"}
    file, out = tmp_path / "decided.jsonl", io.StringIO()
    file.write_text("\n".join(json.dumps(line) for line in lines))
    assert take(vault, file, by="dewi", out=out, folder=folder, unseen=unseen) == 1
    assert "line 2: there is an example too much alike" in out.getvalue()
    assert states(vault) == [State.ACCEPTED, State.PROPOSED]


def test_a_caller_who_deletes_during_the_review_is_not_learned_from(
    vault: Vault, tmp_path: Path, folder: Path, unseen: Path
) -> None:
    """The file of yesterday holds her words still; the database decides."""
    row = propose(vault)
    file, out = reviewed(vault, tmp_path / "r.jsonl"), io.StringIO()
    with db.write(vault.engine) as connection:
        erase_conversation(connection, vault.keyring, conversation_of(vault, row))
    assert take(vault, file, by="dewi", out=out, folder=folder, unseen=unseen) == 1
    assert "does not wait for review (any more)" in out.getvalue()
    assert (folder / "id" / "costs.yml").read_text() == COSTS


def test_when_the_examples_cannot_be_written_nothing_is_settled(
    vault: Vault, tmp_path: Path, folder: Path, unseen: Path
) -> None:
    """Files and database say the same afterwards."""
    propose(vault)
    file = reviewed(vault, tmp_path / "r.jsonl")
    (folder / "id" / "costs.yml").unlink()
    with pytest.raises(OSError, match=r"costs\.yml"):
        take(vault, file, by="dewi", out=io.StringIO(), folder=folder, unseen=unseen)
    assert states(vault) == [State.PROPOSED]
    assert len(logged(vault)) == 1  # that it was listed


def test_a_file_that_cannot_be_read_is_one_plain_line(vault: Vault, tmp_path: Path) -> None:
    """A wrong name is no reason for a page of Python."""
    with pytest.raises(SuarError, match="cannot be read"):
        take(vault, tmp_path / "nowhere", by="dewi", out=io.StringIO())
