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
_PERSON = re.compile(
    r"(?:bu|ibu|pak|bapak|bpk|mbak|mba|mas|kang|teh|teteh|ceu|mang|om|tante|bang|uda|uni|bli|mbok|"
    r"haji|hajah|hj?\.?|ustad\w*|mr|mrs|ms|madam|ma'?am|kak|ko|koh|ci|cik|cak|ning|inaq?|amaq?|"
    r"lalu|daeng|puang|amang|inang|lae|ito|tuan|tengku|cut)\.? +[^\W\d]+(?: [^\W\d]+){0,2}",
    re.IGNORECASE,
)
_ADDRESSES_US = frozenset({"kak", "min"})  # "kak yati resmi?" may ask us about "yati"
_ENDS = frozenset("itu ini adalah agen sponsor calo perekrut is a an".split())  # of the name
_TITLES_TOO = frozenset("pak bu mbak mba mas bang".split())  # titles of others too
_CARRIER = re.compile(
    r"^(?:(?:yang |sing |nu )?(?:nama|jeneng|asma|nami|ngaran|wasta|goar|aran)\w* |"
    r"(?:his|her) name (?:is )?|lewat |sama |dari |oleh |itu |ya )+",
    re.IGNORECASE,
)
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


def is_person(name: str) -> bool:
    """Say whether somebody is named by a title and a name ("Bu Tuti", "H. Sarkowi"), not a firm."""
    return _PERSON.fullmatch(name.strip()) is not None


def person_in(text: str) -> str:
    """Give the person that is all a text names, with the title; empty when it names no person."""
    name = _CARRIER.sub("", text.strip()).strip(_QUOTES)
    return name if is_person(name) else ""


def person_asked(text: str) -> str:
    """Give the person with a title behind the words that ask: "cek bu yati" asks about "bu yati".

    Empty where no title stands before a name, or more words follow than a name has.
    """
    pieces = [piece for piece in _PIECE.findall(text) if piece.strip(_EDGE)]
    while pieces and _plain(pieces[-1]) in _AFTER:
        pieces = pieces[:-1]
    for at, piece in enumerate(pieces):
        following = _plain(pieces[at + 1]) if at + 1 < len(pieces) else ""
        if _is_title(_plain(piece)) and following not in _BEFORE - _TITLES_TOO:
            rest = pieces[at:]
            ends = (i for i, one in enumerate(rest) if _plain(one) in _ENDS)
            name = " ".join(rest[: next(ends, None)]).strip(_QUOTES)
            return name if is_person(name) else ""
        if _plain(piece) not in _BEFORE:
            return ""
    return ""


_TOOK = re.compile(
    r"\b(?:(?:di|i|ta)(?:bawa|bawak|ajak|ajaki|tawari|kirim|rekrut|berangkatkan|jual|tipu)\w*|digowo|"
    r"lewat|lwt|liwat|melalui|agen\w*|calo\w*|sponsor\w*|perekrut\w*|through|by|agent)"
    r"(?: (?:sama|oleh|ku|karo|si|namanya|named|is|ring|dening))*"
    r" (?P<name>(?:(?:bu|ibu|pak|bapak|bpk|mbak|mba|mas|kang|teh|haji|hajah|hj?|ustad\w*|daeng|"
    r"puang|bang|om|tante|koh|cik|mr|mrs|ms)\.? +){1,2}(?P<own>[^\W\d]{3,}))",
    re.IGNORECASE,
)
# Behind a title they name nobody: "dibawa bapak saya", "diajak om ke malaysia".
_NOBODY = frozenset(
    "saya aku kami kita ulun ambo beta tiang abdi kula kulo dia mereka yang yg sing ke ka dari dan "
    "itu ini tadi juga sudah sampai naik kerja tiri kandung majikan polisi dokter di nya".split()
)


def person_who_took(text: str) -> str:
    """Give the person with a title said to have taken somebody: "dibawa haji udin"; else none."""
    found = _TOOK.search(text)
    return found["name"] if found and found["own"].lower() not in _NOBODY else ""


def without_titles(name: str) -> str:
    """Take the titles off a person's name: "pak haji darmo" is "darmo"."""
    words = name.split()
    while len(words) > 1 and _is_title(_plain(words[0])):
        words = words[1:]
    return " ".join(words)


def _is_title(word: str) -> bool:
    return is_person(f"{word} x") and word not in _ADDRESSES_US


def is_licence(name: str) -> bool:
    """Say whether digits make it a licence number rather than a name."""
    digits = sum(char.isdigit() for char in name)
    return digits >= _DIGITS and len(re.sub(r"\W", "", name)) >= _SHORTEST_LICENCE
