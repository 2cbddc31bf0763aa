"""How a report is taken: a ticket from the first word, no question twice, nothing lost."""

from typing import Any

import pytest

from hotline.tickets import Category, State, Urgency
from store import db, tickets

FULL = "suami saya di jeddah tidak digaji enam bulan lewat PT Cahaya Rantau Sejati"
LONG = (
    "assalamualaikum pak mohon maaf mengganggu saya ibu dari kampung di lombok timur anak "
    "perempuan saya berangkat bulan tiga lewat sponsor katanya jadi pelayan restoran di kuala "
    "lumpur tapi sampai sana malah dibawa ke rumah orang disuruh kerja dari jam empat pagi sampai "
    "tengah malam gaji tidak dikasih paspor dipegang bosnya hp cuma boleh malam minggu kemarin dia "
    "telepon menangis bilang mau pulang tapi diminta ganti rugi dua puluh juta kami tidak punya"
)


def test_the_first_word_opens_the_ticket(siti: Any) -> None:
    """A caller who falls silent after one message has still left a ticket behind."""
    said = siti.writes("mau lapor pak", intent="report_trafficking")
    assert said == ["utter_report_start", "utter_ask_story"]
    ticket = siti.ticket()
    assert (ticket.category, ticket.urgency) == (Category.REPORT, Urgency.HIGH)
    assert ticket.known() == {}


def test_what_the_first_message_tells_is_not_asked_again(siti: Any) -> None:
    """Story, place, person and recruiter stand in one message: consent is the first question."""
    said = siti.writes(FULL, intent="report_trafficking", recruiter="PT Cahaya Rantau Sejati")
    assert said == ["utter_report_start", "utter_ask_consent"]
    known = siti.known()
    assert known["story"] == FULL
    assert known["country"] == "SA"
    assert known["who"] == "suami saya"
    assert known["recruiter"] == "PT Cahaya Rantau Sejati"


def test_an_answer_may_tell_more_than_was_asked(siti: Any) -> None:
    """The place answer names the recruiter too, so that one is not asked for."""
    siti.writes("mau lapor", intent="report_trafficking")
    siti.writes("paspor saya diambil dan saya tidak boleh keluar rumah")
    said = siti.writes("saya di penang lewat PT Bahari Laksana", recruiter="PT Bahari Laksana")
    assert said == ["utter_ask_consent"]
    assert siti.known()["recruiter"] == "PT Bahari Laksana"


def test_an_answer_to_a_later_question_is_not_filed_as_the_place(siti: Any) -> None:
    """Asked where, Siti tells who recruited her: the place stays open."""
    siti.writes("mau lapor paspor saya ditahan dan gaji dipotong", intent="report_trafficking")
    assert siti.state.asked == "where"
    siti.writes("lewat PT Bahari Laksana", recruiter="PT Bahari Laksana")
    assert siti.known()["recruiter"] == "PT Bahari Laksana"
    assert "where" not in siti.known()
    assert siti.state.asked == "where"


def test_a_correction_replaces_what_was_said(siti: Any) -> None:
    """The country is changed, the caller hears so, and the open question comes again."""
    siti.writes("mau lapor gaji saya ditahan enam bulan di malaysia", intent="report_trafficking")
    open_question = siti.state.asked
    said = siti.writes("eh maaf salah tulis, di brunei")
    assert said == ["utter_corrected", f"utter_ask_{open_question}"]
    assert siti.known()["country"] == "BN"


def test_a_correction_that_the_model_takes_for_no_is_still_a_correction(siti: Any) -> None:
    """ "Bukan" begins both; the open question must not be lost over it."""
    siti.writes("mau lapor gaji saya ditahan di malaysia enam bulan", intent="report_trafficking")
    siti.state.asked = "recruiter"
    siti.writes("bukan malaysia maksud saya brunei", intent="deny", confidence=0.8)
    assert siti.known()["country"] == "BN"
    assert "recruiter" not in siti.state.settled


def test_the_earlier_words_stay_in_the_record_after_a_correction(siti: Any) -> None:
    """A responder sees both what was said first and what replaced it."""
    siti.writes("mau lapor gaji saya ditahan enam bulan di malaysia", intent="report_trafficking")
    siti.writes("eh maaf salah tulis, di brunei")
    countries = [f.value for f in siti.ticket().facts if f.field == "country"]
    assert countries == ["MY", "BN"]


@pytest.mark.parametrize("refusal", ["LEWATI", "tidak tahu", "gak mau jawab", "mboten ngertos"])
def test_a_refused_question_is_not_asked_again(siti: Any, refusal: str) -> None:
    """Not knowing is an answer: the next question comes and nothing is written down."""
    siti.writes("mau lapor paspor saya ditahan dan gaji dipotong", intent="report_trafficking")
    assert siti.state.asked == "where"
    said = siti.writes(refusal)
    assert said != ["utter_ask_where"]
    assert "where" not in siti.known()


