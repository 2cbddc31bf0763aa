"""After the verdict: what is asked next is about the same offer, and never makes it better."""

import re
from typing import Any

import pytest
import smsutil

STRONG = "ditawari kerja admin di kamboja gaji 15 juta pakai visa turis berangkat minggu depan"
MINOR = "anak saya umur 16 ditawari kerja pabrik di malaysia sama tetangga"
PRAISE = re.compile(r"\b(aman|terpercaya|dijamin|pasti berangkat|safe)\b", re.IGNORECASE)


@pytest.fixture
def judged(siti: Any) -> Any:
    """Give Siti, who has just been warned."""
    assert siti.writes(STRONG, intent="check_offer") == ["utter_offer_result"]
    return siti


@pytest.mark.parametrize(
    ("text", "intent"),
    [("ini aman ga", "faq/confidentiality"), ("jadi aman ga kak", "deny"),
     ("boleh berangkat ga", "inform"), ("penipuan bukan", "faq/scam_compounds")],
)  # fmt: skip
def test_is_it_safe_repeats_the_verdict(judged: Any, text: str, intent: str) -> None:
    """Whatever the model takes it for, it is about the offer."""
    assert judged.writes(text, intent=intent, confidence=0.59) == ["utter_offer_again"]
    [shown] = judged.shown()
    assert "Tanda bahaya kuat" in shown
    assert PRAISE.search(shown) is None


def test_what_shall_i_do_gets_the_advice(judged: Any) -> None:
    """Not the general steps of registration."""
    said = judged.writes("terus saya harus gimana", intent="faq/procedure", confidence=0.6)
    assert said == ["utter_offer_steps"]
    assert "jangan berangkat" in judged.shown()[0]


def test_a_detail_that_is_a_new_sign_is_told_as_one(judged: Any) -> None:
    """ "Kalau biaya dipotong gaji?" is a question about this offer, and a debt."""
    said = judged.writes("kalau biaya dipotong gaji gimana?", intent="faq/costs")
    assert said in (["utter_offer_more"], ["utter_faq/costs", "utter_offer_still"])
    assert judged.state.kind == "offer"


def test_a_new_sign_raises_the_grade(siti: Any) -> None:
    """What is told late counts as much."""
    siti.writes("ada tawaran kerja di pabrik taiwan menurut bapak gimana", intent="check_offer")
    while siti.state.asked != "after":
        siti.writes("belum tahu pak")
    assert (
        siti.writes("paspornya ditahan sponsor katanya", intent="inform")[0] == "utter_offer_more"
    )
    assert "bahaya" in siti.values("utter_offer_more")["grade"].lower()


def test_a_good_detail_takes_no_sign_away(judged: Any) -> None:
    """A work visa named afterwards does not unsay the tourist visa."""
    judged.writes("eh katanya visa kerja kok, kontraknya juga ada", intent="inform")
    judged.writes("jadi aman kan?", intent="inform")
    assert "Tanda bahaya kuat" in judged.values("utter_offer_again")["grade"]


def test_an_answer_about_costs_reminds_of_the_verdict(judged: Any) -> None:
    """The general answer alone would sound like consent."""
    said = judged.writes("biaya resmi ke taiwan berapa?", intent="faq/costs")
    assert said == ["utter_faq/costs", "utter_offer_still"]


def test_contacts_in_between_may_be_asked_for_country_by_country(judged: Any) -> None:
    """And then the offer is still in mind."""
    assert judged.writes("nomor kbri jepang", intent="faq/contacts") == ["utter_contacts"]
    assert judged.writes("hong kong") == ["utter_contacts"]
    assert judged.writes("jadi aman ga", intent="deny") == ["utter_offer_again"]


def test_thanks_are_answered_and_the_offer_stays_in_mind(judged: Any) -> None:
    """Politeness is no change of subject."""
    assert judged.writes("makasih ya", intent="thanks") == ["utter_thanks"]
    assert judged.writes("ini aman ga", intent="faq/confidentiality") == ["utter_offer_again"]


def test_after_some_turns_the_offer_is_forgotten(judged: Any) -> None:
    """Then a question means what it says."""
    for _ in range(5):
        judged.writes("makasih ya", intent="thanks")
    assert judged.state is None


