"""What the knowledge folder must hold, and what its reader refuses."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import smsutil  # type: ignore[import-untyped]

from hotline.knowledge import Knowledge, KnowledgeError
from store.knowledge import load_knowledge

FOLDER = Path(__file__).parents[2] / "knowledge"
FILES = ("contacts.yml", "countries.yml", "destinations.yml", "units.yml")

Change = Callable[[str, str, str], Path]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """Load the facts that ship with Suar."""
    return load_knowledge(FOLDER)


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """Copy the knowledge folder and change one text in one file."""

    def change(file: str, old: str, new: str) -> Path:
        for name in FILES:
            shutil.copy(FOLDER / name, tmp_path / name)
        content = (FOLDER / file).read_text(encoding="utf-8")
        assert old in content
        (tmp_path / file).write_text(content.replace(old, new, 1), encoding="utf-8")
        return tmp_path

    return change


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Malaysia", "MY"),
        ("malay", "MY"),
        ("mlysia", "MY"),
        ("malaysya", "MY"),
        ("k4mboja", "KH"),
        ("KAMBOJAAA", "KH"),
        ("hong-kong", "HK"),
        ("arab", "SA"),
        ("anak saya Siti kerja di riyad", "SA"),
        ("Budi di johor bahru", "MY"),
        ("orang indonesia yang kerja di taichung", "TW"),
        ("kk park", "MM"),
        ("tanjung perak", "ID"),
        ("malaysiya", "MY"),
        ("brunai", "BN"),
        ("korsel", "KR"),
        ("emirat", "AE"),
        ("myawaddy", "MM"),
        ("golden triangle", "LA"),
        ("sandakan", "MY"),
        ("erbil", "IQ"),
        ("kerja di sg", "SG"),
        ("amman", "JO"),
        ("di dammam", "SA"),
        ("kedah", "MY"),
    ],
)
def test_a_country_is_found_by_everyday_spellings_and_cities(
    knowledge: Knowledge, text: str, code: str
) -> None:
    """A name, a nickname, a typo or a city is enough to know the country."""
    country = knowledge.country_named(text)
    assert country is not None
    assert country.code == code


@pytest.mark.parametrize(
    "text",
    [
        "kl berangkat kapan",
        "bahasa inggris saya kurang",
        "jepara",
        "medan",
        "di sana panas",
        "png",
        "",
        "aman gak pak",
        "aman",
        "kedah kumaha atuh",
        "sonde usa dolo",
        "badan damam tinggi",
        "nilai rapor bagus",
    ],
)
def test_everyday_words_are_no_country(knowledge: Knowledge, text: str) -> None:
    """Words that only look like a country or city name none."""
    assert knowledge.country_named(text) is None


def test_the_places_where_indonesians_work_are_known(knowledge: Knowledge) -> None:
    """Callers name the town, seldom the country; most destinations have several."""
    towns = [town for country in knowledge.countries for town in country.cities]
    assert len(towns) >= 500
    told = """johor bahru, tawau, sandakan, sibu, riyadh, jeddah, dammam, abu dhabi, sharjah, doha,
    kuwait city, salmiya, amman, muscat, taichung, kaohsiung, tainan, taoyuan, kowloon, incheon,
    ansan, busan, nagoya, osaka, bavet, poipet, sihanoukville, phnom penh, myawaddy, laukkaing,
    bokeo, manila, istanbul, erbil, tripoli"""
    for town in (" ".join(one.split()) for one in told.split(",")):
        assert knowledge.country_named(town) is not None, town


def test_countries_in_a_story_come_in_the_order_of_first_mention(knowledge: Knowledge) -> None:
    """Siti weighs two countries and names one of them twice."""
    found = knowledge.countries_in("mau ke taiwan apa hongkong ya, taipei katanya dingin")
    assert [country.code for country in found] == ["TW", "HK"]


def test_only_contacts_that_may_be_shown_are_given(knowledge: Knowledge) -> None:
    """A misprint kept on file never reaches a caller."""
    thai = knowledge.contacts_for("TH", limit=10)
    assert [contact.number for contact in thai] == ["+66929031103"]
    assert any(contact.number == "+65929031103" for contact in knowledge.contacts)


def test_the_limit_keeps_the_most_useful_contacts(knowledge: Knowledge) -> None:
    """The first contact of Malaysia is the embassy's WhatsApp, and no more than asked come."""
    numbers = [contact.number for contact in knowledge.contacts_for("MY", limit=2)]
    assert numbers == ["+60175007047", "+60105288040"]


def test_a_hidden_contact_says_why(knowledge: Knowledge) -> None:
    """Whoever wonders about a number that is kept back finds the reason beside it."""
    assert [one.id for one in knowledge.contacts if not one.show and not one.note] == []


def test_general_knowledge_is_never_called_verified(knowledge: Knowledge) -> None:
    """A local emergency number from general knowledge is shown as unverified."""
    emergencies = [country.emergency for country in knowledge.countries if country.emergency]
    assert emergencies
    assert not any(one.verified for one in emergencies if one.mark == "known")


def test_a_country_without_facts_is_unknown(knowledge: Knowledge) -> None:
    """Nothing is said about a destination for which no source was found."""
    assert knowledge.destination("CA") is None


def test_saudi_arabia_says_as_of_when_and_whom_to_ask(knowledge: Knowledge) -> None:
    """The answer most likely to change names its month and the office to ask."""
    saudi = knowledge.destination("SA")
    assert saudi is not None
    assert saudi.status == "moratorium"
    assert "Februari 2026" in saudi.text
    assert "BP3MI" in saudi.text


def test_every_destination_names_an_office_and_fits_an_sms(knowledge: Knowledge) -> None:
    """No destination leaves the caller without somebody to ask, on any channel."""
    for one in knowledge.destinations:
        assert "BP3MI" in one.text, one.code
        assert "aman" not in one.text.lower().split(), one.code
        assert len(smsutil.split(one.sms).parts) <= 2, one.code


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        ("contacts.yml", "+60175007047", "+66175007047", "not a number of MY"),
        ("contacts.yml", "id: my-kbri-kl-2", "id: my-kbri-kl", "used twice"),
        ("contacts.yml", "  purpose:", "  aim:", "purpose"),
        ("contacts.yml", "channel: whatsapp", "channel: fax", "channel is fax"),
        ("destinations.yml", "code: MY", "code: QQ", "not in countries.yml"),
        ("contacts.yml", "show: true", 'show: "ya"', "true or false"),
        ("contacts.yml", 'as_of: "2025-12"', 'as_of: "kemarin"', "as_of"),
        ("countries.yml", "code: MY", "code: Malaysia", "two capital letters"),
        ("countries.yml", "sgpore", "malay", "also names"),
        ("destinations.yml", "status: moratorium", "status: maybe", "status is maybe"),
        ("destinations.yml", "  sms: >-\n    Malaysia:", "  sms: >-\n    Malaysia “OCS”:", "GSM-7"),
        ("destinations.yml", 'review_by: "2027-02-01"', 'review_by: "nanti"', "review_by"),
        ("units.yml", "- id: uptd-ppa", "- id: [", "not YAML"),
    ],
)
def test_a_broken_item_is_refused_by_name(
    changed: Change, file: str, old: str, new: str, what: str
) -> None:
    """The operator is told which file and what is wrong before a caller meets it."""
    folder = changed(file, old, new)
    with pytest.raises(KnowledgeError, match=what) as refused:
        load_knowledge(folder)
    assert refused.value.file == file


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """An empty folder is an error, not an empty hotline."""
    with pytest.raises(KnowledgeError, match=r"countries\.yml"):
        load_knowledge(tmp_path)