def test_a_long_story_is_kept_whole(siti: Any) -> None:
    """Not a word of what a mother tells is cut, and its facts are found."""
    said = siti.writes(LONG, intent="report_trafficking")
    known = siti.known()
    assert known["story"] == LONG
    assert known["country"] == "MY"
    assert "utter_ask_story" not in said
    assert "utter_ask_where" not in said


def test_a_story_that_holds_the_words_for_not_knowing_is_kept(siti: Any) -> None:
    """ "Saya tidak tahu harus bagaimana" is how stories end; it is no refusal to tell one."""
    siti.writes("mau lapor", intent="report_trafficking")
    story = "majikan menahan paspor saya dan saya tidak tahu harus ke mana lagi"
    siti.writes(story)
    assert siti.known().get("story") == story


def test_an_answer_that_says_no_about_something_else_is_kept(siti: Any) -> None:
    """Asked why she must go home, Budi's wife says there is no pay: that is the reason."""
    siti.writes("minta pulang", intent="ask_return")
    siti.writes("di riyadh", country="riyadh")
    siti.picks("Saya sendiri")
    assert siti.state.asked == "reason"
    siti.writes("tidak digaji lima bulan", intent="deny", confidence=0.7)
    assert siti.known().get("reason") == "tidak digaji lima bulan"


def test_an_unreadable_answer_is_asked_once_more_and_then_passed_over(siti: Any) -> None:
    """Emoji are no answer; after the second one the talk goes on."""
    siti.writes("mau lapor paspor saya ditahan dan gaji dipotong", intent="report_trafficking")
    assert siti.writes("😭") == ["utter_unsure_empty", "utter_ask_where"]
    said = siti.writes("...")
    assert said[-1] != "utter_ask_where"
    assert "where" not in siti.known()


def test_a_village_head_who_takes_part_sends_the_ticket_one_level_up(siti: Any) -> None:
    """The flag is set by the story, and by any later answer."""
    siti.writes("mau lapor", intent="report_trafficking")
    assert siti.ticket().conflict_of_interest is False
    siti.writes("yang merekrut kami itu adiknya pak kades, kadesnya ikut dapat bagian")
    assert siti.ticket().conflict_of_interest is True


def test_a_village_head_who_helps_is_no_conflict(siti: Any) -> None:
    """Having told him about it makes nobody a suspect."""
    siti.writes(
        "mau lapor gaji saya ditahan, kemarin saya sudah lapor ke pak kades",
        intent="report_trafficking",
    )
    assert siti.ticket().conflict_of_interest is False


def test_a_question_that_names_the_village_head_still_flags_the_ticket(siti: Any) -> None:
    """What is told inside a question counts: the report must not reach him."""
    siti.writes("mau lapor gaji saya ditahan enam bulan", intent="report_trafficking")
    siti.writes(
        "yang merekrut itu pak kades sendiri, apa nanti dia tahu saya lapor?",
        intent="faq/confidentiality",
    )
    assert siti.ticket().conflict_of_interest is True


def test_batal_stops_the_questions_and_keeps_the_ticket(siti: Any) -> None:
    """What was told stays for the responder, and the caller is told so."""
    siti.writes("mau lapor paspor saya ditahan dan gaji dipotong", intent="report_trafficking")
    code = siti.ticket().code
    assert siti.writes("BATAL", intent="start_over", confidence=0.9) == ["utter_report_cancelled"]
    assert siti.state.asked == "stopped"
    assert siti.ticket().code == code
    assert siti.ticket().state is State.NEW
    assert code in siti.shown()[0]


def test_the_word_batal_stops_even_when_the_model_misses_it(siti: Any) -> None:
    """We promise callers this very word, so it cannot hang on a guess."""
    siti.writes("mau lapor paspor saya ditahan dan gaji dipotong", intent="report_trafficking")
    assert siti.writes("BATAL", intent="inform", confidence=1.0) == ["utter_report_cancelled"]


def test_never_call_is_a_fact_wherever_it_is_said(siti: Any) -> None:
    """A forbidden way of contact in the story is kept for the responder."""
    siti.writes(
        "mau lapor majikan saya, tapi jangan telepon ya hp dipegang dia",
        intent="report_trafficking",
    )
    assert siti.known()["contact_rule"] == "never_call"


