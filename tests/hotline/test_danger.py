"""What the danger guard must hear, and what it must let pass."""

import time
from pathlib import Path

import pytest
import yaml

from hotline.contexts import Context
from hotline.danger import SEVERAL_SIGNS, Guard, Lexicon, Rule
from hotline.frames import Frame
from hotline.signs import Scale, Sign
from store.danger import load_guard

GUARD = load_guard(Path(__file__).parents[2] / "data" / "danger")

PHRASES = yaml.safe_load((Path(__file__).parent / "danger.yml").read_text(encoding="utf-8"))
DANGER: list[str] = PHRASES["danger"]
SAFE: list[str] = PHRASES["safe"]
STILL_MISSED: list[str] = PHRASES["still_missed"]
STILL_RINGS: list[str] = PHRASES["still_rings"]

BEATEN = Rule("beaten", ("dipukul",))
SCALE = Scale(
    (
        Sign("watched", 2, ("di luar",)),
        Sign("secret", 2, ("jangan telpon",)),
        Sign("self", 5, ("saya",)),
        Sign("calm", -3, ("cuma bercanda",)),
    ),
    ring=4,
    rule=5,
    faint=frozenset({"self"}),
)


@pytest.mark.parametrize("text", DANGER)
def test_danger_now_rings_the_alarm(text: str) -> None:
    """A message that shows danger now is heard whatever its language and spelling."""
    assert GUARD.read(text) is not None


@pytest.mark.parametrize("text", SAFE)
def test_questions_past_events_and_films_pass(text: str) -> None:
    """A message without danger now does not ring the alarm."""
    assert GUARD.read(text) is None


@pytest.mark.parametrize("text", STILL_MISSED)
def test_what_is_listed_as_missed_is_missed(text: str) -> None:
    """The list of known gaps is true: what is heard by now moves to the danger list."""
    assert GUARD.read(text) is None


@pytest.mark.parametrize("text", STILL_RINGS)
def test_what_is_listed_as_a_false_alarm_rings(text: str) -> None:
    """The list of known false alarms is true: what passes by now moves to the safe list."""
    assert GUARD.read(text) is not None


def test_few_development_phrases_are_misjudged() -> None:
    """The known gaps stay few: one danger in twenty missed, one safe message in ten disturbed."""
    assert len(STILL_MISSED) < 0.05 * len(DANGER)
    assert len(STILL_RINGS) < 0.1 * len(SAFE)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("saya dikurung di kamar", "locked_in"),
        ("dipukul majikan tiap hari", "beaten"),
        ("anak saya diperkosa", "sexual_violence"),
        ("adik saya dijual ke bos lain", "being_sold"),
        ("kami dipaksa naik perahu", "moved_across_border"),
        ("diancam mau dibunuh", "threatened"),
        ("saya baru kabur dari rumah majikan", "on_the_run"),
        ("pengen bunuh diri", "suicidal"),
        ("tolong saya", "cry_for_help"),
        ("mereka minta tebusan 50 juta", "held_for_ransom"),
        ("tidak dikasih makan", "no_food_or_medicine"),
        ("dipaksa nipu orang di kamboja", "scam_compound_captive"),
    ],
)
def test_the_alarm_names_its_reason(text: str, reason: str) -> None:
    """A responder sees which kind of danger was heard."""
    alarm = GUARD.read(text)
    assert alarm is not None
    assert reason in alarm.reasons


def test_several_dangers_are_all_named_with_their_words() -> None:
    """Budi's message about two dangers gives two reasons and the words for each."""
    alarm = GUARD.read("Saya dikurung dan dipukul di Riyadh")
    assert alarm is not None
    assert alarm.reasons == ("locked_in", "beaten")
    assert alarm.words == ("dikurung", "dipukul")


def test_a_long_message_costs_no_more_a_word_than_a_short_one() -> None:
    """A story that goes on for pages never holds up the worker."""
    words = " ".join(text for text in SAFE if text).split()
    short, long = (" ".join((words * 8)[:count]) for count in (300, 2400))
    # In turns, so that whatever else the machine does slows both.
    took = [(_seconds(short), _seconds(long)) for _ in range(7)]
    # Eight times the words; what grows with the square would take sixty-four times as long.
    assert min(one for _, one in took) < 24 * min(one for one, _ in took)


def test_danger_at_the_end_of_a_very_long_paste_is_heard() -> None:
    """A pasted page does not hide the cry at its end."""
    assert GUARD.read("lowongan kerja ke taiwan. " * 5000 + "saya dikurung di kamar") is not None


def test_a_context_takes_back_only_the_rules_that_name_it() -> None:
    """A joke silences the rule that lists jokes, not the one that does not."""
    joke = {"joke": Context(near=("canda",))}
    rules = [Rule("beaten", ("dipukul",), ("joke",)), Rule("suicidal", ("bunuh diri",))]
    guard = Guard(rules, joke)
    assert guard.read("canda kok dipukul") is None
    assert guard.read("canda kok bunuh diri") is not None


def test_signs_ring_together_and_not_alone() -> None:
    """Siti's whisper rings by two signs, though neither would ring by itself."""
    guard = Guard([], scale=SCALE)
    assert guard.read("dia di luar") is None
    assert guard.read("jangan telpon") is None
    alarm = guard.read("jangan telpon, dia di luar")
    assert alarm is not None
    assert alarm.reasons == (SEVERAL_SIGNS,)
    assert alarm.words == ("jangan telpon", "di luar")


def test_faint_signs_alone_never_ring() -> None:
    """Naming oneself adds to a sign of danger, and is none."""
    guard = Guard([], scale=SCALE)
    assert guard.read("saya siti dari johor") is None
    assert guard.read("dia di luar, saya takut") is not None


