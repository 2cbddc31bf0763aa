"""Words that no text for callers may hold: promises of rescue or arrest, and "safe"."""

import re

PROMISES = re.compile(
    r"\b(aman|dijamin|kami jamin|terjamin|terpercaya|pasti (?:selamat|ditangkap|pulang|berhasil|"
    r"kembali|dibantu)|akan (?:diselamatkan|ditangkap|dibebaskan|dijemput|dipulangkan)|"
    r"segera (?:diselamatkan|dijemput|dipulangkan))\b",
    re.IGNORECASE,
)


def promises_in(text: str) -> list[str]:
    """List what a text promises or vouches for, in its own words."""
    return PROMISES.findall(text)
