"""Relatives told where a recruiter's name was asked for."""

import pytest

from hotline.relatives import relative_alone


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("my sister", "my sister"),
        ("by my friend", "my friend"),
        ("saya sendiri", "saya sendiri"),
        ("Tetangga.", "tetangga"),
        ("diajak tetangga saya", "tetangga saya"),
        ("dewek", "dewek"),
        ("lewat om saya", "om saya"),
        ("teman fb", "teman fb"),
        ("bapak tiri saya", "bapak tiri saya"),
        ("dulurku", "dulurku"),
        ("sepupu ulun", "sepupu ulun"),
        ("ulun saurang", "ulun saurang"),
    ],
)
def test_a_relative_alone_is_known(text: str, who: str) -> None:
    """With what says whose, and without what says that she was taken along."""
    assert relative_alone(text) == who


@pytest.mark.parametrize(
    "text",
    [
        "om Budi",
        "haji udin",
        "agen om saya",
        "calo",
        "PT Keluarga Sejahtera",
        "Bu Tuti",
        "",
        "adik saya dibawa agen",
        "pak haji",
        "saya mau pulang",
        "teman saya Budi",
    ],
)
def test_a_name_or_a_trade_is_none(text: str) -> None:
    """Both may be looked for."""
    assert relative_alone(text) == ""
