"""A caller who does not want to be phoned is heard, however she writes it."""

import pytest

from hotline.no_calls import refuses_when_asked
from hotline.wishes import Wish, wishes_in, without_wishes
from store.languages import load_languages
from store.texts import load_texts

REFUSED = [
    "jangan telepon", "jgn tlp sy", "jangan di telp", "jgn d tlp ya pak", "jangan ditelfon dulu",
    "tlg jgn telp2", "jangaaan telpon", "janganlah ditelepon", "jngn nelpon", "JANGAN DITELPON!!",
    "tidak mau ditelepon", "gak boleh ditelpon", "ga usah nelpon", "gausah telp", "ga mau telp",
    "gk mau d telpon", "g usah tlp", "nggak mau ditelp kak", "saya tidak bisa ditelepon",
    "tdk bs ditelpon", "sy ga bs terima telp", "ga berani angkat telpon", "takut ditelepon",
    "hp dipegang majikan jgn telpon", "majikan pegang hp saya, tidak bisa ditelepon",
    "malam aja, ga bisa ditelpon", "wa aja jangan telp", "telpon jangan ya", "ngga mau ditelephone",
    "jangan hubungi lewat telepon", "jangan pakai telpon", "bahaya kalau ditelepon",
    "gaboleh ditelpon", "ga bole telpon", "jangan video call",
    "adik saya hilang. saya tidak mau ditelepon", "kada usah ditilpun",
    "jangan telepon saya, takut ketahuan",
    "no calls please", "no phone calls", "don't call me", "pls dont phone", "do not ring me",
    "i don't want to be called", "i dont want any calls", "i can't take calls", "you can't call me",
    "stop calling me", "text only, no calling", "calls are not safe",
    "moh ditelpon", "emoh ditelpon", "ora gelem ditelpon", "ra gelem di telp", "ojo telpon",
    "ojo ditelpon yo", "aja telpon", "kulo mboten purun dipun telpon", "mboten saged ditelpon",
    "ampun telpon", "wedi ditelpon", "rasah telpon", "ora usah nelpon",
    "ulah nelepon", "ulah ditelepon nya", "teu kenging ditelepon", "alim ditelepon",
    "embung ditelepon", "teu tiasa ditelepon", "teu kedah nelepon", "sieun ditelepon",
    "bek telepon", "bek neutelepon", "bek geutelepon", "b\u00e8k geutelepon lon",
    "hana jeut geutelepon",
    "han jeut telpon", "bek ka telepon",
    "sampunang nelepon", "sampunang telepon", "nenten dados kateleponin", "eda nelpon",
    "unang telepon", "unang manelepon", "so boi ditelepon", "ndang boi ditelepon", "unang ditelpon",
    "jangan tilpun", "jangan manilpun", "kada kawa ditilpun", "kada boleh ditilpun",
    "aja' mattelepong", "aja' natelepongka", "de' nawedding ritelepong", "aja mattelepong",
    "ja' telepon", "ja\u2019 nelpon", "ta' bisa etelepon", "jek telepon",
    "jan telepon", "jan manelepon", "indak bisa ditelepon", "ndak buliah ditelpon",
    "indak nio ditelepon",
    "jang telepon", "jang telpon beta", "sonde bisa ditelepon", "sonde mau ditelpon",
    "sond usah telpon",
    "dendeq telepon", "dendek nelpon", "ndeq bau tetelepon", "dende' nelepon",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_a_refused_call_is_heard(text: str) -> None:
    """In thirteen languages, and as it is written on a phone."""
    assert Wish.NEVER_CALL in wishes_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "suami saya tidak bisa ditelepon sejak mei", "anak saya tidak mau ditelepon",
        "adik ga bisa ditelpon", "sudah sebulan tidak bisa ditelepon", "dia gak mau ditelpon",
        "nomornya tidak bisa ditelepon", "suami saya di malaysia. tidak bisa ditelpon",
        "my husband can't be phoned", "saya tidak boleh menelepon keluarga",
        "saya tidak bisa telepon keluarga", "kenapa saya tidak boleh ditelepon",
        "majikan bilang tidak boleh ditelepon", "saya belum ditelepon", "kok saya tidak ditelepon",
        "ga mau calling visa", "no calling visa", "jangan lupa telepon saya",
        "jangan takut telepon", "tidak apa apa ditelepon", "gpp telpon", "boleh telpon",
        "bisa aja telepon", "telepon malam saja", "kulo sampun telpon kbri",
        "don't call the police", "nomor telp saya 0812", "no telp saya 0812",
        "saya tidak dikasih hp", "saya tidak mau pulang", "jangan tahan paspor saya",
    ],
)  # fmt: skip
def test_what_is_said_of_others_or_allowed_refuses_no_call(text: str) -> None:
    """A husband who cannot be reached is no wish; nor is what an employer forbids."""
    assert Wish.NEVER_CALL not in wishes_in(text)


@pytest.mark.parametrize("language", [one.code for one in load_languages().all])
def test_the_words_of_our_own_question_are_heard(language: str) -> None:
    """The question asks her to write them, and the button says them."""
    asked = load_texts().reply("utter_ask_safe_time", language, "whatsapp")
    said = asked.text.rsplit(":", 1)[1]
    buttons = [choice.title for choice in asked.choices if "jangan telepon" in choice.payload]
    assert len(buttons) == 1
    for text in (said, *buttons, load_texts().get("utter_phrase_wish_never_call", language, "sms")):
        assert wishes_in(text) == (Wish.NEVER_CALL,), text


@pytest.mark.parametrize("language", [one.code for one in load_languages().all])
def test_the_condition_of_our_own_question_is_heard_as_an_answer(language: str) -> None:
    """ "Kalau tidak bisa ditelepon" is repeated without its first word."""
    asked = load_texts().get("utter_ask_safe_time", language, "whatsapp")
    condition = asked.rsplit("?", 1)[1].split(",")[0].split(maxsplit=1)[1]
    if language == "en":
        condition = condition.replace("you ", "i ")
    assert wishes_in(condition) == (Wish.NEVER_CALL,), condition


@pytest.mark.parametrize(
    "text", ["ditelpon ga bole ya", "gak telp", "tanpa telepon", "telepon tidak, wa iya"]
)
def test_where_we_have_asked_any_no_beside_a_call_is_one(text: str) -> None:
    """The question was when and how she can be reached."""
    assert refuses_when_asked(text)


@pytest.mark.parametrize("text", ["tidak apa apa ditelepon", "ga papa telpon", "tidak", "telpon"])
def test_a_call_that_is_allowed_is_not_refused(text: str) -> None:
    """ "Never mind" begins with the same word as "no"."""
    assert not refuses_when_asked(text)


def test_a_refused_call_does_not_hide_a_yes() -> None:
    """Taken out, an explicit yes is left."""
    assert without_wishes("Boleh, tapi tidak mau ditelepon").strip().startswith("boleh")
