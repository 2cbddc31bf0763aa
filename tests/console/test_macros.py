"""Macros: a few steps with one button, all of them or none, and never a message to a caller."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from console.macros import Macro, load_macros
from hotline.errors import ContentError
from hotline.settings import ROOT
from hotline.staff import Role
from store import db, ticket_drafts, ticket_work
from store.tickets import all_tickets
from tests.console.conftest import Office, Person, Report
from tests.console.test_talk import mark_of

BEGUN = "Bu Siti, saya Ani."


def run(person: Person, report: Report, macro: str, **more: object) -> int:
    return person.post(f"/tickets/{report.code}/macro", macro=macro, **more).status_code


def draft(office: Office, report: Report, staff_id: int) -> str:
    with db.read(office.vault.engine) as connection:
        return ticket_drafts.read(connection, office.vault.keyring, report.id, staff_id)


def work(office: Office, report: Report) -> ticket_work.Work:
    with db.read(office.vault.engine) as connection:
        return ticket_work.work_of(connection, report.id)


def notes(office: Office, report: Report) -> list[str]:
    with db.read(office.vault.engine) as connection:
        return [n.text for n in ticket_work.notes_of(connection, office.vault.keyring, report.id)]


def labels(office: Office, report: Report) -> list[str]:
    with db.read(office.vault.engine) as connection:
        return ticket_work.labels_of(connection, report.id)


def the(macro: str) -> Macro:
    return next(one for one in load_macros() if one.id == macro)


def test_one_button_takes_labels_notes_and_prepares_the_answer(office: Office) -> None:
    """The answer waits in the box in the caller's language; nothing has gone out."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    before = office.sent(siti)
    ani.post(f"/tickets/{siti.code}/labels", names="keluarga")
    assert run(ani, siti, "aman", text="", mark="m1") == 303
    mine = work(office, siti)
    assert mine.staff_name == "Ani"
    assert labels(office, siti) == ["cek aman", "keluarga"]
    assert notes(office, siti) == [the("aman").note]
    assert mine.staff_id is not None
    answer = the("aman").reply
    assert answer is not None
    assert draft(office, siti, mine.staff_id) == answer.texts["id"]
    assert office.sent(siti) == before, "a person sends it"
    assert office.logged("ticket_macro") == 1
    page = html.unescape(ani.browser.get(f"/tickets/{siti.code}").text)
    assert answer.texts["id"] in page.split('id="reply-text"')[1].split("</textarea>")[0]
    assert "makro dijalankan (aman)" in page


def test_what_is_being_written_stays_above_the_answer(office: Office) -> None:
    """Words typed a moment ago come along with the button; a macro without an answer keeps them."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    assert run(ani, siti, "rekan", text=BEGUN) == 303
    run(ani, siti, "mulai")
    mine = work(office, siti).staff_id
    assert mine is not None
    answer = the("mulai").reply
    assert answer is not None
    assert draft(office, siti, mine) == f"{BEGUN}\n\n{answer.texts['id']}"
    run(ani, siti, "mulai")
    assert draft(office, siti, mine).count(answer.texts["id"]) == 1, "the answer stands there once"


def test_a_second_click_runs_once_and_the_reply_can_still_be_sent(office: Office) -> None:
    """The button shares the form of the reply, not its mark."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    mark = mark_of(ani, siti)
    for _ in range(3):
        assert run(ani, siti, "aman", text=BEGUN, mark=mark) == 303
    assert notes(office, siti) == [the("aman").note]
    form = {"to": siti.conversation, "text": BEGUN, "mark": mark}
    assert ani.post(f"/tickets/{siti.code}/reply", **form).status_code == 303
    assert office.sent(siti)[-1] == BEGUN
    assert run(ani, siti, "rekan", mark=mark) == 303
    assert len(notes(office, siti)) == 2, "another macro of the same page runs"


def test_a_step_that_is_refused_undoes_the_others(office: Office) -> None:
    """A colleague's ticket stays the colleague's: no label, no note; what was typed stays."""
    ani, budi = office.hire("ani", Role.RESPONDER), office.hire("budi", Role.RESPONDER)
    siti = office.report()
    budi.post(f"/tickets/{siti.code}/take")
    answer = ani.post(f"/tickets/{siti.code}/macro", macro="aman", text=BEGUN, mark="m1")
    assert answer.status_code == 409
    assert "Tiket ini dipegang Budi." in answer.text
    assert BEGUN in answer.text
    assert (labels(office, siti), notes(office, siti)) == ([], [])
    assert office.logged("ticket_macro") == 0
    budi.post(f"/tickets/{siti.code}/macro", macro="rekan")
    assert run(ani, siti, "rekan") == 303, "without taking it a colleague may label and note"
    wrong = ani.post(f"/tickets/{siti.code}/macro", macro="selesai", mark="m2")
    assert wrong.status_code == 409, "a ticket nobody has worked on is not resolved"
    assert "Keadaan tiket ini tidak mengizinkan langkah itu." in wrong.text
    assert the("selesai").note not in notes(office, siti)


