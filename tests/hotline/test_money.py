"""What an amount is, as callers type it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.money import read_money


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3jt", "IDR 3000000"), ("2 juataan", "IDR 2000000"), ("2.5jt", "IDR 2500000"),
        ("1,5 juta", "IDR 1500000"), ("Rp3.750 Ribu", "IDR 3750000"), ("rp 50.000", "IDR 50000"),
        ("Rp 1.500.000,00", "IDR 1500000"), ("300,000.000", "IDR 300000000"),
        ("delapan juta lima ratus ribu rupiah", "IDR 8500000"), ("lima belas juta", "IDR 15000000"),
        ("dua puluh lima juta", "IDR 25000000"), ("rong juta", "IDR 2000000"),
        ("telung puluh juta", "IDR 30000000"), ("sajuta", "IDR 1000000"), ("50 rebu", "IDR 50000"),
        ("limong juta", "IDR 5000000"), ("tellu juta", "IDR 3000000"), ("duo juta", "IDR 2000000"),
        ("Rm.200", "MYR 200"), ("sewu ringgit", "MYR 1000"), ("2400$", "USD 2400"),
        ("won 393.000", "KRW 393000"), ("235.000 yen", "JPY 235000"), ("1500 riyal", "SAR 1500"),
        ("800 kd", "KWD 800"), ("500 dinar", "? 500"),
    ],
)  # fmt: skip
def test_amounts_are_read(typed: str, meant: str) -> None:
    """Points, commas, scales, coins and words in several languages."""
    assert str(read_money(typed)) == meant


@pytest.mark.parametrize(
    ("typed", "country", "meant"),
    [
        ("500 dinar", "KW", "KWD 500"), ("500 dinar", "JO", "JOD 500"),
        ("1500 riyal", "QA", "QAR 1500"), ("600 dolar", "SG", "SGD 600"),
        ("4000 dolar", "HK", "HKD 4000"), ("4000 dolar", "KH", "USD 4000"),
    ],
)  # fmt: skip
def test_a_shared_coin_is_the_coin_of_the_place(typed: str, country: str, meant: str) -> None:
    """A dinar in Kuwait is worth ten times a dinar elsewhere."""
    assert str(read_money(typed, country=country)) == meant


@pytest.mark.parametrize("typed", ["200", "", "salapan juta", "juta", "0 rupiah", "ringgit"])
def test_what_is_not_sure_is_not_read(typed: str) -> None:
    """A bare number may be anything; "salapan" is nine here and eight there."""
    assert read_money(typed) is None


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    """No text makes it fail."""
    read_money(text)
