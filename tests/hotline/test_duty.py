"""Shifts, who is told, and the words that link a telephone: rules without a database."""

from datetime import UTC, date, datetime, time

import pytest

from hotline.errors import Refused
from hotline.escalation import Crew, Step, alarmed, next_step, rings_for
from hotline.notices import WORDS, new_code, pause, read_code
from hotline.roster import Shift, check_shift, may_roster, moments
from hotline.staff import Level, Place, Role, Scope, Staff

HOUR = 3600.0
NOW = datetime(2026, 11, 27, 5, 0, tzinfo=UTC).timestamp()
KUPANG = Place(regions=frozenset({"5371"}), conflict=False, unit="", staff_id=None)


def person(id_: int, region: str = "", role: Role = Role.SUPERVISOR, unit: str = "") -> Staff:
    level = {0: Level.NATIONAL, 2: Level.PROVINCE, 4: Level.REGENCY}[len(region)]
    return Staff(
        id=id_, login=f"s{id_}", name=f"S{id_}", role=role, scope=Scope(level, region), unit=unit
    )


def shift(staff_id: int, region: str = "", unit: str = "") -> Shift:
    return Shift(
        id=staff_id, staff_id=staff_id, name="S", unit=unit, region=region, begins_at=NOW - HOUR,
        ends_at=NOW + HOUR, zone="Asia/Jakarta",
    )  # fmt: skip


REGENCY, PROVINCE, NATION = person(1, "5371"), person(2, "53"), person(3)
HELPER, EAST_JAVA = person(4, role=Role.RESPONDER), person(5, "35")
EVERYBODY = (REGENCY, PROVINCE, NATION, HELPER, EAST_JAVA)


def crew(*shifts: Shift, reachable: frozenset[int] = frozenset(range(9))) -> Crew:
    return Crew(people=EVERYBODY, shifts=shifts, reachable=reachable)


def test_a_night_shift_ends_the_next_day() -> None:
    """Ten in the evening to six in the morning, by the clock of the place."""
    begins, ends = moments(date(2026, 11, 27), time(22), time(6), "Asia/Jakarta")
    assert (ends - begins) / HOUR == 8
    assert datetime.fromtimestamp(begins, UTC) == datetime(2026, 11, 27, 15, tzinfo=UTC)
    riyadh, _ = moments(date(2026, 11, 27), time(22), time(6), "Asia/Riyadh")
    assert (riyadh - begins) / HOUR == 4


def test_a_zone_or_an_hour_that_does_not_exist_is_refused() -> None:
    """Where clocks are put forward, an hour is missing once a year."""
    with pytest.raises(Refused, match="no time zone"):
        moments(date(2026, 11, 27), time(8), time(16), "Asia/Nowhere")
    with pytest.raises(Refused, match="does not exist"):
        moments(date(2026, 3, 29), time(2, 30), time(6), "Europe/Berlin")


@pytest.mark.parametrize(
    ("begins", "ends", "why"),
    [
        (-2, 4, "in the past"),
        (1, 14, "at most 12 hours"),
        (1, 1.1, "a quarter of an hour"),
        (24 * 400, 24 * 400 + 8, "within the next year"),
        (5, 9, "another shift"),
        (7, 9, "another shift"),
        (5, 7, "another shift"),
    ],
)
def test_an_impossible_shift_is_refused(begins: float, ends: float, why: str) -> None:
    """The other shift of this person runs from six to eight hours from now."""
    others = [(NOW + 6 * HOUR, NOW + 8 * HOUR)]
    with pytest.raises(Refused, match=why):
        check_shift(NOW + begins * HOUR, NOW + ends * HOUR, others, now=NOW)


def test_shifts_may_touch_and_one_that_has_just_begun_may_be_entered() -> None:
    """Somebody steps in; the next begins when the other ends."""
    others = [(NOW + 6 * HOUR, NOW + 8 * HOUR)]
    check_shift(NOW + 8 * HOUR, NOW + 16 * HOUR, others, now=NOW)
    check_shift(NOW - 0.5 * HOUR, NOW + 6 * HOUR, others, now=NOW)


