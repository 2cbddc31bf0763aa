"""Facts edited at the desk: versions over the files, by the files' rules, none overwritten."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hotline.errors import Refused
from hotline.knowledge import Knowledge, KnowledgeError
from hotline.staff import Role, Scope
from store import db
from store import knowledge_rules as rules
from store import staff as accounts
from store.content_tables import knowledge_edits
from store.knowledge import load_knowledge
from store.knowledge_edits import (
    LOOK_SECONDS,
    KnowledgeCache,
    history,
    in_force,
    overlay,
    save,
    take_back,
)
from store.knowledge_rules import Kind
from store.vault import Vault
from tests.fakes import Clock

FILES = load_knowledge(Path(__file__).parents[2] / "knowledge")
WA = "kp2mi-wa"


class Editor:
    """Somebody at the desk who writes facts."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self.vault, self.clock = vault, clock
        with db.write(vault.engine) as connection:
            accounts.invite(
                connection, login="ani", name="Ani", role=Role.DATA_OFFICER, scope=Scope(),
                unit="", now=clock(),
            )  # fmt: skip
            self.id = accounts.everybody(connection)[0][0].id

    def now(self) -> Knowledge:
        """Give the facts as they hold."""
        with db.read(self.vault.engine) as connection:
            return overlay(FILES, in_force(connection))

    def imprint(self, kind: Kind, item_id: str) -> str:
        return rules.imprint_of(rules.find(self.now(), kind, item_id))

    def write(
        self, item_id: str = WA, kind: Kind = Kind.CONTACT, imprint: str = "", **changes: Any
    ) -> int:
        """Change some fields of what holds now."""
        fields = rules.fields_of(rules.find(self.now(), kind, item_id))
        fields |= {"source": "kp2mi.go.id", "as_of": "2024-11", **changes}
        today = datetime.fromtimestamp(self.clock(), UTC).date()
        with db.write(self.vault.engine) as connection:
            return save(
                connection, FILES, kind, item_id,
                {name: value for name, value in fields.items() if value is not None},
                imprint=imprint or self.imprint(kind, item_id), by=self.id, now=self.clock(),
                today=today,
            )  # fmt: skip

    def go_back(self, to: int | None, item_id: str = WA, imprint: str = "") -> int | None:
        with db.write(self.vault.engine) as connection:
            return take_back(
                connection, FILES, Kind.CONTACT, item_id, to=to, by=self.id, now=self.clock(),
                imprint=imprint or self.imprint(Kind.CONTACT, item_id),
            )  # fmt: skip

    def number(self, item_id: str = WA) -> str:
        found = rules.find(self.now(), Kind.CONTACT, item_id)
        return str(rules.fields_of(found).get("number"))

    def versions(self, item_id: str = WA) -> list[tuple[str, bool]]:
        """List number and whether it holds, of every version, the newest first."""
        with db.read(self.vault.engine) as connection:
            found = history(connection, Kind.CONTACT, item_id)
        return [(str(one.fields["number"]), one.replaced_at is None) for one in found]


@pytest.fixture
def ani(vault: Vault, clock: Clock) -> Editor:
    """Give an editor."""
    return Editor(vault, clock)


def test_every_fact_of_the_files_comes_back_from_its_fields() -> None:
    """What an editor reads in the form and leaves alone stays what it was."""
    for kind in Kind:
        for one in rules.of_kind(FILES, kind):
            assert rules.build(FILES, kind, rules.key_of(one), rules.fields_of(one)) == one


def test_an_edit_holds_and_what_was_there_before_stays(ani: Editor) -> None:
    before = ani.number()
    ani.write(number="+628118080199")
    ani.write(number="+628118080222")
    assert ani.number() == "+628118080222"
    assert ani.versions() == [("+628118080222", True), ("+628118080199", False)]
    # Its place in the list says how useful it is; an edit keeps it.
    places = [one.id for one in ani.now().contacts]
    assert places == [one.id for one in FILES.contacts]
    assert before == "+628118080141"


def test_an_edit_is_taken_back_to_an_earlier_version_and_to_the_file(ani: Editor) -> None:
    """Each step is one more version, with who and when."""
    first = ani.write(number="+628118080199")
    ani.write(number="+628118080222")
    ani.go_back(first)
    assert ani.number() == "+628118080199"
    assert len(ani.versions()) == 3
    ani.go_back(None)
    assert ani.number() == "+628118080141"
    assert [holds for _, holds in ani.versions()] == [False, False, False]
    with pytest.raises(Refused, match="nothing was changed"):
        ani.go_back(None)


def test_the_second_of_two_editors_is_told(ani: Editor) -> None:
    """Whoever read the page before a colleague saved does not undo her work unseen."""
    read = ani.imprint(Kind.CONTACT, WA)
    ani.write(number="+628118080199")
    with pytest.raises(Refused, match="somebody else"):
        ani.write(number="+628118080222", imprint=read)
    with pytest.raises(Refused, match="somebody else"):
        ani.go_back(None, imprint=read)
    with pytest.raises(Refused, match="somebody else"):
        ani.write("kp2mi-bebas-pulsa", imprint=rules.NEW)
    assert ani.number() == "+628118080199"