def test_the_last_macro_resolves_and_may_run_again(office: Office) -> None:
    """Who is there already stays there."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    ani.post(f"/tickets/{siti.code}/take")
    ani.post(f"/tickets/{siti.code}/state", to="in_progress")
    assert [run(ani, siti, "selesai", mark=mark) for mark in ("a", "b")] == [303, 303]
    with db.read(office.vault.engine) as connection:
        [ticket] = all_tickets(connection, office.vault.keyring, code=siti.code)
    assert ticket.state == "resolved"


def test_a_box_without_room_says_so(office: Office) -> None:
    """Nothing of the macro happens, and the long text is not cut."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    long = "x" * 3990
    answer = ani.post(f"/tickets/{siti.code}/macro", macro="mulai", text=long)
    assert answer.status_code == 409
    assert "Kotak balasan sudah penuh" in answer.text
    assert long in answer.text
    assert work(office, siti).staff_id is None


def test_who_may_not_reply_gets_the_macros_without_an_answer(office: Office) -> None:
    """A data officer labels and notes; the routes refuse what the page does not show."""
    dewi, siti = office.hire("dewi", Role.DATA_OFFICER), office.report()
    page = dewi.browser.get(f"/tickets/{siti.code}").text
    shown = set(re.findall(r'name="macro" value="(\w+)"', page))
    assert shown == {one.id for one in load_macros() if one.reply is None} != set()
    assert run(dewi, siti, "aman") == 403
    assert run(dewi, siti, "rekan") == 303
    assert run(dewi, siti, "tidak-ada") == 422


def test_every_macro_says_what_it_does_before_it_is_pressed(office: Office) -> None:
    """Each step stands beside its button, in the reader's language."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    ani.post("/account/language", language="en")
    page = html.unescape(ani.browser.get(f"/tickets/{siti.code}").text)
    for one in load_macros():
        said = page.split(f'id="macro-{one.id}"')[1].split("</ul>")[0]
        assert said.count("<li>") == (
            one.take + (one.state is not None) + bool(one.labels) + bool(one.note)
            + (one.reply is not None)
        )  # fmt: skip
        assert all(label in said for label in one.labels)
        assert one.note in said
    assert "Make sure it is safe first" in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- title: x", "a macro without an id"),
        ("macros: 1", "not a list of macros"),
        ("- {id: a, title: A}", "a: it does nothing"),
        ("- {id: a, take: true}", "a: it has no title"),
        ("- {id: a, title: A, take: ya}", "a: take is true or false"),
        ("- {id: a, title: A, state: closed}", "a: state is one of"),
        ("- {id: a, title: A, labels: [a/b]}", "a: labels is a list"),
        ("- {id: a, title: A, labels: satu}", "a: labels is a list"),
        ("- {id: a, title: A, labels: [siti 0812]}", "a: labels is a list"),
        ("- {id: a, title: A, state: unfounded}", "a: state is one of"),
        ("- {id: a, title: A, note: 3}", "a: note is a text"),
        ("- {id: a, title: A, reply: entah}", "a: reply is one of"),
        ("- {id: a, title: A, take: true, kirim: ya}", "a: unknown: kirim"),
        ("- {id: a, title: A, take: true}\n- {id: a, title: B, take: true}", "a stands there"),
    ],
)
def test_a_slip_in_the_file_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    """The console does not start with it, so that no responder meets it."""
    (tmp_path / "canned.yml").write_text((ROOT / "knowledge" / "canned.yml").read_text("utf-8"))
    (tmp_path / "macros.yml").write_text(text)
    with pytest.raises(ContentError, match=re.escape(said)):
        load_macros(tmp_path)


def test_an_empty_file_is_a_desk_without_macros(tmp_path: Path) -> None:
    """Somebody who wants none may take them all out."""
    (tmp_path / "canned.yml").write_text((ROOT / "knowledge" / "canned.yml").read_text("utf-8"))
    (tmp_path / "macros.yml").write_text("# none\n")
    assert load_macros(tmp_path) == ()
