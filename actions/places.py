"""Tells a text that is nothing but a place from a name or a story: "neng poipet kamboja"."""

from __future__ import annotations

from actions.desk import Desk
from actions.turn import Turn
from hotline import reading
from hotline.knowledge import key
from hotline.persons import names_agent
from store.regions import load_regions

_AT = frozenset("di neng nang ing ning in at ring ka dek ri".split())
# Around a place they say nothing else.
_AROUND = _AT | frozenset(
    "ke dari asal saka saking teko soko ti ka sana sini situ kono kene kana sekarang skrg saiki "
    "ayeuna now from the of kota negara negeri kabupaten kab kecamatan kec desa daerah wilayah "
    "provinsi prov pulau pak bu kak min ya saja aja dan".split()
)
_LONGEST = 6  # words; a longer text tells more than a place
_LONGEST_NAME = 3  # words of a region


def only_place(turn: Turn, desk: Desk) -> bool:
    """Say whether a typed message names a known place and nothing else."""
    said = reading.words(turn.text)
    if turn.picked or not said or len(said) > _LONGEST or names_agent(turn.text):
        return False
    known = _words_of_places(turn, desk, said)
    if not known:
        return False
    left = [word for word in said if word not in _AROUND and not set(key(word)) <= known]
    # A town nobody has listed, in a country we know: "neng poipet kamboja".
    return not left or (said[0] in _AT and len(left) <= 2)


def _words_of_places(turn: Turn, desk: Desk, said: list[str]) -> set[str]:
    named = [words for _, words in desk.knowledge.mentions(turn.text)]
    codes_of = load_regions().codes_of
    for size in range(1, _LONGEST_NAME + 1):
        runs = (" ".join(said[at : at + size]) for at in range(len(said) - size + 1))
        named += [run for run in runs if codes_of(run)]
    return {word for words in named for word in key(words)}