def test_what_is_said_after_a_responder_closed_the_ticket_is_not_lost(
    siti: Any, desk: Any, clock: Any
) -> None:
    """The late answer lands on the ticket it belongs to, and the talk ends politely."""
    siti.writes("mau lapor paspor saya ditahan dan gaji dipotong", intent="report_trafficking")
    ticket = siti.ticket()
    with db.write(desk.vault.engine) as connection:
        tickets.move(connection, ticket.id, State.UNFOUNDED, actor="rina", now=clock())
    assert siti.writes("saya di penang sekarang") == ["utter_report_done"]
    with db.read(desk.vault.engine) as connection:
        [closed] = tickets.all_tickets(connection, desk.vault.keyring, code=ticket.code)
    assert closed.known()["where"] == "saya di penang sekarang"


def test_a_missing_daughter_is_asked_about_in_her_own_words(siti: Any) -> None:
    """The questions fit the matter, and the ticket is of its kind."""
    said = siti.writes("anak saya hilang kontak", intent="report_missing")
    assert said[0] == "utter_missing_start"
    assert siti.ticket().category is Category.MISSING
    while siti.state and siti.state.asked != "last_contact":
        siti.writes("anak perempuan saya, Wati, di Taiwan", country="Taiwan")
    siti.writes("lebaran kemarin lewat whatsapp")
    assert siti.known()["last_contact"] == "lebaran kemarin lewat whatsapp"


def test_a_call_for_a_person_is_a_ticket_for_a_person(siti: Any) -> None:
    """Somebody who wants a human gets a code and a place in the queue."""
    said = siti.writes("mau bicara petugas", intent="ask_human")
    assert said[0] == "utter_human_start"
    assert siti.ticket().category is Category.OTHER


def test_a_second_report_of_the_same_caller_joins_the_open_ticket(siti: Any) -> None:
    """The same conversation never has two open tickets."""
    siti.writes(FULL, intent="report_trafficking", recruiter="PT Cahaya Rantau Sejati")
    siti.writes("BATAL", intent="start_over")
    siti.writes("mau lapor lagi gaji belum juga dibayar majikan", intent="report_trafficking")
    assert len(siti.rows()["tickets"]) == 1


@pytest.mark.parametrize("question", ["story", "recruiter", "safe_time"])
def test_a_place_from_the_phone_answers_where_whatever_was_asked(siti: Any, question: str) -> None:
    """The gateway makes words of it; they are no story, no recruiter and no hours."""
    siti.writes("mau lapor", intent="report_trafficking")
    siti.state.asked = question
    said = siti.writes("saya di Malaysia (3.13900,101.68690)")
    assert said == ["utter_noted", f"utter_ask_{question}"]
    assert siti.known()["where"] == "saya di Malaysia (3.13900,101.68690)"
    assert question not in siti.known()
    siti.writes("paspor saya diambil sponsor dan gaji tidak dibayar, jam 9 malam")
    assert "where" in siti.state.settled


def test_a_name_is_not_filed_as_the_recruiter(siti: Any) -> None:
    """Asked who sent her, Dewi says who she is: the question stays open, the name is kept."""
    siti.writes(
        "my boss took my passport and does not pay me for 4 months in dubai",
        intent="report_trafficking",
    )
    assert siti.state.asked == "recruiter"
    siti.writes("I am Dewi")
    assert siti.state.asked == "recruiter"
    assert "recruiter" not in siti.known()
    assert "I am Dewi" in siti.known()["addition"]


def test_the_country_of_the_report_is_the_one_a_contact_is_wanted_for(siti: Any) -> None:
    """Who has said where she is need not say it again to get a number."""
    siti.writes("paspor saya ditahan di dubai dan gaji tidak dibayar", intent="report_trafficking")
    said = siti.writes("nomor kbri berapa?", intent="faq/contacts")
    assert said[0] == "utter_contacts"


def test_a_correction_where_consent_was_asked_is_kept(siti: Any) -> None:
    """It agrees to nothing, and is on the ticket."""
    siti.writes(FULL, intent="report_trafficking", recruiter="PT Cahaya Rantau Sejati")
    siti.writes("eh salah delapan bulan, bukan enam")
    assert siti.state.asked == "consent"
    assert "delapan bulan" in siti.known()["addition"]
    assert "consent" not in siti.known()


@pytest.mark.parametrize(
    ("text", "intent", "settled"),
    [
        ("suami saya meninggal di taiwan bawa jenazahnya pulang gimana", "ask_return", "reason"),
        ("anak saya di malaysia tidak bisa dihubungi sudah 3 bulan", "report_missing",
         "last_contact"),
    ],
)  # fmt: skip
def test_what_is_particular_to_a_report_is_not_asked_again(
    siti: Any, text: str, intent: str, settled: str
) -> None:
    """Why she must come home, and since when there is no news."""
    siti.writes(text, intent=intent)
    assert settled in siti.known()
    asked = []
    while siti.state.asked not in {"more", "consent"}:
        asked.append(siti.state.asked)
        siti.writes("lewati")
    assert settled not in asked
