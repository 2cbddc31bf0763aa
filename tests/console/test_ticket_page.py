"""A ticket's page: wishes first, notes that nobody mistakes for replies, files without danger."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from hotline.messages import Kind, Media
from hotline.staff import Role, Staff
from store import db, media_files, ticket_deadlines, ticket_list, ticket_work
from store import staff as accounts
from store.console_tables import ticket_work as ticket_work_table
from store.media_files import media_folder
from store.tables import attachments
from store.ticket_list import View
from store.tickets import set_anonymous
from tests.console.conftest import Office, Report

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("no_police", "JANGAN melapor ke polisi"),
        ("no_visit", "JANGAN mendatangi"),
        ("no_family", "JANGAN memberi tahu keluarga"),
        ("never_call", "JANGAN menelepon."),
        ("do_not_write: jangan balas dulu", "JANGAN menulis lebih dulu."),
    ],
)
def test_what_she_forbids_stands_before_everything_else(
    office: Office, rule: str, words: str
) -> None:
    """In words, above the conversation and every button; also when one comes after another."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    office.fact(siti, "contact_rule", rule)
    office.fact(siti, "contact_rule", "no_visit")
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert page.index(words) < page.index('<ol class="talk"')
    assert page.index(words) < page.index("JANGAN mendatangi") + 1
    assert page.index("JANGAN mendatangi") < page.index('class="badges"')
    assert "jangan balas dulu" in page or "do_not_write" not in rule


def test_her_own_words_about_hours_stand_there_too(office: Office) -> None:
    """As she wrote them."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    office.fact(siti, "safe_time", "habis isya <b>")
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert page.index("HANYA pada waktu ini") < page.index('<ol class="talk"')
    assert "habis isya &lt;b&gt;" in page


def test_a_note_stays_inside(office: Office) -> None:
    """It is sealed, marked as a note, and nothing goes to the caller."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    assert ani.post(f"/tickets/{siti.code}/notes", text="Sudah telepon KBRI").status_code == 303
    page = ani.browser.get(f"/tickets/{siti.code}").text
    before, after = page.split("Catatan dalam (pelapor tidak melihat)")
    assert "Sudah telepon KBRI" in after
    assert "Sudah telepon KBRI" not in before
    assert office.sent(siti) == []


def test_a_colleague_named_in_a_note_finds_the_ticket_under_their_own(office: Office) -> None:
    """Until they have looked."""
    ani, budi = office.hire("ani", Role.RESPONDER), office.hire("budi", Role.RESPONDER)
    siti = office.report()
    assert siti.code not in budi.browser.get("/tickets?view=mine").text
    ani.post(f"/tickets/{siti.code}/notes", text="Tolong lihat, @budi. surel: a@budi")
    mine = budi.browser.get("/tickets?view=mine").text
    assert siti.code in mine
    assert "Anda dipanggil" in mine
    budi.browser.get(f"/tickets/{siti.code}")
    assert siti.code not in budi.browser.get("/tickets?view=mine").text


def test_nobody_is_called_to_what_they_may_not_see(office: Office) -> None:
    """The note is refused with the reason, and not half written."""
    ani, budi = office.hire("ani", Role.RESPONDER), office.hire("budi", Role.RESPONDER, region="35")
    siti = office.report(region="5371")
    answer = ani.post(f"/tickets/{siti.code}/notes", text="@budi lihat")
    assert answer.status_code == 409
    assert "Budi tidak boleh melihat tiket ini" in answer.text
    assert "@budi lihat" not in ani.browser.get(f"/tickets/{siti.code}").text
    assert siti.code not in budi.browser.get("/tickets?view=mine").text


def test_who_else_has_the_page_open_is_said(office: Office) -> None:
    """And no longer, a minute after they left."""
    ani, budi = office.hire("ani", Role.RESPONDER), office.hire("budi", Role.RESPONDER)
    siti = office.report()
    budi.browser.get(f"/tickets/{siti.code}")
    assert "Budi" in ani.browser.get(f"/tickets/{siti.code}/here").text
    office.clock.advance(60)
    assert "Budi" not in ani.browser.get(f"/tickets/{siti.code}/here").text


