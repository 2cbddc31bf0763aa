"""Which model an installation uses: the new one, unless it reads worse than the one in use."""

import io
import json
import os
import sys
import tarfile
from pathlib import Path

import pytest

from hotline.danger import Guard
from suar import gate
from suar.gate import Judge, admit, in_use, misfits

SETS = {
    "id": [{"text": f"biaya {n}", "intent": "faq/costs", "language": "id"} for n in range(20)],
    "danger": [{"text": f"tolong {n}", "emergency": True, "language": "id"} for n in range(3)],
}
# A model of these tests is an archive whose domain names what it reads wrongly.
READS = """
import json, sys, tarfile
with tarfile.open(sys.argv[1]) as archive:
    wrong = archive.extractfile("wrong.json")
    wrong = json.load(wrong) if wrong else None
if wrong is None:
    sys.exit("this model is of another time")
for line in sys.stdin:
    text = json.loads(line)["text"]
    right = "emergency" if text.startswith("tolong") else "faq/costs"
    intent = "greet" if text in wrong else right
    sure = float(intent == "emergency")
    print(json.dumps({"text": text, "intent": intent, "emergency_chance": sure}), flush=True)
"""
DOMAIN = {"responses": {"utter_a": []}, "slots": {"task": {}}, "actions": ["task_form"]}


class Place:
    """A folder of models with what judges them, and all that was told."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.told = folder / "models", list[str]()
        self.folder.mkdir()
        self.root = folder / "root"
        (self.root / "bot" / "domain").mkdir(parents=True)
        self.domain(DOMAIN)
        self.measured = 0
        self.time = 1_000_000_000

    def domain(self, content: object) -> None:
        """Say what the actions and texts of now know."""
        (self.root / "bot" / "domain" / "x.yml").write_text(json.dumps(content))

    def model(self, name: str, *wrong: str, readable: bool = True) -> Path:
        """Make a model that reads some messages wrongly; each is newer than the last."""
        file = self.folder / f"suar-{name}.tar.gz"
        with tarfile.open(file, "w:gz") as archive:
            for inside, content in (
                ("components/domain_provider/domain.yml", DOMAIN),
                ("wrong.json", list(wrong) if readable else None),
            ):
                raw = json.dumps(content).encode()
                info = tarfile.TarInfo(inside)
                info.size = len(raw)
                archive.addfile(info, io.BytesIO(raw))
        self.time += 60
        os.utime(file, (self.time, self.time))
        return file

    def judge(self) -> Judge:
        self.measured += 1
        return Judge(
            SETS, Guard(()), "code", lambda model: [sys.executable, "-c", READS, str(model)]
        )

    def admit(self, new: Path, *, allow: bool = False) -> Path:
        """Ask which model to use."""
        self.told.clear()
        return admit(new, make_judge=self.judge, allow=allow, tell=self.told.append, root=self.root)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_the_first_model_is_taken_without_a_look(place: Place) -> None:
    """A newcomer waits for nothing."""
    first = place.model("1", "tolong 0")
    assert place.admit(first) == first
    assert place.measured == 0
    assert place.told == []
    assert in_use(place.folder) == first


def test_the_model_in_use_is_not_measured_again(place: Place) -> None:
    """Every start asks."""
    first = place.model("1")
    place.admit(first)
    assert place.admit(first) == first
    assert place.measured == 0


def test_a_new_model_that_reads_as_well_takes_its_place(place: Place) -> None:
    """Also from a folder of a time before anything was noted."""
    place.model("1", "biaya 1")
    second = place.model("2", "biaya 2")
    assert place.admit(second) == second
    assert in_use(place.folder) == second


def test_one_that_loses_an_emergency_is_refused_and_the_old_one_goes_on(place: Place) -> None:
    """The operator is told which, and what to do about it."""
    first = place.model("1")
    place.admit(first)
    worse = place.model("2", "tolong 1")
    assert place.admit(worse) == first
    assert "  an emergency that was seen is lost: danger.jsonl:2" in place.told
    assert any("`suar train --allow`" in line for line in place.told)
    assert in_use(place.folder) == first


def test_a_refused_one_is_remembered(place: Place) -> None:
    """The next start says so at once, without reading everything again."""
    first = place.model("1")
    place.admit(first)
    worse = place.model("2", "tolong 1")
    place.admit(worse)
    count = place.measured
    assert place.admit(worse) == first
    assert place.measured == count
    assert "was refused" in place.told[0]


def test_an_operator_can_take_it_all_the_same(place: Place) -> None:
    """And then it is what the next one is measured against."""
    first = place.model("1")
    place.admit(first)
    worse = place.model("2", "tolong 1")
    place.admit(worse)
    assert place.admit(worse, allow=True) == worse
    assert place.admit(worse) == worse
    third = place.model("3", "tolong 1")
    assert place.admit(third) == third


def test_figures_are_kept_and_used_again(place: Place) -> None:
    """The old one was measured when it came."""
    place.admit(place.model("1"))
    second = place.model("2")
    place.admit(second)
    assert sum("reading" in line for line in place.told) == 2
    place.admit(place.model("3"))
    assert [line for line in place.told if "reading" in line] == [
        "reading 23 unseen messages with suar-3.tar.gz ..."
    ]


def test_an_old_model_that_cannot_be_read_stops_nobody(place: Place) -> None:
    """After a change of the code only the new one works."""
    place.admit(place.model("1", readable=False))
    second = place.model("2", "tolong 1")
    assert place.admit(second) == second
    assert "taken without a comparison: suar-1.tar.gz cannot be read" in place.told[-1]


@pytest.mark.parametrize(
    ("now", "strange"),
    [
        ({**DOMAIN, "slots": {"task": {}, "age": {}}}, ["age"]),
        ({**DOMAIN, "responses": {}}, ["utter_a"]),
        ({**DOMAIN, "actions": []}, ["task_form"]),
        ({**DOMAIN, "responses": {"utter_a": [], "utter_b": []}}, []),
    ],
)
def test_an_old_model_must_fit_the_actions_and_texts_of_now(
    place: Place, now: object, strange: list[str]
) -> None:
    """A worse reading is better than a talk that breaks off; a new topic is no reason."""
    first = place.model("1")
    place.admit(first)
    place.domain(now)
    assert misfits(first, place.root) == strange
    worse = place.model("2", "tolong 1")
    assert place.admit(worse) == (worse if strange else first)
    assert "  an emergency that was seen is lost: danger.jsonl:2" in place.told


def test_without_unseen_messages_nothing_is_refused(place: Place) -> None:
    """An installation without the folder of tests has nothing to measure with."""
    place.admit(place.model("1"))
    second = place.model("2", "tolong 1")
    told: list[str] = []
    empty = Judge({}, Guard(()), "code")
    got = admit(second, make_judge=lambda: empty, allow=False, tell=told.append, root=place.root)
    assert got == second
    assert "no unseen messages" in told[0]


def test_a_half_made_model_is_none(place: Place) -> None:
    """Training that was broken off leaves one behind."""
    place.model("9-part")
    first = place.model("1")
    assert in_use(place.folder, first) is None


@pytest.mark.parametrize("content", ["", "[]", "{", '{"model": "../../etc/passwd"}'])
def test_notes_that_cannot_be_read_are_none(place: Place, content: str) -> None:
    """The newest model is taken for the one in use then."""
    first = place.model("1")
    (place.folder / gate._IN_USE).write_text(content)
    assert in_use(place.folder) == first
