"""The form of a reply: the channel's variant, the caller's language, the values."""

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlg import SuarNlg, load_catalogues

DOMAIN = """
version: "3.1"
slots:
  language: {type: text, initial_value: id, mappings: [{type: custom}]}
  country: {type: text, mappings: [{type: custom}]}
responses:
  utter_hello:
  - text: "Halo {name}, negara {country}."
    buttons:
    - {title: "Lapor", payload: /report_trafficking}
  - channel: sms
    text: "Halo {name}"
  utter_verdict:
  - text: "{grade}\\n\\n{reasons}\\n\\n{advice}"
  utter_faq/costs:
  - text: "Biaya dibayar pemberi kerja."
  utter_phrase_in_indonesian:
  - text: "Jawaban ini baru ada dalam bahasa Indonesia."
  utter_language_set:
  - text: "Baik, saya pakai bahasa Indonesia."
"""


@pytest.fixture
def nlg(tmp_path):
    """Give the generator with a small domain and a Javanese catalogue."""
    catalogue = Catalog(locale="jv")
    catalogue.add("Halo {name}, negara {country}.", "Sugeng {name}, negari {country}.",
                  context="utter_hello", flags=["fuzzy"])  # fmt: skip
    catalogue.add("Lapor", "Lapur", context="button")
    catalogue.add("Halo {name}", "", context="utter_hello.sms")
    catalogue.add("Baik, saya pakai bahasa Indonesia.", "Inggih, kula ngangge basa Jawi.",
                  context="utter_language_set")  # fmt: skip
    catalogue.add("Jawaban ini baru ada dalam bahasa Indonesia.", "Punika basa Indonesia.",
                  context="utter_phrase_in_indonesian")  # fmt: skip
    folder = tmp_path / "jv" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "bot.po").open("wb") as out:
        write_po(out, catalogue)
    made = SuarNlg(None, Domain.from_yaml(DOMAIN))
    made._catalogues = load_catalogues(tmp_path)
    return made


def speaking(language):
    """Give a conversation in a language."""
    domain = Domain.from_yaml(DOMAIN)
    tracker = DialogueStateTracker.from_events("c0ffee", [], slots=domain.slots)
    tracker.update(SlotSet("language", language))
    tracker.update(SlotSet("country", "MY"))
    return tracker


async def test_values_and_slots_fill_the_places(nlg):
    """What the action says goes before what the slots hold."""
    said = await nlg.generate("utter_hello", speaking("id"), "whatsapp", name="Siti")
    assert said["text"] == "Halo Siti, negara MY."
    said = await nlg.generate("utter_hello", speaking("id"), "whatsapp", name="a", country="SA")
    assert said["text"] == "Halo a, negara SA."


async def test_a_channel_with_its_own_form_gets_it(nlg):
    """The SMS form has no buttons here, and the other channels do not see it."""
    said = await nlg.generate("utter_hello", speaking("id"), "sms", name="Siti")
    assert said == {"text": "Halo Siti", "buttons": []}
    said = await nlg.generate("utter_hello", speaking("id"), "telegram", name="Siti")
    assert said["buttons"] == [{"title": "Lapor", "payload": "/report_trafficking"}]


async def test_text_and_buttons_are_translated(nlg):
    """Also where nobody has read the translation yet; the payload never changes."""
    said = await nlg.generate("utter_hello", speaking("jv"), "whatsapp", name="Siti")
    assert said["text"] == "Sugeng Siti, negari MY."
    assert said["buttons"] == [{"title": "Lapur", "payload": "/report_trafficking"}]


@pytest.mark.parametrize(
    ("language", "channel"), [("jv", "sms"), ("su", "whatsapp"), (None, "sms")]
)
async def test_without_a_translation_the_indonesian_text_stands(nlg, language, channel):
    """A missing or empty entry never makes an empty reply."""
    said = await nlg.generate("utter_hello", speaking(language), channel, name="Siti")
    assert said["text"].startswith("Halo Siti")


async def test_an_answer_that_is_not_translated_is_announced_in_her_language(nlg):
    """She learns that it is not she who is not understood; a greeting needs no such words."""
    said = await nlg.generate("utter_faq/costs", speaking("jv"), "whatsapp")
    assert said["text"] == "Punika basa Indonesia.\n\nBiaya dibayar pemberi kerja."
    said = await nlg.generate("utter_faq/costs", speaking("id"), "whatsapp")
    assert said["text"] == "Biaya dibayar pemberi kerja."
    said = await nlg.generate("utter_faq/costs", speaking("xx"), "whatsapp")
    assert said["text"] == "Biaya dibayar pemberi kerja."


async def test_a_language_just_chosen_is_answered_in_itself(nlg):
    """Rasa sets the slot only after the reply: the value that came with it counts."""
    said = await nlg.generate("utter_language_set", speaking("id"), "whatsapp", language="jv")
    assert said["text"] == "Inggih, kula ngangge basa Jawi."


async def test_a_value_with_braces_is_not_filled_again(nlg):
    """A caller's own braces stay text."""
    said = await nlg.generate("utter_hello", speaking("id"), "whatsapp", name="{country} {x}")
    assert said["text"] == "Halo {country} {x}, negara MY."


async def test_a_place_without_a_value_stays_visible(nlg):
    """It is seen in a test, and breaks nothing in the night."""
    said = await nlg.generate("utter_hello", speaking("id"), "sms")
    assert said["text"] == "Halo {name}"


async def test_a_place_filled_with_nothing_leaves_no_hole(nlg):
    """An offer without warning signs has a grade and advice, and one blank line between."""
    values = {"grade": "Belum cukup.", "reasons": "", "advice": "Tanya BP3MI."}
    said = await nlg.generate("utter_verdict", speaking("id"), "local", **values)
    assert said["text"] == "Belum cukup.\n\nTanya BP3MI."


async def test_an_unknown_response_is_none(nlg):
    """Rasa then says so in its log; no text is made up."""
    assert await nlg.generate("utter_nothing", speaking("id"), "whatsapp") is None


async def test_the_real_texts_are_found_for_every_channel(domain):
    """Every response of the domain makes a text on every channel."""
    real = SuarNlg(None, domain)
    for name in domain.responses:
        for channel in ("whatsapp", "telegram", "sms", "local"):
            said = await real.generate(name, speaking("id"), channel)
            assert said is not None, (name, channel)
            assert said["text"].strip(), (name, channel)
