"""Reads "my sister", "tetangga saya" or "saya sendiri" where a recruiter's name was asked for."""

from __future__ import annotations

import re

from hotline.folding import plain

_KIN = (
    r"ibu|ibuk|mama|mamah|emak|mak|bapak|bpk|ayah|suami|suwami|laki|istri|isteri|bini|bojo|garwa|"
    r"anak|putra|putri|budak|adik|adek|adi|ade|adhi|adhik|ading|adiak|rayi|anggi|andi|kakak|kaka|"
    r"kakang|kangmas|lanceuk|mbakyu|mbak|simbok|mbok|simbah|keponakan|ponakan|sepupu|misanan|paman|"
    r"om|pakde|bude|pakle|paklik|bulik|uwa|uwak|mamang|bibi|tante|nenek|kakek|saudara|sodara|dulur|"
    r"sedulur|sadulur|taretan|semeton|semetonan|dunsanak|dingsanak|mantu|menantu|mertua|ipar|"
    r"pacar|calon suami|inaq|amaq|amak|apak|uda|uni|mamak|semamaq|kulawarga|kulawargi|keluarga|"
    r"kluarga|famili|kerabat|teman|temen|kawan|konco|kanca|kancana|kantin|babaturan|baturan|dongan|"
    r"ngawan|tetangga|tonggo|tangga|tatangga|tatanggo|kenalan|mother|father|mom|dad|parents|sister|"
    r"brother|family|wife|husband|son|daughter|cousin|friend|uncle|aunt|auntie|neighbou?r|niece|"
    r"nephew|relative|in-?law|boyfriend|girlfriend|someone i know|acquaintance"
)
_MY = (
    r"saya|sya|aku|sy|kulo|kula|abdi|kuring|urang|kami|gue|gw|kita|inyong|nyong|ulun|unda|ambo|den|"
    r"beta|tiang(?:e)?|icang|lon|ulon|ahu|engkok|engko|kaule|iyak"
)
_SELF = (
    rf"(?:(?:{_MY}) )?(?:sendiri|sendirian|dewe|dewek|dhewe|piyambak|nyalira|sorangan|sorang|"
    r"surang|surangan|saurang|saurangan|sandiri|padidi|kadirek|pribadi)|"
    r"myself|by myself|on my own|i did it myself|i went alone|alone"
)
_WHICH = (
    r"tiri|ipar|kandung|angkat|sepupu|jauh|dekat|dekek|lama|baik|sendiri|perempuan|laki laki|fb|"
    r"facebook|tiktok|ig|instagram|wa|kerja|sekolah|pesantren|kampung|sekampung|satu kampung|desa|"
    r"sebelah|sebelah rumah|rumah|in law|from (?:my )?(?:village|school|work|home)|of mine|of ours"
)
# "Taken by": not "agent", which would make a relative by title a recruiter by trade.
_BY = (
    r"lewat|lwt|liwat|sama|oleh|dari|dr|diajak|dijak|dibawa|dibawak|digowo|ditawari|disuruh|dikirim|"
    r"ikut|melu|karo|kalih|ku|dening|by|from|through|via|it was|was|itu|ya|yang|yg|ngajak|ajak|"
    r"bawa|diajakin|kata|cuma|cuman|hanya|just|only|di|si"
)
_ALONE = re.compile(
    rf"^(?:(?:{_BY}) ){{0,3}}"
    rf"(?P<who>(?:(?:my|our) )?(?:{_KIN})(?:nya|ku|e|ne|na)?(?: (?:{_WHICH}|{_MY}))*|{_SELF})"
    r"(?: (?:pak|bu|kak|min|yang ngajak|yang bawa|sing ngajak|sing nggowo|nu ngajak|juga))*$"
)
_BETWEEN = re.compile(r"[^a-z0-9]+")


def relative_alone(text: str) -> str:
    """Give the relative, friend, neighbour or "myself" that is all a text names; else nothing.

    "om Budi" has a name and "agen, om saya" a trade: both are recruiters to look for.
    """
    said = _BETWEEN.sub(" ", plain(text)).strip()
    found = _ALONE.match(said)
    return found["who"] if found else ""


def is_oneself(text: str) -> bool:
    """Say whether "saya sendiri", or a responder's "pelapor sendiri", is all a text says."""
    said = _BETWEEN.sub(" ", plain(text)).strip()
    return bool(re.fullmatch(rf"{_SELF}|pelapor(?: sendiri)?|(?:korban|diri) sendiri", said))
