"""Tells typing that says nothing - "asdfgh", "hmm", "wkwk", "123" - from a short answer."""

from __future__ import annotations

import re

from hotline.folding import squeezed, words

# Sighs, laughter, fillers and calls; a place or a person is called by none of them.
_EMPTY = frozenset(
    squeezed(word)
    for word in (
        "hm hmm hem eh oh ah aduh duh uh um anu ehm hehe haha hihi wkwk wkwkwk wk xixi "
        "lol test tes coba p pp ping cek halo hallo hai hi hello woi oi oy "
        "assalamualaikum salam permisi punten tolong pak bu bapak ibu kak min admin mas "
        "mbak bang om petugas ya yah dong deh sih kok nih lah loh lho nah terus trus gitu "
        "begitu itu ini oke ok sip y k d g maaf sorry mohon makasih terima kasih amin "
        "amiin astagfirullah allah masyaallah subhanallah waduh capek bingung gatau "
        "entahlah sabar tunggu bentar sebentar nanti dulu apa apaan"
    ).split()
)
_LAUGH = re.compile(r"(?:[hw][aeik]{1,2}){2,}h?|(?:wk){2,}w?|x(?:ixi)+")
_VOWEL = re.compile(r"[aeiouy]")
_ROW = re.compile(r"qwer|wert|erty|asdf|sdfg|dfgh|fghj|ghjk|hjkl|zxcv|xcvb|cvbn|lkjh|poiu|mnbv")
_HEAP = re.compile(r"[bcdfghjklmnpqrstvwxz]{5,}")
_SHORTHAND = 5  # letters; "jkt", "mlg", "sby" name places without a vowel


def says_nothing(text: str) -> bool:
    """Say whether a text holds no word that could be a name, a place or a story."""
    return all(squeezed(word) in _EMPTY or _is_mashed(word) for word in words(text))


def _is_mashed(word: str) -> bool:
    if not word.isalpha():
        return word.isdigit() or len(word) < 2
    if len(word) == 1 or _LAUGH.fullmatch(word) or _ROW.search(word):
        return True
    no_vowel = not _VOWEL.search(word) and len(word) > _SHORTHAND
    return no_vowel or bool(
        _HEAP.search(word.replace("ngk", "").replace("ng", "").replace("ny", ""))
    )
