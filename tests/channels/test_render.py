"""Replies in the form of their channel."""

import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from channels.render import render, segments, to_gsm7
from hotline.messages import Channel, Choice, Reply

MENU = Reply("Pilih:", (Choice("Lapor", "/report"), Choice("Tanya", "/ask")))


@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.TELEGRAM, Channel.LOCAL])
def test_a_channel_with_buttons_gets_the_text_as_it_is(channel: Channel) -> None:
    """Accents and emoji stay, choices become buttons, and nothing is billed by part."""
    shown = render(Reply("Sugeng rawuh – “Siti” 🙏", MENU.choices), channel)
    assert shown.text == "Sugeng rawuh – “Siti” 🙏"
    assert shown.buttons == ("Lapor", "Tanya")
    assert shown.segments is None


def test_sms_gets_a_numbered_menu() -> None:
    """A phone without buttons shows what to answer with."""
    assert render(MENU, Channel.SMS).text == "Pilih:\n1 Lapor\n2 Tanya"


def test_sms_without_choices_is_the_text_alone() -> None:
    """No empty menu hangs below."""
    assert render(Reply("Terima kasih."), "sms").text == "Terima kasih."


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("“Siti” – di ‘Johor’…", "\"Siti\" - di 'Johor'..."),
        ("naïve Müller café", "naive Müller café"),
        ("• satu", "- satu"),
        ("tolong 😭", None),
        ("ꦱ dan 你", None),
        ("5 € ^ {a} [b] ~ | \\", "5 € ^ {a} [b] ~ | \\"),
        ("Tab\tdi sini", None),
        ("diʻi `kutip`", None),
        ("baris\r\nbaru", "baris\r\nbaru"),
    ],
)
def test_a_text_for_sms_uses_its_alphabet_only(text: str, written: str | None) -> None:
    """One other character would halve the room of the message."""
    made = to_gsm7(text)
    assert smsutil.is_valid_gsm(made)
    assert written is None or made == written


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_can_be_written_for_sms(text: str) -> None:
    """Whatever stands in a reply, the result is GSM-7 and plain text stays as it is."""
    made = to_gsm7(text)
    assert all(smsutil.is_valid_gsm(sign) for sign in made)
    assert made == text or not all(smsutil.is_valid_gsm(sign) for sign in text)


@pytest.mark.parametrize("length", [0, 1, 159, 160, 161, 306, 307, 459, 460, 1000])
def test_parts_are_counted_as_the_network_bills_them(length: int) -> None:
    """160 characters in one part, 153 in each of several."""
    text = "a" * length
    expected = max(1, 1 if length <= 160 else -(-length // 153))
    assert segments(text) == len(smsutil.split(text).parts) == expected


@given(st.text("abc €[]\n", max_size=700))
def test_a_rendered_sms_knows_its_parts(text: str) -> None:
    """Signs that count double are counted double."""
    shown = render(Reply(text, MENU.choices), Channel.SMS)
    assert shown.segments == len(smsutil.split(shown.text).parts)
