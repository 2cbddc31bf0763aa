"""The offer check: which signs are found, what is asked, how an offer is graded."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from hotline.offers import OfferFacts, OfferGrade, OfferReader, OfferReading
from store.offers import load_offer_reader

ROOT = Path(__file__).parents[2]
GROUPS = yaml.safe_load((Path(__file__).parent / "offers.yml").read_text(encoding="utf-8"))
OFFERS = [offer for group in GROUPS.values() for offer in group]
LAWFUL = "PT Cahaya Rantau Sejati buka lowongan Taiwan, visa kerja, kontrak sudah saya baca"


@pytest.fixture(scope="module")
def reader() -> OfferReader:
    """Return a reader with the rules that ship."""
    return load_offer_reader(ROOT / "knowledge" / "offer_signs.yml")


def sign_ids(reading: OfferReading) -> set[str]:
    """Return the names of the signs found."""
    return {sign.id for sign in reading.signs}


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer["text"][:40])
def test_an_offer_shows_its_signs_and_no_others(reader: OfferReader, offer: dict[str, Any]) -> None:
    """Every described or pasted offer gets exactly the signs a careful reader would name."""
    reading = reader.read(offer["text"])

    assert sign_ids(reading) == set(offer["signs"])
    assert reading.grade == offer["grade"]


def test_every_sign_has_an_offer_that_shows_it(reader: OfferReader) -> None:
    """No sign is left in the rules that no offer of ours ever shows."""
    assert set(reader.rules.signs) == {sign for offer in OFFERS for sign in offer["signs"]}


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("visa kerja bukan turis", "tourist_visa"),
        ("bukan visa turis", "tourist_visa"),
        ("tidak diminta uang muka", "fee_before_departure"),
        ("ora ditarik biaya pendaftaran", "fee_before_departure"),
        ("belum diminta bayar apa2", "fee_before_departure"),
        ("ga lewat calo", "private_sponsor"),
        ("ijazah tidak ditahan", "papers_withheld"),
        ("paspor saya pegang sendiri", "papers_withheld"),
        ("bukan ke kamboja tapi ke brunei", "country_without_placement"),
        ("kontrak 2 tahun, pengalaman 10 tahun", "under_age"),
    ],
)
def test_a_denied_sign_is_not_found(reader: OfferReader, text: str, sign: str) -> None:
    """What the caller says is not so, is not held against the offer."""
    assert sign not in sign_ids(reader.read(text))


def test_a_denied_country_is_not_taken_from_the_facts_either(
    reader: OfferReader,
) -> None:
    """A country recognised in the message counts only if the message does not deny it."""
    facts = OfferFacts(countries=("KH",))

    denied = reader.read("kerjanya bukan di kamboja", facts=facts)
    said = reader.read("kerjanya di negeri seribu pagoda", facts=facts)

    assert sign_ids(denied) == set()
    assert sign_ids(said) == {"country_without_placement"}


def test_a_passport_that_may_not_be_kept_by_its_owner_is_withheld(
    reader: OfferReader,
) -> None:
    """A denial that belongs to the sign itself does not take the sign away."""
    assert "papers_withheld" in sign_ids(reader.read("paspor tidak boleh dipegang sendiri"))


def test_an_older_age_beside_a_child_does_not_hide_the_child(
    reader: OfferReader,
) -> None:
    """An advert's age limit takes nothing away from the age of the one who would go."""
    reading = reader.read("syaratnya usia 21-35, padahal anak saya umur 16")

    assert "under_age" in sign_ids(reading)


def test_words_found_are_the_callers_own_without_numbers_of_others(
    reader: OfferReader,
) -> None:
    """The reasons quote what was typed, but carry no telephone number along."""
    reading = reader.read("admin jud0l, hubungi wa 0812-3456-7890")
    words = {word for sign in reading.signs for word in sign.words}

    assert "admin jud0l" in words
    assert not any(re.search(r"\d{4}", word) for word in words)


def test_an_amount_in_words_counts_as_money(reader: OfferReader) -> None:
    """A sum another part of the program recognised in words is a sum here."""
    facts = OfferFacts(amounts=("sepuluh yutaan luwih",))

    assert "fee_before_departure" in sign_ids(
        reader.read("kudu mbayar sepuluh yutaan luwih", facts=facts)
    )


def test_good_points_never_take_a_strong_sign_away(reader: OfferReader) -> None:
    """A company, a contract and a work visa do not outweigh a passport withheld."""
    reading = reader.read(LAWFUL + ", paspor ditahan kantor")

    assert reading.grade is OfferGrade.STRONG_DANGER
    assert {"company_named", "work_visa", "contract_shown"} <= set(reading.reassuring)


def test_a_lawful_looking_offer_is_still_to_be_checked(reader: OfferReader) -> None:
    """The best grade there is says what to check."""
    assert reader.read(LAWFUL).grade is OfferGrade.TO_BE_CHECKED


@pytest.mark.parametrize(
    ("text", "recruiter"),
    [
        ("lewat PT Cahaya Rantau Sejati di Malang", "PT Cahaya Rantau Sejati"),
        ("pt. bahari mitra katanya resmi", "pt. bahari mitra"),
        ("PT nya ga jelas", None),
        ("ga usah lewat PT ribet", None),
    ],
)
def test_a_recruiter_named_in_an_offer_is_kept(
    reader: OfferReader, text: str, recruiter: str | None
) -> None:
    """The name goes on to the check of the register as it was typed."""
    assert reader.read(text).recruiter == recruiter


def test_a_recruiter_already_recognised_is_kept_as_typed(reader: OfferReader) -> None:
    """The name the language model found comes before our own reading."""
    reading = reader.read("ditawari kerja", facts=OfferFacts(recruiter="cahaya rantau"))

    assert reading.recruiter == "cahaya rantau"
    assert reading.reassuring == ("company_named",)


