"""What a whole message can be instead of danger: a question about others, a denial, a story."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hotline.phrases import Phrase, PhraseIndex, compiled

FRAME_SIDES = ("any", "along", "unless", "ignoring")


@dataclass(frozen=True, slots=True)
class Frame:
    """One kind of message that speaks of danger without being in it.

    It holds when one of ``any`` is there, one of ``along`` too (if there are any), and none of
    ``unless``. What stands inside a phrase of ``ignoring`` ("I only want to ask") is not looked
    at for ``unless``. Rules named in ``spares`` ring all the same.
    """

    id: str
    any: tuple[str, ...]
    along: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    ignoring: tuple[str, ...] = ()
    spares: frozenset[str] = frozenset()


class Frames:
    """Says which frames hold for a message."""

    def __init__(self, frames: Sequence[Frame], groups: Mapping[str, frozenset[str]]) -> None:
        """Compile the frames.

        Raises ValueError for a phrase that cannot be read.
        """
        self._frames = frames
        self._index = PhraseIndex(list(_phrases(frames, groups)))

    def knows(self, token: str) -> bool:
        """Say whether a token fits any place of any frame."""
        return self._index.knows(token)

    def holding(self, tokens: Sequence[str]) -> list[Frame]:
        """Return the frames that hold, in the order they were given."""
        places: dict[str, list[tuple[int, int]]] = {}
        for phrase, start, end in self._index.found(tokens):
            places.setdefault(phrase.meaning, []).append((start, end))
        return [frame for frame in self._frames if _holds(frame, places)]


def _holds(frame: Frame, places: Mapping[str, Sequence[tuple[int, int]]]) -> bool:
    if f"{frame.id} any" not in places:
        return False
    if frame.along and f"{frame.id} along" not in places:
        return False
    ignored = places.get(f"{frame.id} ignoring", ())
    return all(
        any(first <= start and end <= last for first, last in ignored)
        for start, end in places.get(f"{frame.id} unless", ())
    )


def _phrases(frames: Sequence[Frame], groups: Mapping[str, frozenset[str]]) -> Iterator[Phrase]:
    for frame in frames:
        for side in FRAME_SIDES:
            for text in getattr(frame, side):
                yield compiled(text, f"{frame.id} {side}", groups)
