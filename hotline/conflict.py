"""Finds in a story that an influential local person is involved, not merely mentioned as help."""

from __future__ import annotations

import re

_PERSON = (
    r"(kades|kepala desa|pak kades|bu kades|lurah|pak lurah|kuwu|klebun|pambakal|wali nagari|"
    r"camat|bupati|wali ?kota|gubernur|dprd?|anggota dewan|dewan|caleg|pejabat|oknum|aparat|"
    r"polisi|polsek|polres|kapolsek|babinsa|bhabinkamtibmas|tentara|tni|orang imigrasi|"
    r"petugas imigrasi|orang dinas|pegawai dinas|disnaker|kyai|kiai|tuan guru|pendeta|ustadz?|"
    r"pak r[tw]|ketua r[tw]|kepala dusun|geuchik|"
    r"tokoh (?:agama|masyarakat|desa)|juragan|preman|ormas|perangkat desa|sekdes|kadus|carik|"
    r"village head|police officer|politician|official)(?:nya|ne|e)?"
)
_INVOLVED = (
    r"(terlibat|ikut|bekingi?|di ?beking\w*|membekingi|backing|melindungi|dilindungi|kerja ?sama|"
    r"bagi hasil|dapat (?:bagian|jatah|uang)|terima (?:uang|duit|jatah|setoran)|nerima|disuap|suap|"
    r"dibayar|minta (?:uang|duit)|yang (?:merekrut|rekrut|bawa|ngajak|nawari|nyuruh|kirim|"
    r"berangkatkan|memberangkatkan)|sing (?:ngajak|nggowo|ngirim)|calo|sponsor|"
    r"punya (?:penampungan|pt|usaha)|jual|menjual|ngejual|dijual|culik|menculik|"
    r"pukul|mukul|perkosa|nyekap|menyekap|ngurung|"
    r"memaksa|maksa|mengancam|ngancam|nutup|menutupi|involved|"
    r"protects?|bribed?|recruit\w*)"
)
# What was done to somebody; who did it stands behind: "dibawa pak lurah", "taken by the official".
_DONE = (
    r"(?:dibawa|diajak|dikirim|diberangkatkan|direkrut|dijual|ditawari|ditawarin|dijanjikan|disuruh|"
    r"dipaksa|diancam|dipukul|diperkosa|disekap|dikurung|ditipu|dibujuk|digawa|digowo|dijak|"
    r"dikongkon|didol|diapusi|dicandak|dijurungkeun|diiming\w*|taken|brought|sent|sold|recruited|"
    r"forced|threatened|tricked)(?:in|i|kan|ke)?"
)
_BY = r"(?:\W+(?:oleh|sama|karo|kalih|dening|ku|by|the|a|an|our|my|si|orang|oknum))*\W+"
# What he does himself: "pak lurah bawa adik saya".
_DOES = (
    r"(?:bawa|membawa|ngajak|mengajak|ngirim|mengirim|rekrut|merekrut|nawari|nawarin|menawari|"
    r"menawarkan|nyuruh|menyuruh|berangkatkan|memberangkatkan|nggowo|nggawa|mawa|ngongkon|took|"
    r"brought|sent|sold|forced)"
)
# Of a public office or of the police "lewat" says nothing bad: "daftar lewat disnaker".
_LOCAL = (
    r"(?:kades|kepala desa|lurah|kuwu|klebun|pambakal|wali nagari|camat|oknum|kyai|kiai|"
    r"tuan guru|ustadz?|sekdes|kadus|kepala dusun|carik|perangkat desa|preman|village head)"
)
_KIN = (
    r"(saudara|sodara|adik|kakak|anak|suami|istri|ipar|keponakan|menantu|orang ?nya|dulur|family)"
)
_HELP = (
    r"(lapor|laporan|melapor|minta tolong|bantu|tolong|datang|tanya|ngadu|mengadu|diselamatkan|"
    r"report(?:ed)? to|went to|nomor)"
)
_NEAR = r"(?:\W+\w+){0,6}?\W+"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_PERSON}\b{_NEAR}{_INVOLVED}\b",
        rf"\b{_INVOLVED}{_NEAR}{_PERSON}\b",
        rf"\b{_DONE}{_BY}(?:pak |bu |bapak |ibu )?{_PERSON}\b",
        rf"\b{_DONE}{_NEAR}(?:oleh|by|dening|ku)\W+(?:the |a |pak |bu )?{_PERSON}\b",
        rf"\b{_PERSON}(?:\W+(?:yang|yg|sing|nu|itu|saya|desa))*\W+{_DOES}(?:kan|in|i)?\b",
        rf"\b(?:lewat|lwt|liwat|melalui|via|through)\W+(?:pak |bu |bapak |ibu |the )?{_LOCAL}\b",
        rf"\b(?:calo|sponsor|agen|perekrut|majikan|tekong)\w*{_NEAR}{_KIN}{_NEAR}{_PERSON}\b",
        rf"\b(?:calo|sponsor|perekrut|tekong|pelaku)(?:nya)?\W+(?:itu\W+|adalah\W+|ya\W+)?{_PERSON}\b",
    )
)
_NAMED = rf"\b(?:itu|ini|dia|nya)\W+(?:sekarang|adalah|memang|juga|kan)\W+{_PERSON}\b"
_TITLED = re.compile(_NAMED, re.IGNORECASE)
_ONLY_HELP = re.compile(
    rf"\b{_HELP}\W+(?:\w+\W+){{0,3}}?(?:ke|sama|kepada|dari|pada|to)?\W*{_PERSON}\b", re.IGNORECASE
)


def involves_influential(story: str) -> bool:
    """Say whether the story names an influential person as part of what was done.

    When in doubt it says yes: the ticket then goes one level up, which costs little; the other
    mistake would show it to the very person it is about.
    """
    for sentence in re.split(r"[.!?\n;]+", story):
        without_help = _ONLY_HELP.sub(" ", sentence)
        if any(pattern.search(without_help) for pattern in (*_PATTERNS, _TITLED)):
            return True
    return False
