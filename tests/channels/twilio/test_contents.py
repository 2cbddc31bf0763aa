"""Choices on WhatsApp: buttons, a list, or numbers, and nobody left without them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from channels.twilio.sending import TwilioTransport, make_transport
from hotline.delivery import End
from hotline.settings import Settings
from tests.channels.twilio.provider import Provider, RefusalError
from tests.channels.twilio.stand import (
    made,
    parcel,
)
from tests.fakes import SITI


def test_up_to_three_choices_are_buttons(transport: TwilioTransport, provider: Provider) -> None:
    """A tap brings back our number and the place of the choice."""
    assert transport.send(parcel("Apa yang\nAnda perlukan?", "Lapor", "Tanya")).end is End.SENT
    shown = json.loads(provider.accepted[0]["shown"])
    assert shown == {
        "body": "Apa yang\nAnda perlukan?",
        "actions": [
            {"type": "QUICK_REPLY", "title": "Lapor", "id": "c:7:1"},
            {"type": "QUICK_REPLY", "title": "Tanya", "id": "c:7:2"},
        ],
    }


def test_up_to_ten_choices_are_a_list(transport: TwilioTransport, provider: Provider) -> None:
    """Behind a button with a word in her language."""
    titles = [f"Pilihan nomor {n}" for n in range(1, 11)]
    assert transport.send(parcel("Negara mana?", *titles)).end is End.SENT
    shown = json.loads(provider.accepted[0]["shown"])
    assert shown["button"] == "Pilih"
    assert [line["item"] for line in shown["items"]] == titles
    assert shown["items"][9]["id"] == "c:7:10"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("x" * 1025, ["Lapor", "Tanya"]),
        ("Negara mana?", [f"n{n}" for n in range(11)]),
        ("Negara mana?", ["Kerajaan Arab Saudi, Riyadh"]),
        ("Sama?", ["Ya", "Ya"]),
    ],
)
def test_what_fits_no_button_is_numbered(
    transport: TwilioTransport, provider: Provider, text: str, titles: list[str]
) -> None:
    """Nobody is left without her choices."""
    assert transport.send(parcel(text, *titles)).end is End.SENT
    lines = "".join(f"\n{n} {title}" for n, title in enumerate(titles, 1))
    assert provider.accepted[0]["Body"] == text + lines


def test_what_is_kept_at_twilio_holds_no_words_and_is_made_once(
    transport: TwilioTransport, provider: Provider, settings: Settings
) -> None:
    """A case must not stand in the account for ever, nor be asked for anew with every message."""
    for text in ("Gaji saya ditahan Pak Joko", "Kode SR-7K4M-2Q"):
        transport.send(parcel(text, "Lapor Joko", "Tanya"))
    made(settings).send(parcel("Setelah mulai ulang", "Satu", "Dua"))
    assert provider.asked["/v1/Content"] == 1
    kept = json.dumps(list(provider.contents.values()))
    assert "Joko" not in kept
    assert "SR-7K" not in kept
    assert len(provider.accepted) == 3


def test_without_contents_the_choices_are_numbered(
    transport: TwilioTransport, provider: Provider
) -> None:
    """Twilio's other service being down costs the buttons, not the message, and no long wait."""
    provider.no_contents = True
    for _ in range(3):
        assert transport.send(parcel("Apa?", "Lapor", "Tanya")).end is End.SENT
    assert [one["Body"] for one in provider.accepted] == ["Apa?\n1 Lapor\n2 Tanya"] * 3
    assert provider.asked["/v1/Content"] == 1


def test_a_content_that_twilio_lost_is_made_anew(
    transport: TwilioTransport, provider: Provider
) -> None:
    """The message that finds out goes out with numbers; the next has buttons again."""
    transport.send(parcel("Satu?", "A", "B"))
    provider.contents.clear()
    transport.send(parcel("Dua?", "A", "B"))
    transport.send(parcel("Tiga?", "A", "B"))
    assert ["ContentSid" in one for one in provider.accepted] == [True, False, True]
    assert len(provider.accepted) == 3


def test_buttons_refused_go_out_as_numbers_once(
    transport: TwilioTransport, provider: Provider
) -> None:
    """Refused is not sent, so a second try is no second message."""
    transport.send(parcel("Satu?", "A", "B"))
    for content in provider.contents.values():
        content.update(types={"twilio/quick-reply": {"body": "", "actions": []}})
    done = transport.send(parcel("Dua?", "A", "B"))
    assert done.end is End.SENT
    assert provider.accepted[-1]["Body"] == "Dua?\n1 A\n2 B"
    assert len(provider.accepted) == 2


def test_a_shut_window_is_not_tried_again_without_buttons(
    transport: TwilioTransport, provider: Provider
) -> None:
    """Only what is wrong with the buttons is mended by numbers."""
    provider.refuse[f"whatsapp:{SITI}"] = RefusalError(63016)
    assert transport.send(parcel("Apa?", "A", "B")).end is End.WINDOW_SHUT
    assert sum(provider.asked.values()) == 2


def test_a_broken_file_of_contents_costs_nothing_but_a_new_one(
    settings: Settings, provider: Provider
) -> None:
    """A full disk or a half-written file must not keep an answer back."""
    file = settings.home / "twilio_contents.json"
    file.write_text('{"half')
    assert made(settings).send(parcel("Apa?", "A", "B")).end is End.SENT
    assert json.loads(file.read_text())
    file.unlink()
    file.mkdir()
    way = made(settings)
    for _ in range(2):
        assert way.send(parcel("Apa?", "A", "B")).end is End.SENT
    assert "ContentSid" in provider.accepted[-1]
    assert provider.asked["/v1/Content"] == 2


@pytest.mark.parametrize("language", ["id", "jv", "su", "en"])
def test_a_list_opens_with_a_word_of_her_language(
    settings: Settings, provider: Provider, language: str
) -> None:
    """It comes from the content and fits; else the list would become numbers."""
    one = replace(parcel("Negara mana?", *"ABCDE"), language=language)
    assert make_transport(settings).send(one).end is End.SENT
    assert 1 <= len(json.loads(provider.accepted[0]["shown"])["button"]) <= 20
