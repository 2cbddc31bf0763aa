"""What happens when a caller is in danger, alone or in the middle of something else."""

from typing import Any

import pytest

from hotline.codes import find_code, find_key
from hotline.tickets import Category, Urgency
from store import db, tickets

CRY = "tolong saya dikurung majikan"


def test_the_first_reply_to_danger_holds_the_step_for_the_place(siti: Any) -> None:
    """Siti names Johor in her cry: the mission there comes first, no question before it."""
    said = siti.writes("saya dikurung majikan di johor bahru tolong", danger=("locked_in",))
    assert said[0] == "utter_emergency_start"
    steps = siti.values("utter_emergency_start")["steps"]
    assert "Malaysia" in steps
    assert any(char.isdigit() for char in steps)


def test_danger_makes_a_critical_ticket_at_once(siti: Any, desk: Any, clock: Any) -> None:
    """A responder sees it with its reason, and the caller can come back with code and key."""
    siti.writes(CRY, danger=("locked_in",))
    ticket = siti.ticket()
    assert (ticket.category, ticket.urgency) == (Category.EMERGENCY, Urgency.CRITICAL)
    assert ticket.reasons == ("locked_in",)
    told = siti.values("utter_emergency_start")
    assert find_code(told["code"]) == ticket.code
    with db.write(desk.vault.engine) as connection:
        found = tickets.find_with_key(
            connection,
            desk.vault.keyring,
            conversation="another",
            code=ticket.code,
            key=find_key(told["key"]),
            now=clock(),
        )
    assert found is not None


def test_danger_heard_only_by_the_model_is_critical_too(siti: Any) -> None:
    """The guard's phrases are not the only way to be heard."""
    siti.writes("ora iso metu omah, wedi", intent="emergency", confidence=0.7)
    ticket = siti.ticket()
    assert ticket.urgency is Urgency.CRITICAL
    assert ticket.reasons == ("model_emergency",)


def test_a_place_told_later_brings_its_own_step(siti: Any) -> None:
    """Without a place the caller hears both ways and is asked; then the place decides."""
    said = siti.writes(CRY, danger=("locked_in",))
    assert said == ["utter_emergency_start", "utter_ask_where"]
    assert "110" in siti.values("utter_emergency_start")["steps"]
    said = siti.writes("di riyadh", country="riyadh")
    assert said[0] == "utter_emergency_more"
    assert "Arab Saudi" in siti.values("utter_emergency_more")["steps"]
    assert siti.known()["country"] == "SA"


def test_danger_at_home_names_the_police_and_not_an_embassy(siti: Any) -> None:
    """A region in Indonesia needs 110, not a mission abroad."""
    siti.writes("disekap di penampungan di Indramayu", danger=("locked_in",), region="Indramayu")
    steps = siti.values("utter_emergency_start")["steps"]
    assert "110" in steps
    assert "KBRI" not in steps


def test_every_country_has_a_first_step(siti: Any, desk: Any) -> None:
    """No country of ours breaks the step, leaves a hole in it or gives no number."""
    from actions.intake import steps

    siti.writes(CRY, danger=("locked_in",))
    for country in desk.knowledge.countries:
        siti.writes(f"bukan, maaf, di {country.name}", country=country.name)
        ticket = siti.ticket()
        for channel in ("whatsapp", "sms"):
            siti.channel = channel
            told = steps(ticket, siti.turn, desk)
            assert any(char.isdigit() for char in told), country.name
            assert "{" not in told, country.name
        siti.channel = "whatsapp"


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
def test_without_a_mission_the_number_for_help_nearby_is_given(phone: Any, channel: str) -> None:
    """Somebody locked in cannot wait for an office in Jakarta alone."""
    from actions.intake import steps

    siti, long = phone("siti", channel), []
    siti.writes(CRY, danger=("locked_in",))
    bare = [
        one
        for one in siti.desk.knowledge.countries
        if one.emergency and siti.desk.mission(one, "") is None
    ]
    assert bare
    for country in bare:
        siti.writes(f"bukan, maaf, di {country.name}", country=country.name)
        told = steps(siti.ticket(), siti.turn, siti.desk)
        assert country.emergency.number in told, country.name
        assert "+622129244800" in told, country.name
        if len(told) > 150:
            long.append((country.code, len(told), told))
    assert channel != "sms" or long == []


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
def test_the_caller_is_told_not_to_call_when_calling_is_dangerous(phone: Any, channel: str) -> None:
    """The warning survives the short form, and nothing in it promises a rescue."""
    budi = phone("budi", channel)
    budi.writes("saya disekap di riyadh", danger=("locked_in",))
    text = budi.shown()[0].lower()
    assert "kalau menelepon" in text
    assert "selamatkan" not in text


def test_danger_in_the_middle_of_a_report_raises_the_same_ticket(siti: Any) -> None:
    """There is one ticket, now critical, and the report's questions stop."""
    siti.writes("mau lapor pak", intent="report_trafficking")
    code = siti.ticket().code
    said = siti.writes(CRY, danger=("locked_in",))
    assert said[0] == "utter_emergency_more"
    ticket = siti.ticket()
    assert (ticket.code, ticket.urgency) == (code, Urgency.CRITICAL)
    assert ticket.category is Category.EMERGENCY
    assert siti.state.kind == "emergency"


