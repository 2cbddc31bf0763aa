"""The offer check: at most three questions, a strong sign at once, the recruiter kept."""

import re
from typing import Any

import pytest

STRONG = "ditawari kerja admin di kamboja gaji 15 juta pakai visa turis berangkat minggu depan"
VAGUE = "ada tawaran kerja di pabrik taiwan menurut bapak gimana"
SAFE = re.compile(r"\b(aman|terpercaya|dijamin|pasti berangkat)\b", re.IGNORECASE)


def test_a_strong_sign_is_told_at_once(siti: Any) -> None:
    """Nothing is asked first: the warning must not wait."""
    said = siti.writes(STRONG, intent="check_offer")
    assert said[0] == "utter_offer_result"
    assert "bahaya" in siti.values("utter_offer_result")["grade"].lower()
    assert siti.values("utter_offer_result")["reasons"].strip()


def test_at_most_three_questions_are_asked(siti: Any) -> None:
    """Budi knows nothing of what is asked, and is still told what to check."""
    asked = siti.writes(VAGUE, intent="check_offer")
    questions = 0
    while asked[-1] == "utter_offer_question":
        questions += 1
        asked = siti.writes("belum tahu pak")
    assert 1 <= questions <= 3
    assert asked[0] == "utter_offer_result"


def test_no_question_comes_twice(siti: Any) -> None:
    """Each question is another one."""
    said, questions = siti.writes(VAGUE, intent="check_offer"), []
    while said[-1] == "utter_offer_question":
        questions.append(siti.values("utter_offer_question")["question"])
        said = siti.writes("belum tahu pak")
    assert len(set(questions)) == len(questions)


def test_an_answer_that_is_a_strong_sign_ends_the_questions(siti: Any) -> None:
    """The visa alone is enough."""
    siti.writes(VAGUE, intent="check_offer")
    assert siti.state.asked == "visa"
    assert siti.picks("Turis atau umrah")[0] == "utter_offer_result"


def test_the_recruiter_named_is_kept_and_can_be_checked(siti: Any) -> None:
    """After the verdict the caller need not write the name again."""
    said = siti.writes(
        STRONG + " lewat PT Entikong Titian Usaha",
        intent="check_offer",
        recruiter="PT Entikong Titian Usaha",
    )
    assert said == ["utter_offer_result", "utter_offer_recruiter_kept"]
    assert siti.picks("Ya, cek") == ["utter_recruiter_sanctioned"]


def test_the_offered_check_can_be_declined(siti: Any) -> None:
    """No is taken as no, and nothing is asked any more."""
    siti.writes(
        STRONG + " lewat PT Entikong Titian Usaha",
        intent="check_offer",
        recruiter="PT Entikong Titian Usaha",
    )
    assert siti.picks("Tidak usah") == ["utter_what_next"]
    assert siti.state.asked == "after"


def test_a_bare_wish_is_asked_for_the_offer(siti: Any) -> None:
    """Then the next message is the offer."""
    assert siti.writes("cek tawaran", intent="check_offer") == ["utter_ask_offer_text"]
    assert siti.writes(STRONG)[0] == "utter_offer_result"


def test_a_question_in_between_is_answered_and_the_offers_question_repeated(siti: Any) -> None:
    """The offer check waits for its answer."""
    siti.writes(VAGUE, intent="check_offer")
    question = siti.values("utter_offer_question")["question"]
    said = siti.writes("berapa biaya resmi ke taiwan?", intent="faq/costs")
    assert said == ["utter_faq/costs", "utter_offer_question"]
    assert siti.values("utter_offer_question")["question"] == question


def test_danger_inside_an_offer_check_is_heard(siti: Any) -> None:
    """The offer was already a trap."""
    siti.writes(VAGUE, intent="check_offer")
    said = siti.writes("saya sudah di sana dan dikurung", danger=("locked_in",))
    assert said[0] == "utter_emergency_start"


