"""Who lifts a conflict of interest: only who still sees the ticket and stands above it."""

import pytest

from hotline.staff import Level, May, Place, Role, Scope, Staff, may_lift, sees


def person(role: Role = Role.SUPERVISOR, region: str = "", id_: int = 1, unit: str = "") -> Staff:
    level = {0: Level.NATIONAL, 2: Level.PROVINCE, 4: Level.REGENCY}[len(region)]
    return Staff(
        id=id_, login=f"s{id_}", name="S", role=role, scope=Scope(level, region), unit=unit
    )


def place(**changes: object) -> Place:
    usual = {"regions": frozenset({"5371"}), "conflict": False, "unit": "uptd", "staff_id": 1}
    return Place(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("region", "barred", "seen"),
    [
        ("5371", "5371", False),
        ("53", "5371", True),
        ("53", "53", False),
        ("5371", "53", False),  # a regency lies within its province
        ("5301", "5371", True),  # by the unit; the neighbour is not meant
        ("", "53", True),
    ],
)
def test_a_named_level_and_all_below_it_see_nothing(
    region: str, barred: str, *, seen: bool
) -> None:
    """Whatever else they are to the ticket: its unit, or who holds it."""
    hidden = place(barred_regions=frozenset({barred}))
    assert sees(person(region=region, unit="uptd"), hidden) is seen


def test_a_named_colleague_sees_nothing_even_at_the_top() -> None:
    """And only that colleague."""
    hidden = place(barred_staff=frozenset({1}))
    assert not sees(person(id_=1), hidden)
    assert sees(person(id_=2), hidden)


@pytest.mark.parametrize(
    ("who", "regions", "may"),
    [
        (person(), {"5371"}, True),
        (person(), set(), True),  # nobody knows where: the nation alone
        (person(region="53"), {"5371"}, True),
        (person(region="53"), {"5371", "3578"}, False),  # not above all of them
        (person(region="53"), {"53"}, False),
        (person(region="53"), set(), False),
        (person(region="35", unit="uptd"), {"5371"}, False),  # sees it by its unit only
        (person(Role.RESPONDER), {"5371"}, False),
        (person(Role.DATA_OFFICER), {"5371"}, False),
    ],
)
def test_only_a_supervisor_above_lifts(who: Staff, regions: set[str], *, may: bool) -> None:
    """Whoever sets one at once cannot take it back below."""
    hidden = place(barred_regions=frozenset(regions), staff_id=None)
    assert may_lift(who, hidden, frozenset(regions)) is may


def test_only_supervisors_have_the_right_and_only_who_works_opens_tickets() -> None:
    """The table of roles."""
    assert [role for role in Role if person(role).may(May.LIFT_CONFLICT)] == [Role.SUPERVISOR]
    assert [role for role in Role if person(role).may(May.OPEN)] == [
        Role.SUPERVISOR, Role.RESPONDER,
    ]  # fmt: skip