def test_danger_in_the_middle_of_a_recruiter_check_is_answered_first(siti: Any) -> None:
    """What was being looked up is dropped."""
    siti.writes("mau cek pt", intent="check_recruiter")
    assert siti.writes(CRY, danger=("locked_in",))[0] == "utter_emergency_start"
    assert siti.state.kind == "emergency"


def test_danger_at_the_consent_question_is_neither_yes_nor_no(siti: Any) -> None:
    """A cry for help is heard and leaves consent unknown."""
    at_consent(siti)
    said = siti.writes("ya tolong saya dipukul sekarang", danger=("beaten",))
    assert said[0] == "utter_emergency_more"
    assert "consent" not in siti.known()


def at_consent(caller: Any) -> None:
    """Bring a report to the consent question."""
    said = caller.writes(
        "suami saya di jeddah tidak digaji enam bulan lewat PT Cahaya Rantau Sejati",
        intent="report_trafficking",
        recruiter="PT Cahaya Rantau Sejati",
    )
    assert said[-1] == "utter_ask_consent"


def test_a_second_cry_keeps_its_words_and_does_not_begin_again(siti: Any) -> None:
    """More danger is more story on the same ticket, with more reasons."""
    siti.writes(CRY, danger=("locked_in",))
    said = siti.writes("dia pukul saya lagi pakai kayu", danger=("beaten",))
    assert "utter_emergency_start" not in said
    ticket = siti.ticket()
    assert ticket.reasons == ("locked_in", "beaten")
    assert "dia pukul saya lagi pakai kayu" in [fact.value for fact in ticket.facts]


def test_a_short_cry_that_only_the_model_hears_is_on_the_ticket(siti: Any) -> None:
    """The guard writes down what it hears itself; here nobody else does."""
    siti.writes("ora iso metu", intent="emergency", confidence=0.8)
    assert "ora iso metu" in [fact.value for fact in siti.ticket().facts]


def test_a_child_in_danger_is_marked_as_a_child(siti: Any) -> None:
    """An age under eighteen in the cry is kept as a fact."""
    siti.writes("anak saya umur 15 dikurung di batam tolong pak", danger=("locked_in",))
    assert siti.known()["is_minor"] == "yes"
    assert siti.known()["who"].startswith("anak")


def test_after_the_emergency_questions_the_caller_hears_what_comes_next(siti: Any) -> None:
    """Place, person and safe time; then the end, and nothing waits any more."""
    siti.writes("tolong disekap", danger=("locked_in",))
    siti.writes("di riyadh", country="riyadh")
    siti.picks("Saya sendiri")
    said = siti.writes("malam jam 10")
    assert said == ["utter_report_done"]
    assert siti.state.asked == "more"
    assert siti.known()["safe_time"] == "malam jam 10"


@pytest.mark.parametrize(("town", "unit"), [("riyadh", "KBRI Riyadh"), ("jeddah", "KJRI Jeddah")])
def test_the_mission_in_the_town_itself_comes_first(siti: Any, town: str, unit: str) -> None:
    """In danger the nearest counts."""
    siti.writes(f"tolong saya dikunci majikan di {town}", danger=("locked_in",))
    assert unit in siti.values("utter_emergency_start")["steps"]


def test_an_hour_after_a_fact_is_no_second_cry(siti: Any) -> None:
    """The model hears danger in "malam jam 10 aja balas"; the emergency is known already."""
    siti.writes("saya dikurung majikan di riyadh tolong", danger=("locked_in",))
    while siti.state.asked != "more":
        siti.writes("lewati")
    siti.writes("berapa nomor kbri riyadh?", intent="faq/contacts")
    said = siti.writes("malam jam 10 aja balas jangan telpon", intent="emergency", confidence=0.78)
    assert "utter_emergency_more" not in said


@pytest.mark.parametrize("answer", ["ading ulun", "beta pung ade"])
def test_a_relative_named_to_a_question_is_no_emergency(siti: Any, answer: str) -> None:
    """The model alone took these bare answers for a cry."""
    siti.writes("mau lapor paspor ditahan majikan", intent="report_trafficking")
    siti.writes(answer, intent="emergency", confidence=1.0)
    assert siti.ticket().category is Category.REPORT


def test_hours_at_the_question_before_them_are_no_emergency(siti: Any) -> None:
    """Hours told while consent is asked are no cry, and no consent either."""
    siti.writes(
        "suami saya di jeddah tidak digaji enam bulan lewat PT Cahaya Rantau Sejati",
        intent="report_trafficking",
        country="jeddah",
        recruiter="PT Cahaya Rantau Sejati",
    )
    assert siti.state.asked == "consent"
    siti.writes("malam, jan manelpon", intent="emergency", confidence=1.0)
    assert siti.ticket().category is Category.REPORT
    assert "consent" not in siti.known()
    assert siti.known()["contact_rule"] == "never_call"


def test_the_country_on_the_way_is_not_where_she_is(siti: Any) -> None:
    """Flown through Dubai to Suriah: the embassy in Dubai could not help her."""
    said = "kerja di suriah, terbang lewat dubai, saya dipukul dan tidak boleh pulang"
    siti.writes(said, danger=("beaten",))
    assert siti.known()["country"] == "SY"
