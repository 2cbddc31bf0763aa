"""Check that every answer in bot/domain fits its channel, names its source and promises nothing."""

import re
from pathlib import Path
from typing import Any

import pytest
import smsutil
import yaml

ROOT = Path(__file__).parents[2]
DOMAIN = ROOT / "bot" / "domain"

TOPICS = (
    *("requirements", "documents", "procedure", "costs", "contract", "wages_rights"),
    *("insurance", "passport_visa", "destinations", "red_flags", "what_is_trafficking"),
    *("victim_rights", "reporting", "confidentiality", "contacts", "local_services"),
    *("training", "health_check", "seafarers", "undocumented", "scam_compounds"),
    *("internship", "marriage_migration", "reintegration", "remittance"),
)
TASKS = (
    *("menu", "ask_human", "check_recruiter", "check_offer", "report_trafficking"),
    *("report_missing", "ask_return", "ticket_status", "delete_my_data"),
)
PAYLOADS = {f"/{name}" for name in TASKS} | {f"/faq/{topic}" for topic in TOPICS}
DANGEROUS = (
    *("undocumented", "scam_compounds", "red_flags", "seafarers"),
    *("marriage_migration", "victim_rights", "confidentiality"),
)
DANGER_LINE = "Kalau Anda atau orang lain sedang dalam bahaya, tulis: DARURAT"
MONTHS = dict(
    zip(
        [f"{number:02}" for number in range(1, 13)],
        [
            "Jan",
            "Feb",
            "Mar",
            "Apr",
            "Mei",
            "Jun",
            "Jul",
            "Agu",
            "Sep",
            "Okt",
            "Nov",
            "Des",
        ],
        strict=True,
    )
)
SMS_LIMIT = 306
BUTTON_LIMIT = 20
NUMBERS_ALLOWED = {"110", "129"}

LAW = re.compile(
    r"\b(UU|PP|Perpres|Kepmenaker|Permenaker|Permen P2MI|Permen PPPA|Peraturan BP2MI)"
    r" (\d+)/(\d{4})"
)
RULING = re.compile(r"MK \d+/PUU-[XVI]+/\d{4}")
ARTICLES = re.compile(
    r"(UU \d+/\d{4}|PP \d+/\d{4}|Permen \w+ \d+/\d{4})?,? ?"
    r"\b(?:pasal|ps) (\d+(?:(?:, | dan |-)\d+)*)"
)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
THOUSANDS = re.compile(r"\b\d{1,3}\.\d{3}\b")
NO_PROMISE = re.compile(
    r"\b(?:aman|pasti|dijamin|kami jamin|akan diselamatkan|akan ditangkap|rupiah|IDR)\b|\bRp",
    re.IGNORECASE,
)

Variant = dict[str, Any]


def answers(topic: str) -> list[Variant]:
    """Read every variant of one topic's answer from its file."""
    content = yaml.safe_load((DOMAIN / f"{topic}.yml").read_text(encoding="utf-8"))
    return list(content["responses"][f"utter_faq/{topic}"])


def variant(topic: str, channel: str | None) -> Variant:
    """Pick the one variant of an answer that is meant for a channel."""
    [found] = [one for one in answers(topic) if one.get("channel") == channel]
    return found


def with_menu(answer: Variant) -> str:
    """Render an answer as SMS does: the text, then one numbered line a button."""
    titles = [button["title"] for button in answer["buttons"]]
    return "\n".join([answer["text"], *(f"{n} {title}" for n, title in enumerate(titles, 1))])


def stray_numbers(text: str) -> set[str]:
    """List the numbers of three digits or more that are no law, year or rounded count."""
    for known in (RULING, LAW, YEAR, THOUSANDS):
        text = known.sub(" ", text)
    return set(re.findall(r"\d{3,}", text))