def test_a_person_is_no_company(reader: OfferReader) -> None:
    """A name with a title of address does not answer which company it is."""
    reading = reader.read("ditawari kerja", facts=OfferFacts(recruiter="Bu Ning"))

    assert "company" in reading.unknown


def test_at_most_three_questions_are_asked(reader: OfferReader) -> None:
    """The most valuable open questions come first, and never a fourth."""
    reading = reader.read("ada tawaran kerja ke taiwan")
    asked: list[str] = []
    while (question := reader.next_question(reading, asked)) is not None:
        asked.append(question)

    assert asked == ["visa", "fees", "contract"]


def test_what_the_offer_already_says_is_not_asked(reader: OfferReader) -> None:
    """Questions the message answers are skipped."""
    reading = reader.read("visa kerja, tidak dipungut biaya, kontrak sudah saya baca")

    assert reader.next_question(reading) == "company"


def test_nothing_is_asked_when_the_danger_is_plain(reader: OfferReader) -> None:
    """A warning does not wait for more questions."""
    reading = reader.read("kerja admin judi di Poipet")

    assert reader.next_question(reading) is None


@pytest.mark.parametrize(
    ("question", "text", "finding"),
    [
        ("visa", "turis", "tourist_visa"),
        ("visa", "umroh", "tourist_visa"),
        ("visa", "visa kerja, bukan turis", "work_visa"),
        ("fees", "belum bayar", "nothing_paid"),
        ("fees", "iya", "fee_before_departure"),
        ("fees", "5jt", "fee_before_departure"),
        ("fees", "potong gaji", "debt"),
        ("contract", "ga ada kontrak", "no_contract"),
        ("contract", "durung", "no_contract"),
        ("contract", "can aya", "no_contract"),
        ("contract", "iya", "contract_shown"),
        ("contract", "tidak boleh dibaca", "refuses_written_contract"),
        ("company", "PT Cahaya Rantau Sejati", "company_named"),
        ("company", "cahaya rantau", "company_named"),
        ("company", "bu yati", "private_sponsor"),
        ("company", "ga ada", "private_sponsor"),
        ("papers_held", "iya", "papers_withheld"),
        ("papers_held", "saya pegang sendiri", "papers_with_caller"),
        ("age", "17", "under_age"),
        ("age", "umur saya 30", "adult"),
    ],
)
def test_a_short_answer_leans_on_its_question(
    reader: OfferReader, question: str, text: str, finding: str
) -> None:
    """One or two words are enough, in the caller's own language."""
    reading = reader.answer(reader.read("ada tawaran kerja"), question, text)

    assert finding in sign_ids(reading) | set(reading.reassuring)
    assert question not in reading.unknown


@pytest.mark.parametrize("question", ["visa", "fees", "contract", "company", "papers_held", "age"])
@pytest.mark.parametrize("text", ["ga tau", "belum tau", "embuh", "😭", ""])
def test_an_answer_that_says_nothing_changes_nothing(
    reader: OfferReader, question: str, text: str
) -> None:
    """Not knowing is neither a sign nor a good point."""
    before = reader.read("ada tawaran kerja ke taiwan")

    assert reader.answer(before, question, text) == before


def test_an_answer_adds_to_what_is_known(reader: OfferReader) -> None:
    """Signs gather over the answers until the grade rises."""
    reading = reader.read("ditawari kerja sama tetangga")
    assert reading.grade is OfferGrade.TO_BE_CHECKED

    reading = reader.answer(reading, "fees", "iya 3 juta")
    assert reading.grade is OfferGrade.MANY_SIGNS

    reading = reader.answer(reading, "visa", "visa turis")
    assert reading.grade is OfferGrade.STRONG_DANGER
    assert reading.signs[0].id == "tourist_visa"


def test_a_company_named_later_clears_only_what_was_its_absence(
    reader: OfferReader,
) -> None:
    """A bare number stops being a sign once a company is named; haste stays one."""
    reading = reader.read("loker malaysia, buruan wa 081234567890")
    assert sign_ids(reading) == {"only_link_or_number", "haste"}

    reading = reader.answer(reading, "company", "PT Cahaya Rantau Sejati")
    assert sign_ids(reading) == {"haste"}
    assert reading.recruiter == "PT Cahaya Rantau Sejati"


def test_every_choice_answers_its_question_or_admits_not_knowing(
    reader: OfferReader,
) -> None:
    """A button does the same as the words it stands for."""
    empty = reader.read("")
    for question in reader.rules.questions.values():
        for choice in question.choices:
            reading = reader.answer(empty, question.id, choice.value)
            assert (question.id in reading.unknown) == (choice.value == "belum tahu"), choice


@pytest.mark.parametrize("offer", OFFERS[:8], ids=lambda offer: offer["text"][:40])
def test_a_reading_survives_json(reader: OfferReader, offer: dict[str, Any]) -> None:
    """What rides in a conversation's memory comes back whole."""
    reading = reader.read(offer["text"])

    assert OfferReading.from_dict(json.loads(json.dumps(reading.to_dict()))) == reading


def test_a_foreign_state_is_refused() -> None:
    """A memory that is not a reading is an error, not an empty offer."""
    with pytest.raises((KeyError, ValueError)):
        OfferReading.from_dict({"signs": [], "grade": "aman"})


@pytest.mark.parametrize("text", ["", "...", "😭😭", "7" * 9000, "a" * 20000, "(" * 500, "'", "_2"])
def test_odd_text_is_read_without_trouble(reader: OfferReader, text: str) -> None:
    """Noise is an offer of which nothing is known."""
    assert reader.read(text).grade is OfferGrade.TOO_LITTLE_KNOWN
