"""Questions that lean on what was just answered: "ini aman ga", "terus saya harus gimana"."""

from __future__ import annotations

import re

_ASK = (
    r"(?:apa|apakah|kah|gimana|gmn|gmna|piye|pripun|kumaha|kepriye|bagaimana|bgmn|ga|gak|gk|nggak|"
    r"ngga|enggak|tidak|tdk|ora|mboten|teu|henteu|atau|kan|ya|toh|ta|nopo|bukan|bkn|or not|is|are|"
    r"can|should|berarti|jadi|brarti|artinya|yakin|beneran|bener|benar)"
)
_SAFE = (
    r"(?:aman|amankah|aman2|safe|slamet|selamet|salamet|bisa dipercaya|dipercaya|percaya|trusted|"
    r"penipuan|penipu|tipu|nipu|ngapusi|scam|bohong|boong|hoax|bodong|"
    r"meyakinkan|berbahaya|bahaya|bebaya|dangerous|real|fake|trafficking|tppo)"
)
_MAY_GO = (
    r"(?:(?:boleh|bole|bisa|kenging|oleh|meunang|jadi|tetap|tetep|aku|saya|should i|can i|i can)\W+"
    r"(?:\w+\W+){0,2}?(?:berangkat|brangkat|budal|mangkat|miang|ambil|terima|ikut|lanjut|daftar|"
    r"bayar|"
    r"gas|go|accept|take it|join|sign))"
)
# About the report or the hotline itself, not about the offer.
_HOTLINE = re.compile(
    r"\b(?:lapor\w*|identitas|nama saya|rahasia|data|nomor saya|privasi|bocor|ketahuan|report\w*|"
    r"privacy|confidential|anonym\w*|chat ini|nomor ini|di sini|bercerita|cerita)\b",
    re.IGNORECASE,
)
_IF_SAFE = re.compile(
    rf"\b(?:{_SAFE})\b[^.!]*(?:\?|\b{_ASK}\b)|\b{_ASK}\b[^.!]*\b(?:{_SAFE})\b|^\W*{_SAFE}\W*\?|"
    r"^\W*(?:(?:jadi|berarti|terus|ini|itu|niki|iki|ieu|tawaran\w*|dia|mereka)\W+){0,3}(?:resmi|"
    rf"legal|ilegal|asli)\W*(?:{_ASK}\W*){{0,3}}$|"
    rf"\b{_MAY_GO}\b[^.!]*(?:\?|\b{_ASK}\b)|\b{_ASK}\b[^.!]*\b{_MAY_GO}\b|^\W*{_MAY_GO}\W*$",
    re.IGNORECASE,
)
_HOW = (
    r"(?:gimana|gmn|gmna|bagaimana|bgmn|piye|pripun|kepriye|kudu piye|kumaha|apa|ngapain|opo|naon|"
    r"nopo|what|how)"
)
_MUST = (
    r"(?:harus|hrs|kudu|mesti|kedah|sebaiknya|sebaiknyaa|baiknya|mending|enaknya|should|do i do|"
    r"must|langkah|ngapain|perlu|saran\w*)"
)
_TO_DO = re.compile(
    rf"\b{_MUST}\b(?:\W+\w+){{0,3}}?\W+{_HOW}\b|"
    rf"(?:^|\b(?:terus|trus|lalu|jadi|saya|aku|kak|so|then|ya)\b)\W*{_HOW}(?: (?:yang|yg|sing|nu))?"
    rf" {_MUST}(?: (?:saya|aku|kulo|abdi|kami|i|do|di ?lakukan|lakukan|diperbuat|dilakoni|ya|"
    rf"kak))*\W*$|"
    rf"\bsaran\w*\b|^\W*(?:ya |yah |lha |nah )?(?:terus|trus|trs|lalu|so|jadi|njuk|teras|tuluy|"
    rf"dadi|"
    rf"then|now|kalau begitu|klo gitu|kalo gitu)\W+(?:saya |aku |kulo |abdi )?{_HOW}"
    rf"(?:\W+\w+){{0,3}}\W*$|^\W*{_HOW}(?: (?:ya|dong|nih|ini|kak|pak|bu|min|mas|mbak|saya|sih|"
    rf"now))*\W*$|"
    r"\bwhat (?:should|do|can) i do\b",
    re.IGNORECASE,
)


def asks_if_safe(text: str) -> bool:
    """Say whether a text asks if something just judged is safe, real, or may be accepted."""
    return bool(_IF_SAFE.search(text)) and not _HOTLINE.search(text)


def asks_what_to_do(text: str) -> bool:
    """Say whether a text asks what to do now, and nothing more particular."""
    return bool(_TO_DO.search(text)) and not _HOTLINE.search(text)