def test_signs_far_apart_do_not_ring() -> None:
    """Two signs in different parts of a long story are not one danger."""
    guard = Guard([], scale=SCALE)
    assert guard.read(f"jangan telpon {'lalu ' * 15} dia di luar") is not None
    assert guard.read(f"jangan telpon {'lalu ' * 25} dia di luar") is None


def test_two_rules_make_sure_only_with_words_of_their_own() -> None:
    """What two rules hear in the same words is one thing said, not two."""
    scale = Scale(ring=4, rule=5)
    same = Guard([BEATEN, Rule("violence", ("dipukul terus",))], scale=scale)
    alarm = same.read("saya dipukul terus")
    assert alarm is not None
    assert set(alarm.reasons) == {"beaten", "violence"}
    assert not alarm.sure
    both = Guard([BEATEN, Rule("locked_in", ("dikurung",))], scale=scale)
    apart = both.read("saya dikurung, dipukul")
    assert apart is not None
    assert apart.sure


def test_a_word_is_read_as_typed_before_doubled_letters_are_written_once() -> None:
    """Toba Batak "nga" (already) is not what "ngga" (not) becomes: she is locked in."""
    not_so = {"denied": Context(just_before=("<no>",))}
    lexicon = Lexicon(groups={"no": frozenset({"nga"})}, as_typed={"nga": "nunga"})
    guard = Guard([Rule("locked_in", ("dihunsi",), ("denied",))], not_so, lexicon)
    assert guard.read("ngga dihunsi") is None
    assert guard.read("nga dihunsi") is not None
    assert GUARD.read("nga dihunsi ahu di kamar") is not None


def test_every_word_of_a_phrase_can_be_met() -> None:
    """A word that is skipped everywhere makes the phrase that asks for it deaf."""
    folder = Path(__file__).parents[2] / "data" / "danger"
    files = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in folder.glob("*.yml")]
    skipped = {word for file in files for word in file.get("skip", [])}
    rows = [row for file in files for part in ("rules", "signs") for row in file.get(part, [])]
    deaf = [
        line.strip()
        for row in rows
        for line in row["any"].splitlines()
        for step in line.split()
        if not step.endswith("?") and skipped.issuperset(step.split("|"))
    ]
    assert deaf == []


def test_calming_signs_outweigh_a_rule_only_together_with_little_else() -> None:
    """A calming word silences a lone rule, not a rule with signs of danger beside it."""
    guard = Guard([Rule("beaten", ("dipukul",))], scale=SCALE)
    assert guard.read("dipukul") is not None
    assert guard.read("dipukul, cuma bercanda") is None
    assert guard.read("dipukul, cuma bercanda katanya, dia di luar") is not None


def test_a_sign_right_after_a_denial_weighs_nothing() -> None:
    """ "Not outside" is no sign, "outside" later in the same message is one."""
    scale = Scale(SCALE.signs, ring=4, rule=5, denied_by=frozenset({"tidak"}))
    guard = Guard([], scale=scale)
    assert guard.read("jangan telpon, dia tidak di luar") is None
    assert guard.read("jangan telpon, tidak jauh dia di luar") is not None


ASKS = Frame("asks", any=("apakah",), unless=("saya",), ignoring=("saya mau tanya",))


def test_a_question_about_others_is_no_alarm() -> None:
    """Somebody who asks whether workers are beaten is not being beaten."""
    guard = Guard([BEATEN], frames=[ASKS])
    assert guard.read("apakah tki dipukul") is None
    assert guard.read("saya mau tanya, apakah tki dipukul") is None


def test_a_question_about_oneself_is_still_an_alarm() -> None:
    """Budi asks and tells at once; in doubt it is danger."""
    guard = Guard([BEATEN], frames=[ASKS])
    assert guard.read("apakah saya boleh lapor, dipukul terus") is not None


def test_a_frame_needs_what_goes_along_with_it() -> None:
    """ "Used to" alone does not make it over; "now home" with it does."""
    over = Frame("over", any=("dulu",), along=("sudah pulang",))
    guard = Guard([BEATEN], frames=[over])
    assert guard.read("dulu dipukul") is not None
    assert guard.read("dulu dipukul, sekarang sudah pulang") is None


def test_a_frame_leaves_the_rules_it_spares() -> None:
    """Whoever is home again may still want to die."""
    over = Frame("over", any=("sudah pulang",), spares=frozenset({"suicidal"}))
    guard = Guard([BEATEN, Rule("suicidal", ("pengen mati",))], frames=[over])
    assert guard.read("sudah pulang, dipukul") is None
    assert guard.read("sudah pulang, pengen mati") is not None


def test_two_dangers_at_once_are_heard_in_any_frame() -> None:
    """A question that tells of two dangers is no general question."""
    guard = Guard([BEATEN, Rule("locked_in", ("dikurung",))], frames=[ASKS])
    assert guard.read("apakah boleh dikurung dan dipukul") is not None


def test_many_signs_are_heard_in_any_frame() -> None:
    """From the weight that is sure, a frame takes nothing back."""
    scale = Scale(SCALE.signs, ring=4, rule=5, sure=9)
    guard = Guard([BEATEN], scale=scale, frames=[ASKS])
    assert guard.read("apakah dipukul") is None
    assert guard.read("apakah jangan telpon, dipukul, di luar") is not None


def test_an_unknown_context_is_refused() -> None:
    """A rule that leans on a context nobody wrote does not load."""
    with pytest.raises(ValueError, match="joke"):
        Guard([Rule("beaten", ("dipukul",), ("joke",))])


def _seconds(text: str) -> float:
    started = time.process_time()
    GUARD.read(text)
    return time.process_time() - started