def test_a_supervisor_plans_the_own_scope_and_below() -> None:
    """Neither the level above nor the neighbour, and no responder plans at all."""
    assert may_roster(PROVINCE, REGENCY)
    assert may_roster(NATION, HELPER)
    assert not may_roster(PROVINCE, NATION)
    assert not may_roster(PROVINCE, EAST_JAVA)
    assert not may_roster(HELPER, REGENCY)
    assert not may_roster(NATION, person(8, role=Role.OPERATOR))


def test_a_shift_is_for_its_region_and_unit() -> None:
    """Empty means all."""
    assert shift(1).covers(KUPANG)
    assert shift(1, "53").covers(KUPANG)
    assert not shift(1, "35").covers(KUPANG)
    assert not shift(1, unit="uptd-ppa").covers(KUPANG)


def test_a_late_ticket_goes_from_unit_to_province_to_nation() -> None:
    """And no further."""
    assert next_step(crew(), KUPANG, Step.UNIT) == (Step.PROVINCE, [PROVINCE])
    assert next_step(crew(), KUPANG, Step.PROVINCE) == (Step.NATIONAL, [NATION])
    assert next_step(crew(), KUPANG, Step.NATIONAL) is None


def test_those_on_duty_hear_of_it_instead_of_the_supervisors() -> None:
    """At three in the morning the responder on duty is awake, the supervisor asleep."""
    assert next_step(crew(shift(4)), KUPANG, Step.PROVINCE) == (Step.NATIONAL, [HELPER])
    assert next_step(crew(shift(4, "35")), KUPANG, Step.PROVINCE) == (Step.NATIONAL, [NATION])
    without = crew(shift(4), reachable=frozenset({3}))
    assert next_step(without, KUPANG, Step.PROVINCE) == (Step.NATIONAL, [NATION])


@pytest.mark.parametrize("regions", [{"5371"}, {"53"}, set()])
def test_a_conflict_of_interest_goes_one_level_higher_and_never_to_its_region(
    regions: set[str],
) -> None:
    """Whoever is involved may have friends in his own regency and province."""
    place = Place(regions=frozenset(regions), conflict=True, unit="uptd", staff_id=1)
    found = next_step(crew(shift(1), shift(2)), place, Step.UNIT)
    assert found == (Step.NATIONAL, [NATION])
    assert REGENCY not in alarmed(crew(shift(1)), place)


def test_a_ticket_of_no_place_goes_straight_to_the_nation() -> None:
    """No province sees it."""
    nowhere = Place(regions=frozenset(), conflict=False, unit="", staff_id=None)
    assert next_step(crew(), nowhere, Step.UNIT) == (Step.NATIONAL, [NATION])


def test_an_alarm_is_for_those_on_duty_else_for_everybody_in_scope() -> None:
    """Another province never hears of it."""
    assert alarmed(crew(shift(1, "5371")), KUPANG) == [REGENCY]
    assert alarmed(crew(), KUPANG) == [REGENCY, PROVINCE, NATION, HELPER]
    assert alarmed(crew(shift(5, "35")), KUPANG) == [REGENCY, PROVINCE, NATION, HELPER]


def test_a_page_rings_for_those_on_duty_who_have_one_open() -> None:
    """Who is on duty without a page hears nothing: then it rings for all."""
    assert rings_for(NATION, KUPANG, [], {3})
    assert not rings_for(NATION, KUPANG, [1], {1, 3})
    assert rings_for(REGENCY, KUPANG, [1], {1, 3})
    assert rings_for(NATION, KUPANG, [1], {3})
    assert not rings_for(EAST_JAVA, KUPANG, [], {5})


def test_a_code_is_read_as_people_type_it_and_not_out_of_a_sentence() -> None:
    """A caller's story with capitals in it stays a story."""
    code = new_code()
    assert read_code(f" {code.lower()} ") == code
    assert read_code(code.replace("-", "")) == code
    assert read_code(f"kode saya {code}") is None
    assert read_code("MEJA MAKAN SAYA RUSAK") is None
    assert len({new_code() for _ in range(100)}) == 100


def test_a_provider_that_is_down_is_asked_more_and_more_rarely() -> None:
    """From a quarter of a minute to a quarter of an hour."""
    assert [pause(n) for n in (1, 2, 3, 7, 50)] == [15, 30, 60, 900, 900]


def test_no_notice_says_anything_of_anybody() -> None:
    """No code, no digit, no place to put one in."""
    for text in WORDS.values():
        assert not any(sign.isdigit() or sign in "{}%" for sign in text)
