"""Knows a message that says nothing but "delete this", in the words callers use for it."""

from __future__ import annotations

import re

_DELETE = (
    r"(?:di)?(?:hapus|hps|hpus|apus|busak|pupus)(?:kan|in|en|no|keun)?|"
    r"delete|erase|hilangkan|ilangin|bersihkan"
)
# What may stand around it: polite words, and what shall be deleted.
_AROUND = (
    r"tolong|tlg|mohon|minta|mau|please|pls|saya|sy|aku|ku|my|me|pak|bu|kak|min|mas|mba|mbak|ya|"
    r"dong|aja|saja|wae|mawon|semua|semuanya|smua|kabeh|sadaya|all|everything|isi|seluruh|ini|tadi|"
    r"iki|ieu|niki|this|the|data|pesan|psn|chat|chatnya|obrolan|percakapan|riwayat|history|"
    r"messages?|conversation|akun|laporan|jejak|sekarang|skrg|now"
)
_COMMAND = re.compile(
    rf"^\W*(?:(?:{_AROUND})\W+){{0,4}}(?:{_DELETE})(?:\W+(?:{_AROUND}))*\W*$", re.IGNORECASE
)


def asks_to_delete(text: str) -> bool:
    """Say whether a whole message is the wish to have things deleted, and no question about it."""
    return "?" not in text and bool(_COMMAND.match(text))
