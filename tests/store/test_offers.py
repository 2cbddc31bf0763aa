"""The file of offer signs: what it must hold, and how a broken one is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import smsutil
import yaml

from hotline.offer_rules import OfferRules
from store.offers import OfferRulesError, load_offer_rules

SHIPPED = Path(__file__).parents[2] / "knowledge" / "offer_signs.yml"


@pytest.fixture(scope="module")
def rules() -> OfferRules:
    """Return the rules that ship."""
    return load_offer_rules(SHIPPED)


def test_every_sign_fits_an_sms_and_names_its_source(rules: OfferRules) -> None:
    """A reason is one short plain line, with where it comes from and as of when."""
    for sign in rules.signs.values():
        assert smsutil.is_valid_gsm(sign.sms), sign.id
        assert len(sign.sms) <= 70, sign.id
        assert sign.as_of[:2] == "20", sign.id
        assert sign.mark in {"found", "inference", "judgement"}, sign.id


def test_questions_and_grades_fit_their_channels(rules: OfferRules) -> None:
    """Buttons are short enough for every channel, SMS texts are GSM-7 and short."""
    for question in rules.questions.values():
        assert all(len(choice.title) <= 20 for choice in question.choices), question.id
        assert len(question.choices) <= 3, question.id
        assert smsutil.is_valid_gsm(question.sms), question.id
        assert len(question.sms) <= 160, question.id
    for grade in rules.grades.values():
        assert smsutil.is_valid_gsm(grade.sms), grade.id
        assert len(grade.sms) <= 160, grade.id


def test_no_text_calls_an_offer_safe_or_names_a_fee(rules: OfferRules) -> None:
    """Nothing a caller reads says that an offer is safe or what it may cost."""
    texts = [sign.text + sign.sms for sign in rules.signs.values()]
    texts += [grade.title + grade.text + grade.sms for grade in rules.grades.values()]
    texts += [point.text for point in rules.good_points.values()]
    for text in texts:
        assert "aman" not in text.lower().split()
        assert "Rp" not in text


def test_the_gravest_grade_says_how_to_reach_a_person(rules: OfferRules) -> None:
    """A caller in danger learns the word that brings help."""
    assert "DARURAT" in rules.grades["bahaya_kuat"].text
    assert "DARURAT" in rules.grades["bahaya_kuat"].sms


def _drop_grade(data: dict[str, Any]) -> None:
    del data["grades"][0]


def _double_sign(data: dict[str, Any]) -> None:
    data["signs"].append(data["signs"][0])


def _unknown_weight(data: dict[str, Any]) -> None:
    data["signs"][0]["weight"] = "huge"


def _no_text(data: dict[str, Any]) -> None:
    data["signs"][0]["text"] = " "


def _other_spelling(data: dict[str, Any]) -> None:
    data["signs"][0]["any"].append("pasport turis")


def _open_bracket(data: dict[str, Any]) -> None:
    data["signs"][0]["any"].append("visa (turis")


def _stray_reference(data: dict[str, Any]) -> None:
    data["questions"][0]["answered_by"].append("moon_visa")


def _spelling_twice(data: dict[str, Any]) -> None:
    data["words"]["tidak"].append("byr")


def _no_section(data: dict[str, Any]) -> None:
    del data["negation"]


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (_drop_grade, "bahaya_kuat"),
        (_double_sign, "tourist_visa"),
        (_unknown_weight, "tourist_visa"),
        (_no_text, "tourist_visa"),
        (_other_spelling, "paspor"),
        (_open_bracket, "visa (turis"),
        (_stray_reference, "moon_visa"),
        (_spelling_twice, "byr"),
        (_no_section, "negation"),
    ],
)
def test_a_spoilt_file_is_refused_and_the_fault_named(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], None], named: str
) -> None:
    """An operator's slip is told with the file and the item, before any caller meets it."""
    data = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    spoil(data)
    spoilt = tmp_path / "offer_signs.yml"
    spoilt.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")

    with pytest.raises(OfferRulesError) as error:
        load_offer_rules(spoilt)

    assert str(spoilt) in str(error.value)
    assert named in str(error.value)


@pytest.mark.parametrize("content", ["", "- a\n- b\n", "signs: [", "signs: 5"])
def test_a_file_that_is_no_set_of_rules_is_refused(tmp_path: Path, content: str) -> None:
    """An empty, cut or foreign file is one clear error."""
    broken = tmp_path / "offer_signs.yml"
    broken.write_text(content, encoding="utf-8")

    with pytest.raises(OfferRulesError):
        load_offer_rules(broken)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A file that is not there is the same kind of error."""
    with pytest.raises(OfferRulesError):
        load_offer_rules(tmp_path / "gone.yml")