@pytest.mark.parametrize("edited_before", [False, True])
def test_of_many_editors_at_once_one_wins(ani: Editor, edited_before: bool) -> None:
    """Whatever the database does between reading and writing."""
    if edited_before:
        ani.write(number="+628118080100")
    read, together = ani.imprint(Kind.CONTACT, WA), threading.Barrier(4)
    said: list[str] = []

    def write(n: int) -> None:
        together.wait()
        try:
            ani.write(number=f"+62811808020{n}", imprint=read)
            said.append("saved")
        except Refused as told:
            said.append(str(told))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["saved", *3 * ["somebody else has changed this meanwhile"]]
    with db.read(ani.vault.engine) as connection:
        assert len(in_force(connection)) == 1


@pytest.mark.parametrize(
    ("kind", "item", "changes", "what"),
    [
        (Kind.CONTACT, WA, {"number": "+60123"}, "not a number of ID"),
        (Kind.CONTACT, WA, {"mark": "known"}, "cannot be verified"),
        (Kind.CONTACT, WA, {"source": None}, "source"),
        (Kind.CONTACT, WA, {"as_of": None}, "as_of"),
        (Kind.CONTACT, WA, {"as_of": "2024-12"}, "future"),
        (Kind.CONTACT, WA, {"as_of": "2024-13"}, "as_of is 2024-13"),
        (Kind.CONTACT, WA, {"country": "QQ"}, r"not in countries\.yml"),
        (Kind.CONTACT, WA, {"unit": "x" * 34}, "longer than 33"),
        (Kind.CONTACT, WA, {"unit": "KP2MI {code}"}, "braces"),
        (Kind.CONTACT, WA, {"unit": "KP2MI\u202e"}, "cannot be seen"),
        (Kind.CONTACT, WA, {"purpose": "uang dijamin kembali"}, "dijamin"),
        (Kind.DESTINATION, "MY", {"sms": "x" * 201}, "200 characters"),
        (Kind.DESTINATION, "MY", {"sms": "Tanya “BP3MI”"}, "GSM-7"),
        (Kind.DESTINATION, "MY", {"sms": None}, "sms"),
        (Kind.DESTINATION, "MY", {"text": None}, "text"),
        (Kind.DESTINATION, "MY", {"text": "Boleh saja."}, "BP3MI"),
        (Kind.DESTINATION, "MY", {"text": "Aman, kata BP3MI."}, "Aman"),
        (Kind.DESTINATION, "MY", {"review_by": "2024-11-22"}, "lie ahead"),
        (Kind.DESTINATION, "QQ", {}, r"not in countries\.yml"),
        (Kind.UNIT, "lpsk", {"mark": "maybe"}, "mark is maybe"),
        (Kind.UNIT, "lpsk", {"as_of": None}, "as_of"),
    ],
)
def test_an_edit_that_breaks_a_rule_of_the_files_is_refused(
    ani: Editor, kind: Kind, item: str, changes: dict[str, Any], what: str
) -> None:
    with pytest.raises(KnowledgeError, match=what):
        ani.write(item, kind, **changes)
    assert ani.now() == FILES


def test_an_id_that_is_none_is_refused(ani: Editor) -> None:
    fields = rules.fields_of(FILES.contacts[0])
    for item_id in ("X", "a b", "../x", "a" * 65):
        with pytest.raises(KnowledgeError, match="an id has"):
            ani.write(item_id, **fields)


def test_a_new_contact_stands_behind_those_of_the_files(ani: Editor) -> None:
    fields = rules.fields_of(FILES.contacts[0]) | {"number": "+6281211112222", "as_of": "2024"}
    ani.write("kp2mi-baru", imprint=rules.NEW, **fields)
    assert [one.id for one in ani.now().contacts][-1] == "kp2mi-baru"
    ani.go_back(None, "kp2mi-baru")
    assert ani.now() == FILES


def test_an_edit_that_no_longer_fits_leaves_the_files_fact(ani: Editor) -> None:
    """After an upgrade a rule or a country may be another: callers get the file, not an error."""
    ani.write(number="+628118080199")
    with db.write(ani.vault.engine) as connection:
        connection.execute(sa.update(knowledge_edits).values(content={"country": "QQ"}))
    assert ani.now() == FILES


def test_a_running_process_learns_of_an_edit_within_seconds(ani: Editor, clock: Clock) -> None:
    """Without a restart, and as soon after it was taken back."""
    cache = KnowledgeCache(ani.vault.engine, FILES, now=clock)
    assert cache.current() == FILES
    ani.write(number="+628118080199")
    clock.advance(LOOK_SECONDS)
    assert cache.current() == ani.now() != FILES
    ani.go_back(None)
    clock.advance(LOOK_SECONDS)
    assert cache.current() == FILES
    assert LOOK_SECONDS < 60


def test_a_process_goes_on_with_what_it_knows_when_the_database_is_away(
    ani: Editor, clock: Clock, tmp_path: Path
) -> None:
    """A number that was right a minute ago is better than silence."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'none.db'}")  # without any table
    assert KnowledgeCache(engine, FILES, now=clock).current() == FILES
    engine.dispose()


def test_what_differs_is_listed_field_by_field() -> None:
    before = {"unit": "KBRI", "number": "1", "area": ["Johor"]}
    after = {"unit": "KBRI", "number": "2", "note": "baru"}
    assert rules.differences(before, after) == [
        ("number", "1", "2"), ("note", None, "baru"), ("area", ["Johor"], None),
    ]  # fmt: skip
