"""A recruiter's name without the words around it: "nama ptnya X, resmi ga?" asks about X."""

from __future__ import annotations

import re

# They go from the two ends only, since a firm may bear any of them inside.
_BEFORE = frozenset(
    "tolong mohon bisa bantu cek check cekin ngecek periksa priksa liat lihat cari carikan "
    "apa apakah apakh kah itu ini ya yah kalau kalo klo kl untuk utk soal tentang tanya nanya "
    "mau minta ingin min pak bu kak mbak mba mas bang gan permisi halo hai assalamualaikum "
    "saya aku sy dia mereka nama namanya nm nmnya bernama perusahaan perusahaannya "
    "perusahaane agen agennya agene agensi sponsor sponsornya calo calonya perekrut pt ptnya "
    "ptne ptna pte nya dari lewat lewatnya melalui via sama oleh yang yg sing nu anu adalah "
    "yaitu namane jenenge jeneng asmane asma nami namina ngaran ngaranna saka ti ku liwat is "
    "it its the from by company agency name called named about nomor no nomer izin ijin "
    "izinnya lisensi licence license sip3mi sippmi siup ada terus dan di orang katanya jarene "
    "cenah badhe tanglet bade naros arep takon wonten punapa opo naha ari nek lamun please "
    "can you bilang orangnya orange and resmi kirain mungkin kayaknya sepertinya".split()
)
_AFTER = frozenset(
    "resmi legal ilegal illegal terdaftar kadaptar berizin izin izinnya ijin ijine aman asli "
    "benar bener beneran ga gak gk nggak ngga enggak tidak tdk ta toh apa bukan kah ya yah "
    "dong deh sih kok penipu penipuan tipu bodong palsu ada punya masih status statusnya "
    "gimana gmn piye kumaha bagaimana itu ini kak pak bu min mas mbak mba bang gan pt namanya "
    "nama ora po mboten nopo teu henteu resmine is registered official licensed safe real "
    "fake or not dipercaya percaya bisa tau tahu kenal trusted scam yang yg mana sudah udah "
    "sdh terus dan and apakah menurut anda mohon tolong infonya info dicek cek please thanks "
    "makasih sekarang".split()
)
_PIECE = re.compile(r"\S+")
_EDGE = "\"'“”‘’()[]{}.,;:!?*_~-"
_QUOTES = " \"'“”‘’.,:;!?"
_LEGAL = frozenset({"pt", "cv"})
_SHORTEST = 3
_SHORTEST_LICENCE = 6
_DIGITS = 4
_LONGEST = 8  # words; a whole story is no name


def bare_name(text: str) -> str:
    """Give the name a caller means as typed; empty when nothing but carrier words stands there."""
    pieces = [piece for piece in _PIECE.findall(text) if piece.strip(_EDGE)]
    legal = ""
    while pieces and _plain(pieces[0]) in _BEFORE:
        legal = pieces[0] if _plain(pieces[0]) in _LEGAL else ""
        pieces = pieces[1:]
    while pieces and _plain(pieces[-1]) in _AFTER:
        pieces = pieces[:-1]
    return " ".join([legal, *pieces] if legal and pieces else pieces).strip(_QUOTES)


def _plain(piece: str) -> str:
    return piece.strip(_EDGE).lower()


def could_be_name(name: str) -> bool:
    """Say whether something is left that can be looked up: a name, a short form or a licence."""
    words = name.split()
    return 0 < len(words) <= _LONGEST and len(re.sub(r"\W", "", name)) >= _SHORTEST


def has_enough(name: str) -> bool:
    """Say whether a text has letters and digits enough to be looked up at all."""
    return len(re.sub(r"[\W_]", "", name)) >= _SHORTEST


def is_licence(name: str) -> bool:
    """Say whether digits make it a licence number rather than a name."""
    digits = sum(char.isdigit() for char in name)
    return digits >= _DIGITS and len(re.sub(r"\W", "", name)) >= _SHORTEST_LICENCE