def test_a_page_that_asks_by_itself_keeps_nobody_logged_in(office: Office) -> None:
    """An empty chair is no responder."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    alone = {"x-by-itself": "1"}
    for _ in range(4):
        office.clock.advance(12 * 60)
        ani.browser.get(f"/tickets/{siti.code}/here", headers=alone)
    assert ani.browser.get("/account").status_code == 303


def test_two_who_take_a_ticket_at_once_do_not_both_have_it(office: Office) -> None:
    """The second is told who was first."""
    ani, budi = office.hire("ani", Role.RESPONDER), office.hire("budi", Role.RESPONDER)
    siti = office.report()
    assert ani.post(f"/tickets/{siti.code}/take", had="").status_code == 303
    answer = budi.post(f"/tickets/{siti.code}/take", had="")
    assert answer.status_code == 409
    assert "Ani sudah lebih dulu mengambil tiket ini." in answer.text


def test_a_ticket_closes_only_with_outcome_and_next_owner(office: Office) -> None:
    """And says both afterwards."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    ani.post(f"/tickets/{siti.code}/take")
    for state in ("in_progress", "resolved"):
        assert ani.post(f"/tickets/{siti.code}/state", to=state).status_code == 303
    path = f"/tickets/{siti.code}/close"
    assert ani.post(path, outcome="safe_home").status_code == 409
    assert ani.post(path, outcome="nonsense", next_owner="UPTD").status_code == 422
    assert ani.post(path, outcome="safe_home", next_owner="UPTD PPA").status_code == 303
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert "Sudah aman di rumah" in page
    assert "UPTD PPA" in page


@pytest.mark.parametrize("name", ["siti 0812", "0-8-1-2", "081 234", "a@b", "kasus 2026"])
def test_a_label_names_nobody(office: Office, name: str) -> None:
    """Labels are not sealed: no number and no address, alone or with many tickets at once."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    answer = ani.post(f"/tickets/{siti.code}/labels", names=f"prioritas, {name}")
    assert answer.status_code == 409
    assert "Label tidak boleh memuat nama atau nomor" in answer.text
    many = ani.post("/bulk", work="label", label=name, code=[siti.code])
    assert "Label tidak boleh memuat nama atau nomor" in many.text
    assert ani.post(f"/tickets/{siti.code}/labels", names="p3mi 12, bp-3").status_code == 303
    with db.read(office.vault.engine) as connection:
        assert ticket_work.labels_of(connection, siti.id) == ["bp-3", "p3mi 12"]


def test_what_she_writes_after_an_answer_sets_the_next_deadline(office: Office) -> None:
    """The first unanswered message counts; an answer takes the deadline away."""
    siti = office.report()
    engine, clock = office.vault.engine, office.clock

    def due() -> float | None:
        with db.read(engine) as connection:
            return ticket_work.work_of(connection, siti.id).next_response_due

    with db.write(engine) as connection:
        ticket_deadlines.heard(connection, siti.conversation, now=clock())
        assert connection.execute(sa.select(ticket_work_table)).first() is None
        ticket_work.answered(connection, siti.id, actor="ani", now=clock())
        ticket_deadlines.heard(connection, siti.conversation, now=clock())
    first = clock() + 4 * 3600
    assert due() == first
    with db.write(engine) as connection:
        ticket_deadlines.heard(connection, siti.conversation, now=clock.advance(600))
    assert due() == first
    with db.write(engine) as connection:
        ticket_work.answered(connection, siti.id, actor="ani", now=clock())
    assert due() is None


def with_file(office: Office, name: str, found_type: str, content: bytes) -> tuple[Report, int]:
    media = (Media(Kind.PHOTO, "source", name=name),)
    siti = office.report("", kind=Kind.PHOTO, media=media)
    folder = media_folder(office.settings)
    media_files.write(folder, "f" * 32, content, office.vault.keyring)
    with db.write(office.vault.engine) as connection:
        id_ = connection.execute(
            sa.update(attachments)
            .values(state="kept", found_type=found_type, size=len(content), file="f" * 32)
            .returning(attachments.c.id)
        ).scalar_one()
    return siti, int(id_)


def test_a_file_is_a_download_and_never_acts(office: Office) -> None:
    """Whatever it is called, and whatever a browser takes it for; each opening is logged."""
    ani = office.hire("ani", Role.RESPONDER)
    siti, file = with_file(office, "surat.html", "application/pdf", b"<script>alert(1)</script>")
    answer = ani.browser.get(f"/tickets/{siti.code}/files/{file}")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''surat.pdf"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert ani.browser.get(f"/tickets/{siti.code}/files/{file}/picture").status_code == 404
    assert office.logged("file_opened") == 1
    assert "Bisa memuat program" in ani.browser.get(f"/tickets/{siti.code}").text


def test_a_picture_is_looked_at_on_demand(office: Office) -> None:
    """As a picture only."""
    ani = office.hire("ani", Role.RESPONDER)
    siti, file = with_file(office, "foto.png", "image/png", PICTURE)
    answer = ani.browser.get(f"/tickets/{siti.code}/files/{file}/picture")
    assert answer.content == PICTURE
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"] == "inline"
    assert "sandbox" in answer.headers["content-security-policy"]
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert 'loading="lazy"' in page
    assert "Bisa memuat program" not in page


def test_a_file_of_another_ticket_is_not_found(office: Office) -> None:
    """Numbers can be counted up; that leads nowhere."""
    ani = office.hire("ani", Role.RESPONDER)
    siti, file = with_file(office, "foto.png", "image/png", PICTURE)
    other = office.report(address="+628122222222")
    assert ani.browser.get(f"/tickets/{other.code}/files/{file}").status_code == 404
    assert ani.browser.get(f"/tickets/{siti.code}/files/{file + 1}").status_code == 404


def test_numbers_are_shown_for_a_reason_and_never_of_somebody_anonymous(office: Office) -> None:
    """The reason is written down where colleagues read it."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    office.fact(siti, "phone", "+62811999")
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert "+62811999" not in page
    assert "+60123000001" not in page
    assert ani.post(f"/tickets/{siti.code}/reveal", reason=" a ").status_code == 422
    shown = ani.post(f"/tickets/{siti.code}/reveal", reason="lapor ke KBRI").text
    assert "+62811999" in shown
    assert "+60123000001" in shown
    assert office.logged("personal_data_opened") == 1
    with db.write(office.vault.engine) as connection:
        set_anonymous(connection, siti.id, anonymous=True)
    hidden = ani.post(f"/tickets/{siti.code}/reveal", reason="lapor ke KBRI").text
    assert "+60123000001" not in hidden