def unverified_articles() -> dict[str, set[int]]:
    """Map a law's citation to the articles that nobody has read yet."""
    laws = yaml.safe_load((ROOT / "knowledge" / "laws.yml").read_text(encoding="utf-8"))["laws"]
    return {
        law["title"].split(" tentang ")[0]: set(law.get("unverified_articles", [])) for law in laws
    }


def doubtful_articles(text: str, unread: dict[str, set[int]]) -> set[int]:
    """Find the unread articles that a text cites in a paragraph which does not admit it."""
    cited = {match.group(0) for match in LAW.finditer(text)}
    guess = {number for law in cited for number in unread.get(law, set())}
    doubtful: set[int] = set()
    for paragraph in text.split("\n\n"):
        if "belum kami pastikan" in paragraph:
            continue
        for law, numbers in ARTICLES.findall(paragraph):
            doubt = unread.get(law, set()) if law else guess
            doubtful |= {int(number) for number in re.findall(r"\d+", numbers)} & doubt
    return doubtful


def test_no_topic_has_an_answer_file_without_being_listed() -> None:
    """A new answer file joins the list above, so that the checks below see it."""
    named = set()
    for file in DOMAIN.glob("*.yml"):
        responses = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("responses") or {}
        named |= {name for name in responses if name.startswith("utter_faq/")}
    assert named == {f"utter_faq/{topic}" for topic in TOPICS}


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_one_full_and_one_sms_form(topic: str) -> None:
    """Both forms exist once, and the full one is neither a stub nor a wall of text."""
    assert [one.get("channel") for one in answers(topic)] == [None, "sms"]
    assert 350 <= len(variant(topic, None)["text"]) <= 900


@pytest.mark.parametrize("topic", TOPICS)
def test_every_answer_names_its_source_and_its_date(topic: str) -> None:
    """A caller can see in the answer itself what it rests on and how old it is."""
    for answer in answers(topic):
        assert answer["metadata"]["source"].strip()
        assert re.fullmatch(r"\d{4}(-\d{2})?", answer["metadata"]["as_of"])
        assert isinstance(answer["metadata"]["verified"], bool)
    full = variant(topic, None)
    year, _, month = full["metadata"]["as_of"].partition("-")
    assert "Sumber: " in full["text"]
    dated = f"(per {MONTHS[month]} {year})" if month else f"(per {year})"
    assert dated in full["text"]
    short = variant(topic, "sms")["text"]
    assert dated[1:-1] in short, short[-60:]


@pytest.mark.parametrize("topic", TOPICS)
def test_an_answer_that_rests_on_an_unread_source_says_so(topic: str) -> None:
    """What we have not verified is marked so for the responder and said so to the caller."""
    unread = unverified_articles()
    for answer in answers(topic):
        assert doubtful_articles(answer["text"], unread) == set()
        if "[belum dipastikan]" in answer["metadata"]["source"]:
            assert answer["metadata"]["verified"] is False
            assert "belum kami pastikan" in answer["text"]


@pytest.mark.parametrize("topic", TOPICS)
def test_every_law_an_answer_cites_is_in_the_law_list(topic: str) -> None:
    """No answer cites a law that knowledge/laws.yml does not know."""
    known = unverified_articles()
    for answer in answers(topic):
        cited = {match.group(0) for match in LAW.finditer(answer["text"])}
        assert cited <= known.keys()


@pytest.mark.parametrize("topic", TOPICS)
def test_the_sms_form_fits_two_parts_with_its_menu(topic: str) -> None:
    """One curly quote would turn two parts into five and double the price."""
    answer = variant(topic, "sms")
    rendered = with_menu(answer)
    assert smsutil.is_valid_gsm(rendered)
    assert len(rendered) <= SMS_LIMIT
    assert len(smsutil.split(rendered).parts) <= 2
    assert 1 <= len(answer["buttons"]) <= 2


