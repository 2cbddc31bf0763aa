"""Answers from knowledge/: contacts and destinations, each with its date."""

import re
from datetime import timedelta
from typing import Any

import pytest

LIMITS = {"whatsapp": 1024, "sms": 306}


def ask(caller: Any, text: str, intent: str, **entities: str) -> list[str]:
    """Ask outside any task."""
    caller.state = None
    said: list[str] = caller.writes(text, intent=intent, **entities)
    return said


def test_contacts_of_a_named_country_come_with_their_date(siti: Any) -> None:
    """Every line says as of when it is known."""
    assert ask(siti, "nomor kbri malaysia", "faq/contacts") == ["utter_contacts"]
    lines = siti.values("utter_contacts")["lines"].splitlines()
    assert "999 (belum kami pastikan)" in lines[0]
    assert lines[1:]
    assert all(re.search(r"data (\d+ )?([A-Z][a-z]{2} )?20\d\d", line) for line in lines[1:])
    assert not re.search(r"\d{4}-\d{2}", siti.shown()[0]), "nobody speaks so"


def test_a_contact_that_nobody_confirmed_says_so(siti: Any, desk: Any) -> None:
    """A doubtful number is never shown as a sure one."""
    doubtful = next(c for c in desk.knowledge.contacts if c.show and not c.verified)
    line = desk.contact_line(siti_turn(siti), doubtful)
    sure = next(c for c in desk.knowledge.contacts if c.show and c.verified)
    assert "belum dipastikan" in line
    assert "belum dipastikan" not in desk.contact_line(siti_turn(siti), sure)


def siti_turn(caller: Any) -> Any:
    """Give a turn of a caller who has just said something."""
    caller.writes("makasih", intent="thanks")
    return caller.turn


def test_without_a_country_the_caller_is_asked_for_it(siti: Any) -> None:
    """The general answer asks which country is meant."""
    assert ask(siti, "nomor kbri berapa", "faq/contacts") == ["utter_faq/contacts"]


def test_the_country_talked_about_last_is_remembered(siti: Any) -> None:
    """ "What is their number?" needs no country."""
    ask(siti, "boleh ke malaysia ga sekarang", "faq/destinations")
    assert ask(siti, "nomor kbri nya berapa", "faq/contacts") == ["utter_contacts"]
    assert siti.values("utter_contacts")["country"] == "Malaysia"


def test_a_named_country_goes_before_the_remembered_one(siti: Any) -> None:
    """The caller has moved on."""
    ask(siti, "boleh ke malaysia ga sekarang", "faq/destinations")
    ask(siti, "kontak taiwan", "faq/contacts")
    assert siti.values("utter_contacts")["country"] == "Taiwan"


def test_a_country_without_contacts_sends_to_the_head_office(siti: Any, desk: Any) -> None:
    """No number is invented; the one at home is given."""
    bare = [c for c in desk.knowledge.countries if not desk.knowledge.contacts_for(c.code, 1)]
    if not bare:
        pytest.skip("every country has a contact now")
    assert ask(siti, f"kontak {bare[0].name}", "faq/contacts") == ["utter_contacts_none"]
    assert "KP2MI" in siti.shown()[0]


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
def test_abroad_no_number_is_given_that_works_only_at_home(phone: Any, channel: str) -> None:
    """0800-1000 cannot be dialled from there; +62 21 can."""
    siti = phone(channel=channel)
    bare = next(
        c for c in siti.desk.knowledge.countries if not siti.desk.knowledge.contacts_for(c.code, 1)
    )
    ask(siti, f"kontak {bare.name}", "faq/contacts")
    shown = siti.shown()[0]
    assert "08001000" not in shown
    assert "+622129244800" in shown
    assert "+628118080141" in shown


def test_at_home_the_free_number_stays(siti: Any) -> None:
    """Asked about Indonesia, it is the one that costs nothing."""
    ask(siti, "nomor pengaduan di indonesia", "faq/contacts")
    assert "08001000" in siti.shown()[0]


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
def test_a_contact_says_what_it_is_for(phone: Any, channel: str) -> None:
    """A number for passports alone helps nobody who is locked in."""
    turn = siti_turn(phone(channel=channel))
    desk = phone().desk
    lines = {c.id: desk.contact_line(turn, c, purpose=True) for c in desk.knowledge.contacts}
    assert "hanya urusan paspor" in lines["my-kjri-kuching-apowakim"]
    assert "hanya membuat janji" in lines["my-kjri-kk-teman-baik"]
    assert "ketenagakerjaan" in lines["my-kjri-kuching-kerja"]
    assert "umum" not in lines["my-kjri-kuching"], "what it may be called for is not limited"


def test_in_danger_nobody_is_sent_to_a_number_for_passports(siti: Any) -> None:
    """Where a place has only such a number, the next mission is named."""
    desk = siti.desk
    for country in desk.knowledge.countries:
        for city in ("", *country.cities):
            found = desk.mission(country, city)
            assert found is None or "hanya" not in found.purpose


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
def test_the_contacts_of_every_country_fit_the_channel(phone: Any, channel: str) -> None:
    """The longest list still fits, with its menu."""
    siti, long = phone(channel=channel), []
    for country in siti.desk.knowledge.countries:
        ask(siti, f"kontak {country.name}", "faq/contacts")
        [shown] = siti.shown()
        assert "{" not in shown
        if len(shown) > LIMITS[channel]:
            long.append((country.code, len(shown)))
    assert long == []


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
def test_every_destination_is_told_within_the_channel(phone: Any, channel: str) -> None:
    """What is known comes with its date and fits."""
    siti, long = phone(channel=channel), []
    for country in siti.desk.knowledge.countries:
        [said] = ask(siti, f"apa boleh kerja ke {country.name}", "faq/destinations")
        [shown] = siti.shown()
        assert "{" not in shown
        if said == "utter_destination":
            assert siti.values(said)["as_of"] in shown
            assert not re.search(r"\d{4}-\d{2}", siti.values(said)["as_of"])
        if len(shown) > LIMITS[channel]:
            long.append((country.code, said, len(shown)))
    assert long == []


def test_a_destination_past_its_review_date_is_marked_as_old(siti: Any, clock: Any) -> None:
    """Rules change: what nobody has looked at again is told with a warning."""
    known = siti.desk.knowledge.destination("MY")
    assert known is not None
    day = known.review_by + timedelta(days=2)
    clock.pass_seconds((day - siti.desk.today).days * 86400)
    assert ask(siti, "ke malaysia boleh?", "faq/destinations") == ["utter_destination_overdue"]


def test_a_question_about_home_is_not_one_about_a_destination(siti: Any) -> None:
    """Indonesia is no destination; the general answer comes."""
    assert ask(siti, "kalau di indonesia gimana", "faq/destinations") == ["utter_faq/destinations"]
