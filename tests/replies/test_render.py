"""Replies in the form of their channel."""

import json
import os
import random
import shutil
import subprocess

import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from hotline.messages import Channel, Choice, Reply
from hotline.settings import ROOT
from replies.render import REST, Picker, form, render, segments, to_gsm7, units

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
        ("tolong 😭", "tolong"),
        ("terima kasih 🙏🏽 Bu", "terima kasih  Bu"),
        ("saya \u202ebalik\u200b", "saya balik"),
        ("ꦱꦶꦠꦶ dan 你", "? dan Ni"),
        ("apa??? ê", "apa??? e"),
        ("🙏", "?"),
        ("Rp ١٢٣ + १२ + ０１", "Rp 123 + 12 + 01"),
        ("5 € ^ {a} [b] ~ | \\", "5 € ^ {a} [b] ~ | \\"),
        ("Tab\tdi sini", "Tab di sini"),
        ("diʻi `kutip`", None),
        ("baris\r\nbaru", "baris\r\nbaru"),
    ],
)
def test_a_text_for_sms_uses_its_alphabet_only(text: str, written: str | None) -> None:
    """One other character would halve the room of the message."""
    made = to_gsm7(text)
    assert smsutil.is_valid_gsm(made)
    assert written is None or made == written


def test_names_of_the_islands_stay_readable() -> None:
    """What GSM-7 has is kept, the rest is written with its nearest letter."""
    assert to_gsm7("Nyi Rårå, Bhré, Sêkar, Ardikā, Cafe\u0301, Daéng") == (
        "Nyi Rårå, Bhré, Sekar, Ardika, Café, Daéng"
    )


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_can_be_written_for_sms(text: str) -> None:
    """Whatever stands in a reply, the result is GSM-7 and plain text stays as it is."""
    made = to_gsm7(text)
    assert all(smsutil.is_valid_gsm(sign) for sign in made)
    plain = "\x1b" not in text and all(smsutil.is_valid_gsm(sign) for sign in text)
    assert made == text or not plain


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


def options(*titles: str) -> tuple[Choice, ...]:
    return tuple(Choice(title, f"/{place}") for place, title in enumerate(titles))


@pytest.mark.parametrize(
    ("text", "titles", "picker"),
    [
        ("Pilih:", (), Picker.NONE),
        ("Pilih:", ("Ya", "Tidak", "Menunggu tanpa kabar"), Picker.BUTTONS),
        ("Pilih:", ("Ya", "Tidak", "Nanti", "Batal"), Picker.LIST),
        ("Pilih:", ("Ya", "Menunggu tanpa kabar 21"), Picker.LIST),
        ("Pilih:", ("Ya", "Saya menunggu tanpa kabar"), Picker.NUMBERS),
        ("Pilih:", tuple("abcdefghij"), Picker.LIST),
        ("Pilih:", tuple("abcdefghijk"), Picker.NUMBERS),
        ("Pilih:", ("Ya", "Ya"), Picker.NUMBERS),
        ("", ("Ya",), Picker.NUMBERS),
        ("a" * 1024, ("Ya",), Picker.BUTTONS),
        ("a" * 1025, ("Ya",), Picker.NUMBERS),
        ("Pilih:", ("Ya", "😭" * 11), Picker.LIST),
    ],
)
def test_whatsapp_gets_the_picker_it_takes(
    text: str, titles: tuple[str, ...], picker: Picker
) -> None:
    """Three buttons of 20 signs, ten lines of 24; anything else is numbered in the text."""
    made = form(Reply(text, options(*titles)), Channel.WHATSAPP)
    assert made.picker is picker
    assert made.titles == titles
    assert (made.text == made.plain) == (picker in {Picker.NUMBERS, Picker.NONE})


def test_the_numbered_form_stands_beside_the_buttons() -> None:
    """What goes out when the provider refuses a picker."""
    made = form(MENU, Channel.WHATSAPP)
    assert (made.text, made.plain) == ("Pilih:", "Pilih:\n1 Lapor\n2 Tanya")


def test_a_numbered_reply_shows_no_buttons_besides() -> None:
    """The lines in the text are enough."""
    shown = render(Reply("Pilih:", options(*"abcdefghijk")), Channel.WHATSAPP)
    assert shown.buttons == ()
    assert shown.text.endswith("\n11 k")


def test_telegram_takes_any_title_as_a_button() -> None:
    """Its buttons have no limit of ours."""
    long = "Saya menunggu tanpa kabar sejak bulan lalu"
    assert form(Reply("Pilih:", options(long)), Channel.TELEGRAM).picker is Picker.BUTTONS


def test_the_rest_of_a_long_text_is_no_line_of_the_menu() -> None:
    """It is asked for by the word in the text."""
    reply = Reply("Pilih:", (*MENU.choices, Choice("LANJUT", f"{REST}[]")))
    assert render(reply, Channel.SMS).text == "Pilih:\n1 Lapor\n2 Tanya"


def test_signs_are_counted_as_the_providers_do() -> None:
    """A smile counts twice."""
    assert units("aé😭") == 4


def test_parts_are_counted_as_twilio_counts_them() -> None:
    """Its own calculator is the judge, also for texts that our rendering never makes."""
    chance = random.Random(7)
    texts = [
        "".join(chance.choices(alphabet, k=chance.randrange(1, 500)))
        for alphabet in ("abc XYZ.,?\n", "abc €[]{}~^|\\", "abc “”😭ꦲ你é")
        for _ in range(100)
    ]
    script = (
        'const { SegmentedMessage } = require("sms-segments-calculator"); let d = "";'
        'process.stdin.on("data", c => d += c).on("end", () => console.log(JSON.stringify('
        "JSON.parse(d).map(t => new SegmentedMessage(t).segmentsCount))))"
    )
    node = shutil.which("node")
    found = node and subprocess.run(
        [node, "-e", script], input=json.dumps(texts), capture_output=True, text=True, cwd=ROOT
    )
    if not found or found.returncode:
        strict = os.environ.get("SUAR_TEST_STRICT")  # noqa: TID251
        (pytest.fail if strict else pytest.skip)("no sms-segments-calculator: run npm install")
    assert [segments(text) for text in texts] == json.loads(found.stdout)
    shown = [to_gsm7(text) for text in texts]
    assert all(len(text) <= 153 * segments(text) + 7 for text in shown)


def test_an_escape_is_no_letter_of_an_sms() -> None:
    """In GSM-7 it would turn the next letter into another one."""
    assert to_gsm7("a\x1be") == "ae"
