"""A ticket for who calls, comes or writes a letter: kept, found, counted, answered, joined."""

from __future__ import annotations

import re
from itertools import count

import pytest
import sqlalchemy as sa

from hotline.staff import Role, Staff
from store import audit, db, exports, figures, personal_export, ticket_list, ticket_work, tickets
from store import staff as accounts
from store.console_tables import ticket_work as work_table
from store.figures import Asked
from store.tables import tickets as table
from store.ticket_list import View
from tests.console.conftest import Office, Person, Report
from tests.fakes import message, receive
from tests.store.conversations_of import conversation_of

CALL: dict[str, object] = {
    "how": "phone", "name": "Siti Aminah", "phone": "0812-3456-7890", "language": "id",
    "story": "Majikan memegang paspor dan tidak membayar gaji sejak lima bulan.",
    "category": "report", "urgency": "high", "sign": ["phone_taken", "threatened"],
    "why": "Terdengar takut.", "origin": "Kota Kupang", "transit": "Batam",
    "destination": "Malaysia", "contact": "yes", "safe_time": "malam sesudah jam 9",
    "rule": ["never_call", "no_police"], "keep": "true",
}  # fmt: skip
MARKS = count(1)
# Hers, however it is written; four digits of it alone may stand in a key, a token or a hash.
NUMBER = re.compile(r"812\W?3456|3456\W?7890")


def call(person: Person, **changes: object) -> tuple[str, str, str]:
    """Open a ticket; gives the page, the code and the key."""
    form = {**CALL, "mark": f"m{next(MARKS)}", **changes}
    answer = person.post("/intake", **form)
    assert answer.status_code == 200, answer.text
    code, key = re.findall(r"<dd><strong>([^<]+)</strong>", answer.text)
    return answer.text, code, key


def staff_of(office: Office, login: str) -> Staff:
    with db.read(office.vault.engine) as connection:
        found = accounts.account(connection, office.vault.keyring, login)
    assert found
    return found.staff


def id_of(office: Office, code: str) -> int:
    with db.read(office.vault.engine) as connection:
        query = sa.select(table.c.id).where(table.c.code == code)
        return int(connection.execute(query).scalar_one())


@pytest.mark.parametrize("role", [Role.RESPONDER, Role.SUPERVISOR])
def test_a_call_becomes_a_ticket_with_everything_that_was_told(office: Office, role: Role) -> None:
    """In the same list, with the same red box; the page says that nobody can be written to."""
    ani = office.hire("ani", role, region="53", unit="uptd-ppa-53")
    _, code, key = call(ani)
    assert re.fullmatch(r"\d{8}", key)
    page = ani.browser.get(f"/tickets/{code}").text
    for words in ("Majikan memegang paspor", "Kota Kupang", "Kota Batam", "Malaysia",
                  "JANGAN menelepon.", "JANGAN melapor ke polisi", "malam sesudah jam 9",
                  "Terdengar takut.", "diancam", "telepon", "Tidak ada kanal"):  # fmt: skip
        assert words.lower() in page.lower(), words
    assert 'id="reply-form"' not in page
    assert "uptd-ppa-53" not in page
    assert "Siti Aminah" not in page, "who it is opens with a reason only"
    assert not NUMBER.search(page)
    assert key not in page
    row = re.search(rf'<tr id="row-{code}".*?</tr>', ani.browser.get("/tickets").text, re.DOTALL)
    assert row
    assert "telepon" in row[0]
    assert office.logged("ticket_opened") == 1
    with db.read(office.vault.engine) as connection:
        log = str(audit.newest(connection, limit=50))
    assert "Aminah" not in log
    assert not NUMBER.search(log)


def test_who_it_is_and_the_key_open_with_a_reason(office: Office) -> None:
    """Of one who does not want to be known, only the key."""
    ani = office.hire("ani", Role.RESPONDER)
    _, code, key = call(ani)
    shown = ani.post(f"/tickets/{code}/reveal", reason="menelepon kembali").text
    assert "Siti Aminah" in shown
    assert "+6281234567890" in shown
    assert key in shown
    _, hidden, other = call(ani, anonymous="true")
    shown = ani.post(f"/tickets/{hidden}/reveal", reason="menelepon kembali").text
    assert "Aminah" not in shown
    assert not NUMBER.search(shown)
    assert other in shown
    siti = office.report()
    assert "Kunci," not in ani.post(f"/tickets/{siti.code}/reveal", reason="menelepon").text