@pytest.mark.parametrize("topic", TOPICS)
def test_every_button_is_short_and_leads_to_a_known_intent(topic: str) -> None:
    """A follow-up fits WhatsApp's twenty characters and never leads back to itself."""
    assert 2 <= len(variant(topic, None)["buttons"]) <= 3
    for answer in answers(topic):
        payloads = [button["payload"] for button in answer["buttons"]]
        assert all(len(button["title"]) <= BUTTON_LIMIT for button in answer["buttons"])
        assert set(payloads) <= PAYLOADS - {f"/faq/{topic}"}
        assert len(set(payloads)) == len(payloads)


@pytest.mark.parametrize("topic", TOPICS)
def test_no_answer_promises_safety_or_names_a_fee(topic: str) -> None:
    """Nothing is called safe or certain, and no rupiah amount is given."""
    for answer in answers(topic):
        spoken = " ".join([answer["text"], *(button["title"] for button in answer["buttons"])])
        assert NO_PROMISE.findall(spoken) == []


@pytest.mark.parametrize("topic", TOPICS)
def test_no_answer_holds_a_phone_number_that_could_grow_old(topic: str) -> None:
    """Numbers come from knowledge/contacts.yml; only 110 and 129 stand in the texts."""
    for answer in answers(topic):
        assert stray_numbers(answer["text"]) <= NUMBERS_ALLOWED


@pytest.mark.parametrize("topic", DANGEROUS)
def test_a_topic_where_danger_lurks_ends_with_the_way_to_a_person(topic: str) -> None:
    """Somebody who asks about a trap may already be in it."""
    assert variant(topic, None)["text"].endswith(DANGER_LINE)
    assert "DARURAT" in variant(topic, "sms")["text"]


@pytest.mark.parametrize("topic", TOPICS)
def test_no_answer_uses_markdown_or_a_slot(topic: str) -> None:
    """Stars, hashes and braces would be shown to the caller, or break the template."""
    for answer in answers(topic):
        assert re.findall(r"[*_#`{}\[\]<>]", answer["text"]) == []


def test_the_law_list_says_of_each_law_how_it_was_read() -> None:
    """Every law has all its fields, one id and an honest status."""
    content = yaml.safe_load((ROOT / "knowledge" / "laws.yml").read_text(encoding="utf-8"))
    laws = content["laws"]
    fields = {"id", "title", "about", "status", "source", "as_of", "note"}
    assert len({law["id"] for law in laws}) == len(laws)
    for law in laws:
        assert set(law) - {"unverified_articles"} == fields
        assert law["status"] in {"found", "known"}
        assert re.fullmatch(r"\d{4}(-\d{2})?", law["as_of"])
        assert all(law[field] for field in fields)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Telepon 0811-8080-141 sekarang", {"0811", "8080", "141"}),
        ("hubungi +62 21 29244800", {"29244800"}),
        ("UU 18/2017 pasal 30 (per Okt 2025), 1.047 orang, SAPA 129", {"129"}),
    ],
)
def test_the_number_check_sees_phone_numbers_but_not_laws(text: str, found: set[str]) -> None:
    """The check above would notice a number slipped into an answer."""
    assert stray_numbers(text) == found


def test_the_article_check_sees_an_unread_article() -> None:
    """An article marked unread is noticed with and without the law's name beside it."""
    unread = {"UU 18/2017": {15}, "UU 21/2007": {24, 44}}
    assert doubtful_articles("UU 18/2017 pasal 13 dan 15", unread) == {15}
    assert doubtful_articles("pasal 24 dan 44 ... Sumber: UU 21/2007", unread) == {
        24,
        44,
    }
    assert doubtful_articles("UU 21/2007 pasal 15", unread) == set()
    assert doubtful_articles("UU 18/2017 pasal 15, belum kami pastikan", unread) == set()


@pytest.mark.parametrize("words", ["Perusahaan ini aman.", "bayar Rp5 juta", "Anda PASTI pulang"])
def test_the_promise_check_sees_a_promise(words: str) -> None:
    """The check above would notice a promise or a fee slipped into an answer."""
    assert NO_PROMISE.search(words)