def test_many_are_done_at_once_and_each_tells_how_it_went(office: Office) -> None:
    """One that refuses does not keep the others; one out of sight is not found."""
    eka = office.hire("eka", Role.SUPERVISOR)
    ani = office.hire("ani", Role.RESPONDER, region="35")
    near = office.report(region="3578")
    far = office.report(address="+628133333333", region="5371")
    codes = [near.code, far.code, "SR-2222-22"]
    page = ani.post("/bulk", work="label", label="prioritas", code=codes).text
    assert page.count("berhasil") == 1
    assert page.count("di luar wewenang") == 2
    assert ani.post("/bulk", work="assign", to="ani", code=codes).status_code == 403
    page = eka.post("/bulk", work="assign", to="ani", code=codes).text
    assert page.count("berhasil") == 2
    page = eka.post("/bulk", work="close", outcome="safe_home", next_owner="X", code=codes[:1]).text
    assert "Keadaan tiket ini tidak mengizinkan" in page
    with db.read(office.vault.engine) as connection:
        assert ticket_work.labels_of(connection, near.id) == ["prioritas"]
        assert ticket_work.labels_of(connection, far.id) == []
        mine = ticket_list.page(connection, _staff(office, "ani"), View.MINE, now=office.clock())
        assert len(mine) == 2


def _staff(office: Office, login: str) -> Staff:
    with db.read(office.vault.engine) as connection:
        found = accounts.account(connection, office.vault.keyring, login)
    assert found
    return found.staff


def test_saved_filters_are_addresses(office: Office) -> None:
    """A narrowed list can be kept as a bookmark, and leads on through its pages."""
    ani = office.hire("ani", Role.RESPONDER)
    office.report()
    page = ani.browser.get("/tickets?view=open&urgency=high&label=a%26b").text
    assert "view=mine&amp;urgency=high&amp;label=a%26b" in page
    assert ani.browser.get("/tickets?urgency=nonsense").status_code == 422
