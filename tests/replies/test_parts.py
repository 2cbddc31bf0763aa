"""Long replies: cut where a reader would pause, in order, and nothing is lost."""

from __future__ import annotations

import re

import pytest
import smsutil
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.choices import pick
from hotline.messages import Channel, Choice, Reply
from replies.parts import cut, fit, is_rest, rest_of
from replies.render import form, segments, to_gsm7, units

MORE = "Balas LANJUT untuk sisanya."
YES_NO = (Choice("Ya", "/affirm"), Choice("Tidak", "/deny"))
SENTENCE = "Gaji Anda harus dibayar tiap bulan, juga saat Anda sakit. "
_MARK = re.compile(r"^\(\d+/\d+\) ")


def shown(reply: Reply, channel: str) -> str:
    return form(reply, channel).text


def told(replies: list[Reply]) -> str:
    """Give everything that is said, without marks and blanks."""
    return "".join("".join(_MARK.sub("", one.text).split()) for one in replies)


def everything(reply: Reply, budget: int) -> list[Reply]:
    """Ask for the rest until there is none."""
    said: list[Reply] = []
    waiting = [reply]
    while waiting:
        made = fit(waiting, Channel.SMS, budget, MORE)
        last = made[-1]
        choice = pick("lanjut", last.choices)
        waiting = rest_of(choice) if choice and is_rest(choice) else []
        said += [Reply(one.text.removesuffix(f"\n{MORE}"), one.choices) for one in made]
    return said


@pytest.mark.parametrize("channel", list(Channel))
def test_a_short_reply_stays_as_it_is(channel: Channel) -> None:
    """Accents and all: only its form on the phone differs."""
    reply = Reply("Halo “Siti” 🙏", YES_NO)
    assert cut(reply, channel, 1) == [reply]


def test_parts_of_an_sms_are_numbered_and_end_with_a_sentence() -> None:
    """A network may let the second overtake the first."""
    made = cut(Reply(SENTENCE * 5, YES_NO), Channel.SMS, 1)
    assert [one.text[:6] for one in made] == ["(1/3) ", "(2/3) ", "(3/3) "]
    assert all(one.text.rstrip().endswith("sakit.") for one in made)


def test_the_menu_stays_with_the_last_part() -> None:
    """A menu before the end of its question would be answered too early."""
    made = cut(Reply(SENTENCE * 5, YES_NO), Channel.SMS, 1)
    assert [one.choices for one in made] == [(), (), YES_NO]


def test_a_question_goes_with_its_menu() -> None:
    """Where text and menu do not fit together, the last sentence moves to the menu."""
    text = "a" * 70 + ". " + "b" * 60 + ". Mau lapor sekarang?"
    made = cut(Reply(text, (Choice("Ya, saya mau lapor", "/a"), Choice("Tidak", "/b"))), "sms", 1)
    assert made[-1].text == "(2/2) Mau lapor sekarang?"


@pytest.mark.parametrize(
    "atom",
    ["0800 1000 2000", "+62 (21) 2924-4800", "SR-7K4M-2Q", "1234 5678", "Rp 1.500.000",
     "https://suar.example/laporan?kode=SR-7K4M-2Q"],
)  # fmt: skip
def test_what_has_to_be_copied_is_never_cut(atom: str) -> None:
    """A telephone number in two halves helps nobody."""
    for before in range(100, 160):
        text = "a" * 30 + " " + "b" * (before - 31) + " " + atom + " " + "c" * 100
        made = cut(Reply(text), Channel.SMS, 1)
        assert any(atom in one.text for one in made), before


def test_a_short_first_sentence_does_not_leave_a_part_empty() -> None:
    """A word is a better place to cut then."""
    made = cut(Reply("Ya. " + "kata " * 60), Channel.SMS, 1)
    assert [len(one.text) > 100 for one in made[:2]] == [True, True]


def test_a_very_long_sms_stops_and_says_how_to_get_the_rest() -> None:
    """Six parts are paid for unasked, no more."""
    made = cut(Reply(SENTENCE * 40, YES_NO), Channel.SMS, 3, MORE)
    assert len(made) == 2
    assert made[-1].text.endswith(f"sakit.\n{MORE}")
    assert all(segments(shown(one, Channel.SMS)) <= 3 for one in made)
    assert [is_rest(choice) for choice in made[-1].choices] == [True]


def test_without_that_sentence_all_parts_go_out() -> None:
    """What a responder writes is not kept back."""
    made = cut(Reply(SENTENCE * 40), Channel.SMS, 3)
    assert len(made) == 6
    assert told(made) == told([Reply(SENTENCE * 40)])


