"""What the words beside a picture could answer: most of them only say what the picture shows."""

from __future__ import annotations

import re

_THIS = r"^\W*(?:(?:ini|itu|iki|niki|kuwi|ieu|eta|this is|these are|nah)\W+){0,2}"
_SOMEBODY = re.compile(
    rf"{_THIS}(?:foto(?:nya)? +)?(?:saya|sy|aku|kulo|abdi|kami|me|myself|istri|suami|bojo|anak|"
    r"adik|adek|kakak|ibu|mama|bapak|ayah|bibi|tante|paman|om|keponakan|sepupu|saudara|teman|kawan|"
    r"tetangga|keluarga|nenek|kakek|wife|husband|son|daughter|sister|brother|mother|father|"
    r"friend)(?:ku|nya|ne|e|na)?(?:\W+(?!kontrak|paspor|gaji|surat)\w+){0,4}\W*$",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:sakit|gerah|loro|teu damang|meninggal|wafat|almarhum\w*|hamil|melahirkan|lumpuh|stroke|"
    r"di ?gaji|gajih|upah|overstay|deport\w*|di ?phk|kontrak\w* +(?:sudah +|udah +|wis +|atos +)?"
    r"(?:habis|abis|selesai|rampung|beres)|habis kontrak|(?:visa|izin|paspor|dokumen) +(?:mati|"
    r"hilang|habis|ditahan)|ill|sick|died|not paid|finished)\b",
    re.IGNORECASE,
)


def names_somebody(text: str) -> bool:
    """Say whether a caption says who somebody is: "ini adik saya", not "ini kontrak saya"."""
    return bool(_SOMEBODY.match(text))


def gives_reason(text: str) -> bool:
    """Say whether a caption says why somebody has to come home."""
    return bool(_REASON.search(text))