def test_every_answer_on_offer_is_understood(siti: Any, desk: Any) -> None:
    """A tapped choice other than not knowing settles its question."""
    for name, question in desk.offers.rules.questions.items():
        for choice in question.choices:
            if "belum tahu" in choice.value:
                continue
            siti.state = None
            siti.writes(VAGUE, intent="check_offer")
            siti.state.asked = name
            found = desk.offers.read(VAGUE)
            found = desk.offers.answer(found, name, choice.value)
            assert name not in found.unknown, (name, choice.value)


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
def test_no_offer_is_ever_called_safe(phone: Any, channel: str) -> None:
    """Even with every good answer the result tells what to check."""
    siti = phone(channel=channel)
    said = siti.writes(
        "tawaran perawat jepang lewat pemerintah, visa kerja, sudah ada kontrak tertulis, "
        "tidak diminta bayar, paspor saya pegang sendiri, umur saya 25 tahun",
        intent="check_offer",
    )
    while said[-1] == "utter_offer_question":
        said = siti.writes("tidak tahu")
    shown = " ".join(siti.shown())
    assert "utter_offer_result" in said
    assert SAFE.search(shown) is None


def test_the_sms_result_fits_two_parts(phone: Any, desk: Any) -> None:
    """The heaviest reason, the verdict and the menu, for every sign there is."""
    siti = phone(channel="sms")
    rules = desk.offers.rules
    longest = max(len(sign.sms) for sign in rules.signs.values())
    for grade in rules.grades.values():
        siti.said = [
            {
                "response": "utter_offer_result",
                "buttons": [],
                "grade": grade.title + ".",
                "reasons": "x" * longest,
                "advice": grade.sms,
            }
        ]
        [shown] = siti.shown()
        assert len(shown) <= 306, (grade.id, len(shown))


def test_the_full_result_fits_a_message_with_buttons(siti: Any, desk: Any) -> None:
    """WhatsApp refuses more than 1,024 characters beside buttons; five long reasons come close."""
    rules = desk.offers.rules
    from actions.offer import fitting

    reasons = sorted((sign.text for sign in rules.signs.values()), key=len)[-5:]
    for grade in rules.grades.values():
        siti.said = [
            {
                "response": "utter_offer_result",
                "buttons": [],
                "grade": grade.title + ".",
                "reasons": "\n".join(f"- {reason}" for reason in fitting(reasons)),
                "advice": grade.text,
            }
        ]
        [shown] = siti.shown()
        assert len(shown) <= 1024, (grade.id, len(shown))


@pytest.mark.parametrize(
    ("text", "intent"), [("visa turis", "faq/passport_visa"), ("pake visa umroh", "faq/costs")]
)
def test_an_answer_that_reads_like_a_topic_is_an_answer(siti: Any, text: str, intent: str) -> None:
    """Two words that the model takes for a question answer ours."""
    siti.writes(VAGUE, intent="check_offer")
    assert siti.state.asked == "visa"
    assert siti.writes(text, intent=intent, confidence=0.99)[0] == "utter_offer_result"


def test_an_answer_to_another_question_leaves_this_one_open(siti: Any) -> None:
    """Asked for the visa, Budi says that there is no contract: both are wanted."""
    siti.writes(VAGUE, intent="check_offer")
    siti.writes("belum ada kontrak", intent="faq/contract", confidence=0.99)
    assert siti.state.asked == "visa"
    assert "no_contract" in str(siti.state.data["reading"]["signs"])


def test_a_real_question_in_between_is_still_answered(siti: Any) -> None:
    """Who asks, asks."""
    siti.writes(VAGUE, intent="check_offer")
    said = siti.writes("visa turis itu apa?", intent="faq/passport_visa", confidence=0.99)
    assert said[0] == "utter_faq/passport_visa"


@pytest.mark.parametrize("word", ["cek", "ya cek dong", "tolong dicek"])
def test_the_offered_check_can_be_asked_for_in_its_own_word(siti: Any, word: str) -> None:
    """The button says "cek", so callers write it."""
    siti.writes(STRONG + " lewat PT Entikong Titian Usaha", intent="check_offer",
                recruiter="PT Entikong Titian Usaha")  # fmt: skip
    assert siti.writes(word, intent="menu", confidence=0.4) == ["utter_recruiter_sanctioned"]
