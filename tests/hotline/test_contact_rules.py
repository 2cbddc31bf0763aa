"""Hours and ways as callers tell them; what is not beyond doubt is unclear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.contact_rules import read_hours, read_rules

CLEAR = {
    "jam 9 malam sampai 11": ["21:00-23:00"],
    "dari jam 9 sampai 11 malam": ["21:00-23:00"],
    "antara jam 7 dan 9 malam": ["19:00-21:00"],
    "jam 10 malam sampai jam 5 pagi": ["22:00-05:00"],
    "jam 11 malam - 1 malam": ["23:00-01:00"],
    "20.00-22.30": ["20:00-22:30"],
    "9pm to 11pm": ["21:00-23:00"],
    "setelah jam 10 malam": ["22:00-01:00"],
    "after 10 pm": ["22:00-01:00"],
    "sebelum jam 6 pagi": ["03:00-06:00"],
    "jam 9 malam": ["21:00-22:00"],
    "malam jam 10": ["22:00-23:00"],
    "bengi jam 9": ["21:00-22:00"],
    "jam 12 malam": ["00:00-01:00"],
    "jam 2 malam": ["02:00-03:00"],
    "setiap hari jam 1 siang": ["13:00-14:00"],
    "jam 21": ["21:00-22:00"],
    "sekitar jam 8 pagi atau jam 5 sore": ["08:00-09:00", "17:00-18:00"],
    "tulis jam 11 malam saja": ["23:00-00:00"],
    "kalau bisa malam": ["19:00-22:00"],
    "pagi": ["06:00-10:00"],
    "malam saja": ["19:00-22:00"],
    "siang, jangan telepon": ["11:00-14:00"],
    "wa saja jam 8 malam jangan telepon": ["20:00-21:00"],
    "malam aja, ga bisa ditelpon": ["19:00-22:00"],
    "siang mawon, mboten purun ditelpon": ["11:00-14:00"],
}
ANY_HOUR = [
    "kapan saja", "Kapan aja boleh", "anytime", "jangan telepon", "lewat WA saja",
    "tidak mau ditelepon", "bek geutelepon", "no phone calls",
]  # fmt: skip
# Each of these could mean the hour at which her employer holds the phone.
UNCLEAR = [
    "jam 9",
    "jam 9-10",
    "jam 25 malam",
    "hari minggu",
    "malam minggu saja",
    "habis magrib",
    "jangan malam",
    "jangan telepon malam",
    "tidak bisa ditelepon jam 9 malam",
    "jangan jam 9 malam",
    "selain jam 8 malam",
    "malam tapi jangan jumat",
    "kalau majikan tidur",
    "kapan saja kecuali malam",
    "jam 9 malam pas majikan pergi",
    "sekarang",
    "besok jam 9 malam",
    "nanti saya kabari",
    "pagi jam 9 sampai malam",
    "jam 6 pagi sampai jam 11 malam",
    "terserah, asal jangan pagi",
    "boleh jam 9 malam?",
    "ok",
    "",
]


def clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


@pytest.mark.parametrize(("text", "hours"), CLEAR.items())
def test_clear_hours_are_read(text: str, hours: list[str]) -> None:
    """As minutes of her own day."""
    read = read_hours(text)
    assert read is not None
    assert [f"{clock(since)}-{clock(until)}" for since, until in read] == hours


@pytest.mark.parametrize("text", ANY_HOUR)
def test_words_about_the_way_only_leave_every_hour_open(text: str) -> None:
    """Nothing is held that nobody asked to hold."""
    assert read_hours(text) == []


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_could_mean_another_hour_is_unclear(text: str) -> None:
    """A person reads it; until then nothing that we begin goes out."""
    assert read_hours(text) is None
    rules = read_rules(safe_time=text, rules=[], zone="Asia/Kuwait")
    assert (rules.unclear, rules.safe, rules.words) == (True, (), (text,))


@given(st.text(max_size=60))
def test_any_text_is_read_into_hours_that_exist(text: str) -> None:
    """Whatever she types, no span is longer than half a day or begins outside of it."""
    for since, until in read_hours(text) or []:
        assert 0 <= since < 24 * 60
        assert 0 < until - since <= 12 * 60


def test_the_zone_is_the_ticket_countrys_unless_she_names_one() -> None:
    """A worker in Kuwait may still think in Jakarta's hours, and then says so."""
    there = read_rules(safe_time="jam 9 malam", rules=[], zone="Asia/Kuwait")
    home = read_rules(safe_time="jam 9 malam WIB", rules=[], zone="Asia/Kuwait")
    assert (there.tz, home.tz) == ("Asia/Kuwait", "Asia/Jakarta")
    assert there.safe == home.safe == ((1260, 1320),)


def test_hours_in_a_country_of_many_clocks_are_unclear() -> None:
    """Nine in New York is six in Los Angeles."""
    assert read_rules(safe_time="jam 9 malam", rules=[], zone=None).unclear
    assert not read_rules(safe_time="kapan saja", rules=[], zone=None).unclear
    assert not read_rules(safe_time="jam 9 malam WIB", rules=[], zone=None).unclear


def test_rules_told_in_other_words_are_kept() -> None:
    """Never call, and do not write; what concerns the police is not for the outbox."""
    told = ["never_call", "do_not_write: jangan balas", "no_police"]
    rules = read_rules(safe_time=None, rules=told, zone=None)
    assert (rules.never_call, rules.do_not_write, rules.unclear) == (True, True, False)
    assert not read_rules(safe_time=None, rules=["no_police"], zone=None).any_rule


def test_the_stored_form_is_understood_by_the_outbox() -> None:
    """Both sides read the same words."""
    from hotline.holding import ContactRules

    plain = read_rules(safe_time="jam 9 malam", rules=["never_call"], zone="Asia/Kuwait").to_dict()
    read = ContactRules.from_dict(plain)
    assert (read.safe, read.zone, read.unclear) == (((1260, 1320),), "Asia/Kuwait", False)
    unclear = read_rules(safe_time="hari minggu", rules=[], zone="Asia/Kuwait").to_dict()
    assert ContactRules.from_dict(unclear).unclear