def test_something_else_is_answered_on_its_own(judged: Any) -> None:
    """A look at a ticket ends the talk about the offer."""
    assert judged.writes("status laporan saya", intent="ticket_status") == ["utter_ticket_none"]


def test_danger_after_the_verdict_is_an_emergency(judged: Any) -> None:
    """It outweighs everything."""
    said = judged.writes("saya sudah dikurung di kamboja", danger=("locked_in",))
    assert said[0] == "utter_emergency_start"


def test_a_report_after_the_verdict_knows_the_offer(judged: Any) -> None:
    """Nobody has to tell it twice."""
    assert judged.picks("Lapor masalah")[0] == "utter_report_start"
    assert "visa turis" in judged.known()["story"]


def test_the_name_is_checked_when_the_check_is_picked(siti: Any) -> None:
    """The offer named it already."""
    siti.writes(STRONG + " lewat PT Entikong Titian Usaha", intent="check_offer",
                recruiter="PT Entikong Titian Usaha")  # fmt: skip
    assert siti.writes("ini aman ga", intent="faq/confidentiality") == ["utter_offer_again"]
    assert siti.picks("Cek perusahaan") == ["utter_recruiter_sanctioned"]
    assert siti.state.kind == "offer"


@pytest.mark.parametrize(
    "text",
    [MINOR, "adik saya masih anak smp diajak kerja ke malaysia sama calo",
     "ada tawaran kerja ke arab buat anak 15 tahun gimana",
     "my sister is 16 years old offered a job"],
)  # fmt: skip
def test_an_offer_to_a_child_gets_the_gravest_grade_and_leads_to_a_report(
    siti: Any, text: str
) -> None:
    """The reason stands first, and the next step is a report."""
    said = siti.writes(text, intent="check_offer")
    assert said == ["utter_offer_result", "utter_offer_minor"]
    result = siti.values("utter_offer_result")
    assert "bahaya kuat" in result["grade"].lower()
    assert "18 tahun" in result["reasons"].splitlines()[0]


def test_yes_reports_the_offer_to_a_child(siti: Any) -> None:
    """The ticket is critical and knows the age and the words."""
    siti.writes(MINOR, intent="check_offer")
    assert siti.picks("Ya, laporkan")[0] == "utter_report_start"
    assert siti.ticket().urgency == "critical"
    assert "minor" in siti.ticket().reasons
    assert siti.known()["is_minor"] == "yes"
    assert "umur 16" in siti.known()["story"]


def test_an_emoji_reports_nothing(siti: Any) -> None:
    """Consent comes in words."""
    siti.writes(MINOR, intent="check_offer")
    siti.writes("👍")
    assert siti.ticket() is None
    siti.writes("jangan dulu", intent="deny")
    assert siti.ticket() is None


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
@pytest.mark.parametrize("language", ["id", "jv", "su", "en"])
def test_every_verdict_fits_its_channel_afterwards_too(
    phone: Any, channel: str, language: str
) -> None:
    """With every reason and verdict, in every language."""
    from actions.offer import fitting

    caller = phone("budi", channel, language)
    rules, texts = caller.desk.offers.rules, caller.desk.texts
    sms = channel == "sms"
    suffix = ".sms" if sms else ""

    def words(kind: str, name: str, text: str) -> str:
        return str(texts.translate(language, f"offer.{kind}.{name}{suffix}", text))

    signs = [words("sign", s.id, s.sms if sms else s.text) for s in rules.signs.values()]
    longest = sorted(signs, key=len)[-1:] if sms else fitting(sorted(signs, key=len)[-5:])
    for grade in rules.grades.values():
        values = {
            "grade": texts.translate(language, f"offer.title.{grade.id}", grade.title) + ".",
            "reasons": " ".join(longest) if sms else "\n".join(f"- {r}" for r in longest),
            "advice": words("grade", grade.id, grade.sms if sms else grade.text),
        }
        for name in ("again", "more", "steps", "still"):
            caller.said = [{"response": f"utter_offer_{name}", "buttons": [], **values}]
            [shown] = caller.shown()
            assert "{" not in shown
            if sms:
                assert len(smsutil.split(shown).parts) <= (2 if language == "id" else 3), shown
            else:
                assert len(shown) <= 1024, (name, len(shown))
