"""Reading callers' texts through the bot's own Python, with a stand-in for the model."""

import gc
import io
import sys
from pathlib import Path

import pytest

from hotline.danger import Guard, Rule
from suar.parse import BadLine, Command, ParseError, parse_texts, run, texts_of

# A program that reads as the model does: its intent is the first word of the text.
STAND_IN = """
import json, sys
for line in sys.stdin:
    text = json.loads(line)["text"]
    words = text.split()
    chance = 0.9 if words[0] == "emergency" else 0.0
    told = {"text": text, "intent": words[0], "entities": [], "emergency_chance": chance}
    print(json.dumps(told), flush=True)
"""
BROKEN = "import sys; print('no model in nowhere', file=sys.stderr); sys.exit(1)"
NOWHERE = Path("nowhere")


def running(program: str) -> Command:
    """Return the command of a stand-in program."""
    return lambda model: [sys.executable, "-c", program]


@pytest.fixture
def guard() -> Guard:
    """Return a guard that knows no danger."""
    return Guard(())


def test_a_line_is_a_text_or_a_json_object_with_text() -> None:
    """Both may be mixed; what is no whole JSON object is a caller's text, braces and all."""
    lines = ["halo\n", '{"text": "apa\\nkabar"}\n', "\n", "{rusak\n", "[1]", "5"]
    assert list(texts_of(lines)) == ["halo", "apa\nkabar", "", "{rusak", "[1]", "5"]


@pytest.mark.parametrize(
    "line", ['{"text": 5}', '{"text": null}', '{"text": ["a"]}', '{"lain": 1}']
)
def test_a_json_object_without_a_text_that_is_a_string_is_no_text(line: str) -> None:
    """What a program sent by mistake is not read as if a caller had typed it."""
    (bad,) = texts_of([line])
    assert isinstance(bad, BadLine)
    assert bad.number == 1


def test_every_line_gives_one_object_in_its_place(guard: Guard) -> None:
    """Readings can be laid beside the lines they belong to, whatever stands in those."""
    lines = ["greet a", "", '{"text": 5}', "   ", '{"text": " "}', "greet b"]
    told = list(parse_texts(lines, model=NOWHERE, guard=guard, command=running(STAND_IN)))
    assert [one.get("text", one.get("line")) for one in told] == [
        "greet a",
        "",
        3,
        "",
        " ",
        "greet b",
    ]
    assert "text" in told[2]["error"]


def test_a_blank_line_is_a_message_without_words(guard: Guard) -> None:
    """It needs no model, is not understood, and is no emergency."""
    (told,) = parse_texts(["\n"], model=NOWHERE, guard=guard, command=running(BROKEN))
    assert told["intent"] == "nlu_fallback"
    assert told["entities"] == []
    assert told["emergency"] is False


def test_a_line_without_a_text_is_named_and_ends_in_exit_code_2() -> None:
    """The operator sees which line it was; the file's other lines are read all the same."""
    out, errors = io.StringIO(), io.StringIO()
    source = io.StringIO('\n{"text": 5}\n')
    assert run(None, out, model=NOWHERE, source=source, errors=errors) == 2
    assert len(out.getvalue().splitlines()) == 2
    assert errors.getvalue().startswith("suar parse: line 2: ")


def test_readings_come_in_the_order_of_the_texts(guard: Guard) -> None:
    """Many more texts than a pipe holds come back one for one."""
    lines = [f"greet {number} {'x' * 200}" for number in range(3000)]
    readings = parse_texts(lines, model=NOWHERE, guard=guard, command=running(STAND_IN))
    assert [reading["text"] for reading in readings] == lines


def test_the_model_alone_can_call_an_emergency(guard: Guard) -> None:
    """The guard is silent and the intent is emergency."""
    readings = parse_texts(
        ["emergency x", "greet x"], model=NOWHERE, guard=guard, command=running(STAND_IN)
    )
    assert [reading["emergency"] for reading in readings] == [True, False]


def test_what_is_read_as_an_emergency_is_told_as_one(guard: Guard) -> None:
    """Callers are answered so, however unlikely danger is by itself; a guess is asked about."""
    sure = STAND_IN.replace('"entities": []', '"entities": [], "confidence": float(words[1])')
    program = sure.replace("0.9 if", "0.0 if")
    lines = ["emergency 0.4", "emergency 0.39", "greet 0.9"]
    told = list(parse_texts(lines, model=NOWHERE, guard=guard, command=running(program)))
    assert [one["emergency"] for one in told] == [True, False, False]


def test_the_guard_alone_can_call_an_emergency() -> None:
    """The model reads a greeting and the guard hears more."""
    guard = Guard([Rule("locked_in", ("dikurung",))])
    lines = ["greet saya dikurung", "greet semua"]
    readings = parse_texts(lines, model=NOWHERE, guard=guard, command=running(STAND_IN))
    assert [reading["emergency"] for reading in readings] == [True, False]


def test_a_model_that_ends_early_is_an_error_with_its_last_words(guard: Guard) -> None:
    """Nothing is passed off as read."""
    with pytest.raises(ParseError, match=r"0 of 1 texts: no model in nowhere"):
        list(parse_texts(["halo"], model=NOWHERE, guard=guard, command=running(BROKEN)))


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_whoever_stops_listening_leaves_no_trace_of_a_fault(guard: Guard) -> None:
    """As with `| head -1`, while the model still has much to say."""
    chatty = STAND_IN + "    print('reading', file=sys.stderr, flush=True)\n"
    lines = (f"greet {number}" for number in range(20_000))
    told = parse_texts(lines, model=NOWHERE, guard=guard, command=running(chatty))
    assert next(told)["text"] == "greet 0"
    told.close()  # type: ignore[attr-defined] - a generator, as every caller of it gets
    gc.collect()


def test_no_texts_start_no_program(guard: Guard) -> None:
    """An empty file is read at once."""
    assert list(parse_texts([], model=NOWHERE, guard=guard, command=running(BROKEN))) == []


def test_a_missing_file_ends_the_command_with_its_name(tmp_path: Path) -> None:
    """The operator is told which file is not there."""
    with pytest.raises(SystemExit, match=r"gone\.txt"):
        run(tmp_path / "gone.txt", io.StringIO(), model=NOWHERE, source=io.StringIO())


MARKING = """
import json, sys
for line in sys.stdin:
    text = json.loads(line)["text"]
    start = text.index("malaysia")
    found = {"entity": "country", "value": "malaysia", "start": start, "end": start + 8}
    print(json.dumps({"text": text, "intent": "greet", "entities": [found]}), flush=True)
"""


def test_the_model_reads_plain_letters_and_the_answer_tells_them_as_typed(guard: Guard) -> None:
    """Bold letters and words without spaces are made readable first; places count as typed."""
    typed = "maukerjake𝗺𝗮𝗹𝗮𝘆𝘀𝗶𝗮"
    (told,) = parse_texts([typed], model=NOWHERE, guard=guard, command=running(MARKING))
    (entity,) = told["entities"]
    assert told["text"] == typed
    assert entity["value"] == typed[entity["start"] : entity["end"]] == "𝗺𝗮𝗹𝗮𝘆𝘀𝗶𝗮"
