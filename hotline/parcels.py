"""Tells a parcel, a ride or an order from a report: "mas paketnya sudah sampai belum"."""

from __future__ import annotations

import re

_GOODS = re.compile(
    r"\b(?:paket(?:nya|ku|an)?|parcel|package|kurir\w*|courier|ojol|gojek|grab|ongkir\w*|cod|"
    r"resi(?:nya)?|orderan\w*|order|pesanan\w*|belanjaan\w*|galon\w*|gas elpiji|delivery|"
    r"checkout|shopee|tokopedia)\b",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\b(?:lapor\w*|nglapor\w*|report\w*|tiket\w*|ticket\w*|aduan\w*|kasus\w*|case|kode\w*|code|"
    r"sr-?\w+|kamboja|malaysia|agen\w*|majikan\w*|pt|tkw|tki|pmi)\b",
    re.IGNORECASE,
)


def asks_about_goods(text: str) -> bool:
    """Say whether a text asks how an order stands, and nothing in it is ours."""
    return bool(_GOODS.search(text)) and not _OURS.search(text)
