"""Reads out of a first message why somebody must come home, and since when there is no news."""

from __future__ import annotations

import re

# Words of illness, death, pay, papers and contracts, as callers give their reason to come home.
_REASON = re.compile(
    r"\b(?:sakit\w*|gering|gerah|lara|stroke|kanker|lumpuh|koma|kecelakaan|celaka|meninggal\w*|wafat|"
    r"tewas|seda|sedo|tilar donya|maot|pupus|ngantunkeun|jena[sz]ah\w*|mayat\w*|almarhum\w*|"
    r"hamil|melahirkan|dipecat|phk|bangkrut|tipes|depresi|"
    r"(?:tidak|tdk|ga|gak|nggak|ora|mboten|teu|belum|blm) (?:di ?)?(?:gaji\w*|gajih\w*|bayar\w*)|"
    r"kontrak\w*(?: \w+){0,2} "
    r"(?:habis|abis|selesai|rampung|bubar|beak|finish)|overstay\w*|"
    r"(?:paspor|pasport|visa|permit)\w* (?:hilang|mati|habis|ditahan|kadaluarsa|kedaluwarsa)|"
    r"sick|ill|injured|accident|died|dead|dying|body|remains|pregnant|unpaid|"
    r"not (?:been )?paid|contract (?:is |has )?(?:over|finished|ended)|expired|cancer)\b",
    re.IGNORECASE,
)
_NO_NEWS = (
    r"(?:(?:tidak|tdk|ga|gak|gk|g|nggak|ngga|enggak|ora|mboten|boten|teu|no|not|belum|blm)"
    r"(?: (?:bisa|bs|saged|iso|tiasa|bisaeun|ada|wonten|ono|aya|pernah|be|been))*"
    r" (?:di ?|nga|nge|ng)?(?:hubung\w*|kabar\w*|kontak\w*|telp\w*|telepon\w*|tlp|wartos|warta|"
    r"news|word|contact\w*|reach\w*|response)|hilang kontak|putus kontak|kelangan kontak|"
    r"hilang kabar|lost contact|(?:nomor|nomer|hp|wa)\w* (?:tidak|gak|ga|mboten|teu) aktif|"
    r"can(?:'t|not) (?:reach|contact)\w*)"
)
_NUMBER = (
    r"(?:\d+|se|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|siji|loro|telu|tigang|"
    r"kalih|papat|sekawan|limang|gangsal|enem|pitu|hiji|opat|genep|a|one|two|three|four|five|six|"
    r"beberapa|several)"
)
_UNIT = (
    r"(?:hari|hr|minggu|mgg|bulan|bln|tahun|thn|th|taun|dinten|dina|sasi|wulan|poe|sasih|days?|"
    r"weeks?|months?|years?)"
)
_SINCE = (
    rf"(?:(?:sejak|semenjak|dari|dr|awit|saka|saking|ti|since|terakhir|pungkasan)(?: \w+){{1,3}}|"
    rf"{_NUMBER} ?{_UNIT})"
)
_LAST_NEWS = re.compile(
    rf"\b{_NO_NEWS}\b(?: +\w+){{0,5}}? +(?P<after>{_SINCE})\b|"
    rf"\b(?P<before>{_NUMBER} ?{_UNIT})\b(?: +\w+){{0,5}}? +{_NO_NEWS}\b",
    re.IGNORECASE,
)


# A document and what became of it, as far as one breath tells it: "paspor saya dipegang mandor".
_PAPERS = re.compile(
    r"\b(?:paspor|pasport|pasfor|passport|paspot|pspr|ktp|visa|permit|dokumen|surat|ijazah|akte|kk|"
    r"papers|documents?)\w*(?: (?!dan\b|terus\b|tapi\b)\w+){0,3}? "
    r"(?:di ?tahan\w*|di ?ambil\w*|di ?sita\w*|di ?pegang\w*|di ?rampas\w*|di ?simpan\w*|"
    r"di ?bawa\w*|di ?bakar\w*|hilang|ilang|mati|habis|abis|kadalu\w+|kedalu\w+|palsu|"
    r"dicekel\w*|ditahen\w*|dijupuk\w*|dicokot\w*|ditahan|dibutan|taken|kept|held|expired|lost|fake)"
    r"(?: (?:sama |oleh |ku |dening |by )?(?:the |my |our )?"
    r"(?:majikan|mandor|agen|agensi|agency|boss?|juragan|sponsor|calo|toke|tauke|tekong|kapten|employer|agent)\w*)?",
    re.IGNORECASE,
)


def papers_in(text: str) -> str | None:
    """Give what a message says became of somebody's documents, in its words."""
    found = [" ".join(one.group().split()) for one in _PAPERS.finditer(text)]
    return "; ".join(dict.fromkeys(found)) or None


def circumstances(kind: str, text: str) -> dict[str, str]:
    """Give what a first message of this kind tells already, so that it is not asked."""
    if kind == "return" and (reasons := _REASON.findall(text)):
        return {"reason": ", ".join(dict.fromkeys(word.lower() for word in reasons))}
    if kind == "missing" and (last := _LAST_NEWS.search(text)):
        return {"last_contact": last["after"] or last["before"]}
    return {}
