"""Disputed entries of the register: noted with reason and source, seen by all, withdrawn."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline.register import Recruiter
from hotline.staff import Role
from store import db, disputes
from store.content_tables import register_disputes
from store.crypto import Keyring
from store.vault import Vault
from tests.console.conftest import Office, Person
from tests.console.test_content_pages import bring_in
from tests.store.register.conftest import SMALL_REGISTER

NAME = "PT Serunai Bakti Layar"


def note(person: Person, entry: str = NAME, **changes: str) -> int:
    form = {"entry": entry, "reason": "Izin diperpanjang", "source": "Surat PT, 3 Nov 2024"}
    return person.post("/register/disputes", **{**form, **changes}).status_code


def told(person: Person, name: str = NAME) -> str:
    """Look a name up as a caller would."""
    page = person.post("/register", q=name).text
    return html.unescape(page.split('role="status"', 1)[1].split("</section>", 1)[0])


def test_a_dispute_stands_in_the_look_up_until_it_is_withdrawn(
    office: Office, tmp_path: Path
) -> None:
    eka, ani = office.hire("eka", Role.DATA_OFFICER), office.hire("ani", Role.RESPONDER)
    bring_in(office, tmp_path)
    assert "Disengketakan" not in told(ani)
    assert 'id="dispute"' in told(eka)
    assert 'id="dispute"' not in told(ani)
    assert note(eka) == 303
    assert "Disengketakan" in told(ani)
    assert "disengketakan" not in told(ani, "PT Banu Nusa Kelana").lower()
    page = ani.browser.get("/register").text
    assert "Surat PT, 3 Nov 2024" in page
    assert "Cabut" not in page
    assert note(eka) == 409
    with db.read(office.vault.engine) as connection:
        [which] = connection.execute(sa.select(register_disputes.c.id)).scalars()
    office.clock.advance(60)
    eka.post(f"/register/disputes/{which}/withdraw")
    assert "Disengketakan" not in told(ani)
    page = ani.browser.get("/register").text
    assert "dicabut" in page
    assert "Izin diperpanjang" in page  # what was said and who ended it stay to be read
    assert eka.post(f"/register/disputes/{which}/withdraw").status_code == 409
    assert office.logged("register_disputed") == 1
    assert office.logged("dispute_withdrawn") == 1


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("region", ["", "35"])
def test_only_national_data_officers_and_supervisors_note_disputes(
    office: Office, tmp_path: Path, role: Role, region: str
) -> None:
    person = office.hire("ani", role, region=region)
    bring_in(office, tmp_path)
    may = role in {Role.DATA_OFFICER, Role.SUPERVISOR} and not region
    assert note(person) == (303 if may else 403)


def test_an_operator_sees_that_there_is_a_dispute_and_not_why(
    office: Office, tmp_path: Path
) -> None:
    eka, tono = office.hire("eka", Role.SUPERVISOR), office.hire("tono", Role.OPERATOR)
    bring_in(office, tmp_path)
    assert note(eka) == 303
    page = tono.browser.get("/register").text
    assert NAME in page
    assert "Izin diperpanjang" not in page


@pytest.mark.parametrize(
    ("entry", "changes", "said"),
    [
        (NAME, {"reason": " "}, "memerlukan alasan dan sumber"),
        (NAME, {"source": ""}, "memerlukan alasan dan sumber"),
        ("PT Zzz Qqq", {}, "bukan nama satu perusahaan"),
        ("gamelan nusa rantu", {}, "bukan nama satu perusahaan"),
    ],
)
def test_a_dispute_without_what_it_needs_is_refused(
    office: Office, tmp_path: Path, entry: str, changes: dict[str, str], said: str
) -> None:
    eka = office.hire("eka", Role.SUPERVISOR)
    bring_in(office, tmp_path)
    form = {"entry": entry, "reason": "a", "source": "b", **changes}
    answer = eka.post("/register/disputes", **form)
    assert answer.status_code == 409
    assert said in answer.text


def test_a_dispute_outlives_an_import_and_one_that_fits_nothing_is_marked(
    office: Office, tmp_path: Path
) -> None:
    eka = office.hire("eka", Role.SUPERVISOR)
    bring_in(office, tmp_path)
    assert note(eka) == 303
    bring_in(office, tmp_path, SMALL_REGISTER + "PT Baru Sekali,,UJI-9,Aktif,Solo,Jateng,,,\n")
    assert "Disengketakan" in told(eka)
    assert "tidak cocok" not in eka.browser.get("/register").text
    gone = "\n".join(line for line in SMALL_REGISTER.splitlines() if "Serunai" not in line)
    bring_in(office, tmp_path, gone + "\n", accept_shrunken=True)
    assert "tidak cocok" in eka.browser.get("/register").text


def test_a_firm_of_the_same_name_with_another_licence_is_not_disputed(vault: Vault) -> None:
    """To say so would be an accusation of the wrong one; without numbers the name decides."""
    first = Recruiter("PT Maju Jaya", "UJI-1001-A7")
    namesake, unnumbered = Recruiter("PT Maju Jaya", "UJI-2002-B8"), Recruiter("pt. Maju  Jaya")
    with db.write(vault.engine) as connection:
        _insert(connection, vault.keyring, first)
        found = [disputes.is_disputed(connection, one) for one in (first, namesake, unnumbered)]
        assert found == [True, False, True]
        [one] = disputes.everything(connection, vault.keyring)
        assert [one.is_about(r) for r in (first, namesake, unnumbered)] == [True, False, True]
        stored = connection.execute(sa.select(register_disputes.c.text_sealed)).scalar_one()
    assert b"Izin" not in stored


def _insert(connection: sa.Connection, keyring: Keyring, recruiter: Recruiter) -> None:
    from hotline.staff import Scope
    from store import staff as accounts

    accounts.invite(
        connection, login="ani", name="Ani", role=Role.DATA_OFFICER, scope=Scope(), unit="", now=0.0
    )
    by = accounts.everybody(connection)[0][0].id
    disputes.note(
        connection, keyring, recruiter, reason="Izin baru", source="surat", by=by, now=0.0
    )
