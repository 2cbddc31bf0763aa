"""What the classifiers' benchmark asks: every unseen message that has an intent, and no other."""

from __future__ import annotations

from benchmarks.tools.rival_data import own_intents
from suar.unseen import DANGER_FILES, read_sets


def test_only_messages_with_an_intent_are_asked() -> None:
    """Sets that tell danger alone have none; a new one of them must not stop the benchmark."""
    asked = own_intents().test
    sets = read_sets()
    assert set(DANGER_FILES) <= set(sets)
    assert len(asked) == sum(len(held) for name, held in sets.items() if name not in DANGER_FILES)
    assert len({text.language for text in asked}) == 13