@pytest.mark.parametrize("said", ["lanjut", "LANJUT", "Lanjut."])
def test_the_word_brings_the_rest_and_its_menu(said: str) -> None:
    """The caller's own next message finds it among her choices."""
    first = cut(Reply(SENTENCE * 25 + "Mau lapor?", YES_NO), Channel.SMS, 2, MORE)
    choice = pick(said, first[-1].choices)
    assert choice is not None
    assert is_rest(choice)
    second = fit(rest_of(choice), Channel.SMS, 2, MORE)
    assert second[-1].text.endswith("Mau lapor?")
    assert second[-1].choices == YES_NO


def test_a_question_after_a_long_answer_is_still_asked() -> None:
    """The rest waits beside the menu that is shown; both can be had."""
    made = fit([Reply(SENTENCE * 40), Reply("Mau lapor?", YES_NO)], Channel.SMS, 3, MORE)
    assert shown(made[-1], Channel.SMS) == "Mau lapor?\n1 Ya\n2 Tidak"
    assert pick("1", made[-1].choices) == YES_NO[0]
    rest = pick("lanjut", made[-1].choices)
    assert rest is not None
    assert is_rest(rest)


@pytest.mark.parametrize(("channel", "limit"), [(Channel.TELEGRAM, 4096), (Channel.WHATSAPP, 1600)])
def test_chat_channels_get_parts_without_marks(channel: Channel, limit: int) -> None:
    """They keep the order themselves."""
    made = cut(Reply(SENTENCE * 100, YES_NO), channel, 3, MORE)
    assert all(units(one.text) <= limit for one in made)
    assert "(1/" not in made[0].text
    assert told(made) == told([Reply(SENTENCE * 100)])
    assert made[-1].choices == YES_NO


def test_a_menu_longer_than_a_message_is_not_torn() -> None:
    """It goes out whole, longer than the budget: no choice may be missing."""
    menu = tuple(Choice(f"Pilihan yang panjang {place}", f"/{place}") for place in range(9))
    made = cut(Reply(SENTENCE * 3, menu), Channel.SMS, 1)
    assert made[-1].choices == menu
    assert all(segments(one.text) == 1 for one in made)


def test_local_messages_have_no_limit() -> None:
    """Our own page scrolls."""
    assert len(cut(Reply(SENTENCE * 400), Channel.LOCAL, 1)) == 1


_WORDS = st.lists(
    st.text("abcXé€[]{} ,.!?\n0123456789+-()😭ê你", max_size=40) | st.just(SENTENCE), max_size=40
).map(" ".join)


@settings(deadline=None)
@given(_WORDS, st.integers(1, 4), st.sampled_from([(), YES_NO]))
def test_every_part_is_within_its_budget_and_alphabet(
    text: str, budget: int, choices: tuple[Choice, ...]
) -> None:
    """Whatever the text, with marks and menu counted."""
    for one in cut(Reply(text, choices), Channel.SMS, budget):
        sent = shown(one, Channel.SMS)
        assert segments(sent) <= budget
        assert all(smsutil.is_valid_gsm(sign) for sign in sent)


@settings(deadline=None)
@given(_WORDS, st.integers(1, 4), st.sampled_from([(), YES_NO]))
def test_the_parts_together_are_the_whole_text(
    text: str, budget: int, choices: tuple[Choice, ...]
) -> None:
    """Also when the caller asks for the rest again and again; the menu comes once, at the end."""
    whole = "".join(to_gsm7(text).split())
    for made in (cut(Reply(text, choices), Channel.SMS, budget),
                 everything(Reply(text, choices), budget)):  # fmt: skip
        said = [Reply(_MARK.sub("", to_gsm7(one.text))) for one in made]
        assert "".join("".join(one.text.split()) for one in said) == whole
        menus = [c for one in made for c in one.choices if not is_rest(c)]
        assert menus == list(choices)


@settings(deadline=None)
@given(_WORDS.map(lambda text: text * 8), st.sampled_from([Channel.TELEGRAM, Channel.WHATSAPP]),
       st.sampled_from([(), YES_NO]))  # fmt: skip
def test_chat_parts_fit_and_lose_nothing(
    text: str, channel: Channel, choices: tuple[Choice, ...]
) -> None:
    """Telegram counts 4,096, WhatsApp 1,600, or 1,024 with buttons."""
    made = cut(Reply(text, choices), channel, 3)
    limit = 4096 if channel is Channel.TELEGRAM else 1600
    assert all(units(form(one, channel).plain) <= limit + 20 for one in made)
    assert all(units(one.text) <= (1024 if one.choices and limit == 1600 else limit)
               for one in made)  # fmt: skip
    assert told(made) == told([Reply(text)])