def test_it_is_found_by_code_number_and_words(office: Office) -> None:
    """Without a conversation too, and only within one's scope."""
    ani, jauh = office.hire("ani", Role.RESPONDER), office.hire("jauh", Role.RESPONDER, region="35")
    _, code, _ = call(ani)
    for words in (code, "0812 3456 7890", "aminah SITI", "Aminah", "memegang paspor"):
        assert code in ani.post("/search", q=words).text, words
        assert "0 tiket ditemukan" in jauh.post("/search", q=words).text
    for part in ("Amina", "0812 3456 789", "1234567", "12345678", "siti amina"):
        assert "0 tiket ditemukan" in ani.post("/search", q=part).text, part
    assert jauh.browser.get(f"/tickets/{code}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"how": ""}, "Pilih salah satu."),
        ({"how": "pigeon"}, "Pilih salah satu."),
        ({"story": "  "}, "Tulis apa yang terjadi."),
        ({"category": "x", "urgency": ""}, "Pilih salah satu."),
        ({"sign": [], "why": ""}, "Centang tanda bahaya atau tulis alasannya."),
        ({"category": "emergency", "urgency": "normal", "sign": [], "why": ""}, "Centang tanda"),
        ({"origin": "Kupang, Atlantis"}, "dengan nama ini: Atlantis"),
        ({"destination": "Negeri Awan"}, "dengan nama ini: Negeri Awan"),
        ({"phone": "nanti"}, "Ini bukan nomor telepon: nanti"),
        ({"language": "xx"}, "Pilih salah satu."),
        ({"name": "n" * 121}, "paling banyak 120 huruf"),
        ({"story": "s" * 4001}, "paling banyak 4000 huruf"),
    ],
)
def test_bad_input_is_told_and_nothing_is_lost(
    office: Office, changes: dict[str, object], wrong: str
) -> None:
    """No ticket, and the form as it was."""
    ani = office.hire("ani", Role.RESPONDER)
    answer = ani.post("/intake", **{**CALL, **changes})
    assert answer.status_code == 422
    assert wrong in answer.text
    kept = {**CALL, **changes}
    for field in ("name", "why", "safe_time", "destination"):
        assert str(kept[field]) in answer.text, field
    assert str(kept["story"])[:40].strip() in answer.text
    with db.read(office.vault.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0


def test_what_is_typed_stays_words(office: Office) -> None:
    """On the form that comes back and on the ticket."""
    ani, bad = office.hire("ani", Role.RESPONDER), "\"'><script>alert(1)</script>"
    told = {"name": bad, "story": bad, "who": bad, "why": bad, "safe_time": bad}
    back = ani.post("/intake", **{**CALL, **told, "origin": bad})
    assert back.status_code == 422
    page, code, _ = call(ani, **told)
    for text in (back.text, page, ani.browser.get(f"/tickets/{code}").text,
                 ani.post(f"/tickets/{code}/reveal", reason="periksa").text):  # fmt: skip
        assert "<script>alert" not in text


def test_a_second_click_opens_no_second_ticket(office: Office) -> None:
    """The first has its code; the second leads to one's own tickets."""
    ani = office.hire("ani", Role.RESPONDER)
    call(ani, mark="same")
    assert ani.post("/intake", **{**CALL, "mark": "same"}).headers["location"].endswith("mine")
    with db.read(office.vault.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 1


def test_who_keeps_it_has_answered_and_owes_the_next_answer(office: Office) -> None:
    """By telephone a person has spoken; a letter, or a ticket passed on, waits for the first."""
    ani = office.hire("ani", Role.RESPONDER)

    def standing(code: str) -> tuple[float | None, float | None, set[View]]:
        id_ = id_of(office, code)
        with db.read(office.vault.engine) as connection:
            work = ticket_work.work_of(connection, id_)
            person = staff_of(office, "ani")
            views = {
                view
                for view in (View.MINE, View.UNASSIGNED, View.WAITING)
                if id_ in {
                    line.id
                    for line in ticket_list.page(connection, person, view, now=office.clock())
                }
            }  # fmt: skip
        return work.first_answer_at, work.next_response_due, views

    now = office.clock()
    assert standing(call(ani)[1]) == (now, now + 4 * 3600, {View.MINE})
    assert standing(call(ani, how="letter")[1]) == (None, None, {View.MINE})
    assert standing(call(ani, keep="")[1]) == (None, None, {View.UNASSIGNED})


def test_a_contact_outside_of_the_desk_is_an_answer(office: Office) -> None:
    """On any ticket: noted, sealed, in the log, and the deadline is met."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    path = f"/tickets/{siti.code}/contacted"
    assert ani.post(path, how="phone", said=" ").status_code == 409
    assert ani.post(path, how="pigeon", said="halo").status_code == 422
    with db.read(office.vault.engine) as connection:
        assert connection.execute(sa.select(work_table)).first() is None
    assert ani.post(path, how="phone", said="Ditelepon, aman malam ini").status_code == 303
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert "Ditelepon, aman malam ini" in page.split("Catatan dalam (pelapor tidak melihat)")[1]
    assert "dihubungi di luar meja" in page
    assert "Pertama dijawab:" in page
    assert office.sent(siti) == []
    assert office.logged("caller_contacted") == 1


def test_who_cannot_see_it_afterwards_is_told_and_has_the_key(office: Office) -> None:
    """A call from elsewhere goes where it belongs; a story about a village head goes up."""
    ani = office.hire("ani", Role.RESPONDER, region="35")
    page, code, _ = call(ani, keep="")
    assert 'id="unseen"' in page
    assert ani.browser.get(f"/tickets/{code}").status_code == 404
    kept, code, _ = call(ani)
    assert 'id="unseen"' not in kept
    page, code, _ = call(ani, origin="Jawa Timur", story="Dibawa pak lurah ke penampungan.")
    assert 'id="unseen"' in page
    eka = office.hire("eka", Role.SUPERVISOR)
    assert "Disembunyikan dari:" in eka.browser.get(f"/tickets/{code}").text


def test_she_writes_later_with_code_and_key_and_can_be_answered(office: Office) -> None:
    """The key that was read out opens it; from then on there is a channel."""
    ani = office.hire("ani", Role.RESPONDER)
    _, code, key = call(ani)
    row = receive(office.vault, message(f"{code} {key}", provider_id="w1", at=office.clock()),
                  transport="twilio")  # fmt: skip
    conversation = conversation_of(office.vault, row)
    with db.write(office.vault.engine) as connection:
        assert tickets.find_with_key(
            connection, office.vault.keyring, conversation=conversation, code=code,
            key="00000000" if key != "00000000" else "1" * 8, now=office.clock(),
        ) is None  # fmt: skip
        found = tickets.find_with_key(
            connection, office.vault.keyring, conversation=conversation, code=code, key=key,
            now=office.clock(),
        )  # fmt: skip
        assert found
        tickets.join(connection, found.id, conversation, now=office.clock())
    page = ani.browser.get(f"/tickets/{code}").text
    assert "Tidak ada kanal" not in page
    assert code in page
    answer = ani.post(f"/tickets/{code}/reply", to=conversation, text="Saya Ani.", mark="r1")
    assert answer.status_code == 303
    siti = Report(found.id, code, conversation, row)
    assert "Saya Ani." in office.sent(siti)


def test_other_pages_of_such_a_ticket_work(office: Office) -> None:
    """Referrals, similar ones, follow-ups, data, figures and exports, for a supervisor."""
    eka = office.hire("eka", Role.SUPERVISOR)
    _, code, _ = call(eka)
    for path in ("/body", "/here", "/referrals", "/links", "/follow-ups", "/verification"):
        assert eka.browser.get(f"/tickets/{code}{path}").status_code == 200, path
    budi = office.report("tolong saya", address="+6281234567890")
    assert budi.code in eka.browser.get(f"/tickets/{code}/links").text, "the same number"
    for path in ("/figures", "/map", "/network", "/exports", "/verification", "/tickets?view=all"):
        assert eka.browser.get(path).status_code == 200, path
    assert "Asal" not in eka.browser.get(f"/tickets/{code}/verification").text.split("<dt>")[1]


def test_a_paper_and_an_export_hold_what_was_told(office: Office) -> None:
    """Who called goes into a file with names, and not for who does not want to be known."""
    eka = office.hire("eka", Role.SUPERVISOR)
    office.hire("dewi", Role.RESPONDER, unit="uptd-ppa")
    _, code, _ = call(eka)
    _, hidden, _ = call(eka, anonymous="true")
    asked = eka.post(
        f"/tickets/{code}/referrals", unit="uptd-ppa", service="shelter", request="rumah aman",
        consent="given", fields=["story", "caller_name"], days="3",
    )  # fmt: skip
    assert asked.status_code == 303
    path = eka.browser.get(f"/tickets/{code}/referrals").text.split("/referrals/")[-1]
    number = re.match(r"\d+", path)
    assert number
    paper = eka.post(f"/referrals/{number[0]}/summary", reason="dibawa ke unit")
    assert paper.headers["content-type"] == "application/pdf"
    staff = staff_of(office, "eka")
    with db.read(office.vault.engine) as connection:
        year = exports.year_of(office.clock())
        lines = list(personal_export.rows(connection, office.vault.keyring, staff, year))
    by_code = {line[0]: dict(zip(personal_export.HEADING, line, strict=True)) for line in lines}
    assert by_code[code]["caller_name"] == "Siti Aminah"
    assert by_code[code]["caller_phone"] == "+6281234567890"
    assert by_code[code]["addresses"] == ""
    assert by_code[hidden]["caller_name"] == by_code[hidden]["caller_phone"] == ""


def test_figures_count_how_it_came_also_after_she_has_written(office: Office) -> None:
    """Each ticket once, under the channel it began with."""
    eka = office.hire("eka", Role.SUPERVISOR)
    call(eka)
    _, code, _ = call(eka, how="visit")
    siti = office.report()
    with db.write(office.vault.engine) as connection:
        tickets.join(connection, id_of(office, code), siti.conversation, now=office.clock())
    staff = staff_of(office, "eka")
    with db.read(office.vault.engine) as connection:
        counts = figures.by(connection, Asked(staff, 0.0, 1e12), "channel")
    assert counts == {"phone": 1, "visit": 1, "whatsapp": 1}
