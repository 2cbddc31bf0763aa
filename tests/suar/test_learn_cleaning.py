"""What could tell who a caller is goes before a reviewer sees her words."""

from typing import Any

import pytest

from suar import examples
from suar.learn_cleaning import NOBODY, clean, common_words, invented

COMMON = common_words(examples.of("id"))


def cleaned(text: str, **entities: str) -> str:
    """Clean a text in which the model has found these entities."""
    found: list[dict[str, Any]] = [
        {"entity": kind, "start": text.index(words), "end": text.index(words) + len(words)}
        for kind, words in entities.items()
    ]
    return clean(text, found, COMMON).marked


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("hubungi 0812-3456-7890 ya bu", "3456"),
        ("wa saya +60 12 300 0001 tolong", "300"),
        ("kode saya SR-7K4M-2Q gimana kabarnya", "7K4M"),
        ("kode sr 7k4m 2q kunci 1234 5678", "5678"),
        ("nik saya 3515081234560001 mau daftar", "3515"),
        ("paspor saya A1234567 ditahan", "1234567"),
        ("email saya siti.a@contoh.id ya", "siti"),
        ("lihat di https://contoh.id/lowongan?id=5", "contoh"),
        ("cari aja @siti_aminah di ig", "siti"),
        ("saya tinggal di jl melati no 5 rt 02/03 dekat pasar", "melati"),
        ("alamat Jalan Raya Kenanga Indah blok C2 nomor 17, tolong", "Kenanga"),
        ("saya dari desa Sukamaju mau tanya", "Sukamaju"),
        ("nama saya Budi Santoso mau lapor", "Santoso"),
        ("anak saya bernama wulandari belum pulang", "wulandari"),
        ("agen pak slamet minta uang", "slamet"),
        ("dibawa bu Tini ke batam", "Tini"),
    ],
)
def test_what_tells_who_she_is_is_taken_out(text: str, gone: str) -> None:
    """Numbers, codes, keys, papers, addresses and names."""
    assert gone not in cleaned(text)


@pytest.mark.parametrize(
    "text",
    [
        "nama saya jangan disebut ya bu",
        "pak mau tanya biaya ke taiwan",
        "jalan resmi lewat mana kak",
        "gaji 5.000.000 sebulan wajar ga",
        "potongan 21 juta tgl 5 mei 2026",
    ],
)
def test_what_tells_nothing_of_her_stays(text: str) -> None:
    """Sums and days stay: the meaning hangs on them."""
    assert cleaned(text) == text


def test_what_the_extractor_found_is_marked_or_taken_out() -> None:
    """Marked as the training examples are; what belongs to somebody goes."""
    text = "gaji 7jt di taiwan kerja abk, izin 902/2022, hub 081234567890"
    got = cleaned(
        text, amount="7jt", country="taiwan", occupation="abk", licence_no="902/2022",
        phone="081234567890",
    )  # fmt: skip
    assert got.startswith("gaji [7jt](amount) di [taiwan](country) kerja [abk](occupation),")
    assert "902" not in got
    assert "0812" not in got


@pytest.mark.parametrize(
    "name", ["pt karya jaya abadi", "PT KARYA JAYA", "CV Maju Lancar", "sinar jaya", "Bu Tini"]
)
def test_a_recruiter_gets_an_invented_name_of_the_same_form(name: str) -> None:
    """As many words, the same legal form, letters of the same size, and always the same one."""
    made = invented(name)
    assert invented(name) == made
    assert len(made.split()) == len(name.split())
    assert (made.islower(), made.isupper()) == (name.islower(), name.isupper())
    assert made.split()[0].lower() == name.split()[0].lower() or name == "sinar jaya"
    assert not set(made.lower().split()[1:]) & set(name.lower().split())
    assert cleaned(f"cek {name} dong", recruiter=name) == f"cek [{made}](recruiter) dong"


def test_the_reviewer_is_told_what_may_still_be_a_name() -> None:
    """With a capital, met nowhere else, or a region; what we put there ourselves is none."""
    text = "saya siti aminah dari Lamongan, nama saya Rini, mau tanya ongkos"
    found = [
        {"entity": "region", "start": text.index("Lamongan"), "end": text.index("Lamongan") + 8}
    ]
    got = clean(text, found, COMMON)
    assert {"siti", "aminah", "Lamongan"} <= set(got.look_at)
    assert NOBODY in got.marked
    assert NOBODY not in got.look_at
    assert "ongkos" not in got.look_at


def test_brackets_of_hers_are_no_marks() -> None:
    """They would break the file of examples."""
    assert cleaned("lihat [ini](country) {x} \\n ya") == "lihat ini (country) x n ya"
