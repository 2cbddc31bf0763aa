"""The parts of a long message."""

from bot.components.parts import LENGTH, MOST, parts


def test_sentences_are_parts():
    """A cry and a question stand apart."""
    assert parts("saya dikunci di kamar. berapa biaya ke taiwan?") == [
        "saya dikunci di kamar",
        "berapa biaya ke taiwan",
    ]


def test_a_long_sentence_is_cut_into_runs_that_overlap():
    """No seven words in a row are ever torn apart."""
    words = [f"k{n}" for n in range(30)]
    found = parts(" ".join(words))
    assert all(len(run.split()) <= LENGTH for run in found)
    assert all(any(" ".join(words[i : i + 7]) in run for run in found) for i in range(24))


def test_a_short_text_is_one_part_and_an_empty_one_none():
    """There is nothing to cut."""
    assert parts("tolong") == ["tolong"]
    assert parts(" ?! ") == []


def test_a_very_long_text_gives_no_more_parts_than_can_be_read_in_time():
    """A pasted page must not hold up the bot."""
    assert len(parts("kata " * 5000)) == MOST
