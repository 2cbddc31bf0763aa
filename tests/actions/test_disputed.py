"""An entry of the register that is disputed: the answer says so until it is withdrawn."""

from collections.abc import Callable
from typing import Any

import pytest

from hotline.errors import Refused
from store import db, disputes
from store import staff as accounts

NAME = "PT Pelita Rantau Berseri"
LIMITS = {"whatsapp": 1024, "sms": 306}


@pytest.fixture
def dispute(desk: Any) -> Callable[[str], int]:
    """Give a way to note a dispute as the console does."""
    from hotline.staff import Role, Scope

    with db.write(desk.vault.engine) as connection:
        accounts.invite(
            connection, login="ani", name="Ani", role=Role.DATA_OFFICER, scope=Scope(), unit="",
            now=desk.now(),
        )  # fmt: skip

    def note(name: str) -> int:
        found = desk.register.current().check(name, today=desk.today).recruiter
        with db.write(desk.vault.engine) as connection:
            return disputes.note(
                connection, desk.vault.keyring, found, reason="izin baru", source="surat 12/2026",
                by=1, now=desk.now(),
            )  # fmt: skip

    return note


def check(caller: Any, name: str) -> list[str]:
    caller.state = None
    said: list[str] = caller.writes(f"{name} resmi tidak?", "check_recruiter", recruiter=name)
    return said


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
@pytest.mark.parametrize("language", ["id", "jv", "su", "en"])
def test_a_disputed_entry_is_told_as_being_checked(
    phone: Any, dispute: Callable[[str], int], channel: str, language: str
) -> None:
    """What is printed stays, then the caller is sent to the office that knows; nothing is cut."""
    siti = phone("siti", channel, language)
    dispute(NAME)
    assert check(siti, NAME) == ["utter_recruiter_active", "utter_recruiter_disputed"]
    printed, note = siti.shown()
    assert NAME in printed
    assert NAME in note
    assert "BP3MI" in note
    assert "izin baru" not in note  # the reason is for the desk
    assert len(note) <= LIMITS[channel]
    # Only the last message can be picked from.
    assert siti.values("utter_recruiter_active")["plain"]
    assert siti.choices()


def test_other_entries_and_names_are_answered_as_before(
    siti: Any, dispute: Callable[[str], int]
) -> None:
    dispute(NAME)
    assert check(siti, "PT Tirta Kelana Asih") == ["utter_recruiter_active"]
    assert check(siti, "PT Zyxwv Qqq Mumbul") == ["utter_recruiter_not_found"]


def test_a_sanctioned_or_old_entry_keeps_its_warning(
    siti: Any, clock: Any, dispute: Callable[[str], int]
) -> None:
    """A dispute takes no warning away."""
    dispute("PT Entikong Titian Usaha")
    said = ["utter_recruiter_sanctioned", "utter_recruiter_disputed"]
    assert check(siti, "PT Entikong Titian Usaha") == said
    clock.pass_seconds(60 * 86_400)
    said = ["utter_recruiter_too_old", "utter_recruiter_disputed"]
    assert check(siti, "PT Entikong Titian Usaha") == said


def test_a_withdrawn_dispute_is_told_no_longer(
    siti: Any, desk: Any, dispute: Callable[[str], int]
) -> None:
    noted = dispute(NAME)
    with db.write(desk.vault.engine) as connection:
        disputes.withdraw(connection, noted, by=1, now=desk.now())
        with pytest.raises(Refused, match="not open"):
            disputes.withdraw(connection, noted, by=1, now=desk.now())
    assert check(siti, NAME) == ["utter_recruiter_active"]


def test_the_question_whether_it_is_safe_gets_the_note_again(
    siti: Any, dispute: Callable[[str], int]
) -> None:
    dispute(NAME)
    check(siti, NAME)
    said = siti.writes("jadi aman tidak kak?", "nlu_fallback", confidence=0.2)
    assert said == ["utter_recruiter_active", "utter_recruiter_disputed"]
