"""Who a story is about: the person it happened to, told apart from who did it and who writes.

"agen om saya bawa adik saya" names two relatives; only one of them is the victim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_KIN = (
    r"ibu|ibuk|mama|mamah|emak|mak|bapak|bpk|ayah|suami|suwami|istri|isteri|bojo|anak|adik|adek|"
    r"adi|ade|adhi|adhik|kakak|kaka|kakang|kangmas|mbakyu|mbak|simbok|mbok|simbah|rayi|rama|"
    r"keponakan|ponakan|sepupu|misanan|paman|om|pakde|bude|pakle|paklik|bulik|uwa|bibi|tante|nenek|"
    r"kakek|saudara|sodara|dulur|sedulur|sadulur|teman|temen|kawan|konco|kanca|babaturan|tetangga|"
    r"tonggo|tatangga|mantu|menantu|mertua|ipar|pacar|mother|father|mom|dad|kulawarga|keluarga|"
    r"kulawargi|caroge|bojone|garwa|putra|putri|budak|pun anak|lanceuk|biang|sister|brother|family|"
    r"wife|husband|son|daughter|cousin|friend|uncle|aunt|neighbou?r|niece|nephew"
)
_MINE = r"saya|sya|aku|sy|ku|kulo|kula|abdi|urang|kami|sayah|gue|gw|kita"
_MENTION = re.compile(
    rf"(?P<kin>\b(?:my |our )?(?:{_KIN})(?:nya|ku|e|ne|na)?(?: (?:tiri|ipar|kandung|perempuan|"
    rf"laki laki|cowok|cewek|wadon|lanang|angkat|sepupu|in law)\b)?(?: (?:{_MINE})\b)?)\b"
    rf"|(?P<self>\b(?:{_MINE}|inyong|nyong|i|me|we|us)\b)",
)
_ALSO = re.compile(r"^ *(?:,|dan|dn|sareng|jeung|lan|karo|and|&|serta) *$")
# What stands between two thoughts; a role never reaches over it.
_BREAK = re.compile(
    r"[.!?;\n]+|\b(?:tapi|tp|tetapi|karena|krn|soalnya|katanya|jarene|cenah|terus|trus|lalu|"
    r"kemudian|sehingga|but|because|then)\b"
)
_ROLE = (
    r"agen\w*|calo\w*|sponsor\w*|perekrut\w*|tekong\w*|taikong\w*|pelaku\w*|majikan\w*|juragan\w*|"
    r"makelar\w*|broker|agent|recruiter|boss|bos|penyalur\w*|penipu\w*"
)
_BY = rf"(?:{_ROLE}|oleh|sama|dari|dr|lewat|lwt|liwat|melalui|karo|kalih|ku|by|from|through|via)"
_SUSPECT_BEFORE = re.compile(
    rf"(?:\b{_BY}|\b(?:yang|yg|sing|nu|anu|who) (?:\w+ )?(?:\w+ )?(?:itu|adalah|is|ya))\W*"
    r"(?:(?:itu|adalah|ya|saya|kami|is|was|namanya|my|our)\W+)?$|"
    r"\b(?:ditipu|diajak|dibawa|dijual|disuruh|dipaksa|ditawari|dikirim|dipukul|diancam|disekap|"
    r"diperkosa|kapiboa|dibujuk|diiming\w*|diapusi|digowo|dibohongi|dikibuli)(?:in|i)? *$"
)
_SUSPECT_AFTER = re.compile(
    rf"^(?:nya)?\W*(?:itu|ini|adalah|jadi|dadi|is|sing dadi|yang jadi|sebagai|emang|memang|yang|yg|"
    rf"sing|nu|ya)?\W*(?:jadi |an |a |the )?(?:{_ROLE})\b(?! (?:yang|yg|sing|nu) )|"
    r"^\W*(?:yang|yg|sing|nu|anu|who) (?:\w+ )?(?:me\w+|nge\w+|ny\w+|ng\w+|ajak|bawa|jual|kirim|"
    r"suruh|rekrut|tipu|took|sold|recruit\w*|mberangkat\w*)"
)
_HARM = (
    r"bawa|membawa|ngajak|ajak|mengajak|jual|menjual|ngejual|ngirim|kirim|mengirim|tipu|nipu|menipu|"
    r"paksa|maksa|memaksa|suruh|nyuruh|menyuruh|nawari|nawarin|menawari|menawarkan|tawari|tawarin|"
    r"rekrut|merekrut|berangkatkan|berangkatin|memberangkatkan|mberangkatke|tahan|nahan|menahan|"
    r"sekap|nyekap|menyekap|kurung|ngurung|mengurung|pukul|mukul|memukul|pukulin|mukulin|siksa|"
    r"menyiksa|nyiksa|ancam|ngancam|mengancam|culik|nyulik|menculik|perkosa|memperkosa|nggowo|ngajaki|"
    r"ngapusi|ngejak|nyandak|mawa|nitah|maehan|bujuk|membujuk|mbujuk|nyalurkan|menyalurkan|"
    r"took|takes|taking|sold|sells|sell|hit|hits|beat|beats|sent|sends|forced|forces|locked|tricked"
)
_HARM_BEFORE = re.compile(rf"\b(?:{_HARM})(?:kan|in|i|ke)?\b(?: (?:itu|si|juga|lagi|my|our))*\W*$")
_HARM_AFTER = re.compile(
    rf"^(?: (?:itu|ini|yang|yg|mau|akan|arep|bade|juga|sudah|udah|sering|tadi|has|is|will))*"
    rf" (?:{_HARM})(?:kan|in|i|ke)?\b"
)
_SPEAKS_AFTER = re.compile(
    r"^(?: (?:itu|tadi|cuma|juga|sudah|udah|yang|yg|has|just))* (?:bilang|cerita|crita|ngomong|"
    r"kasih tau|kasih kabar|ngabari|dengar|lapor|ngadu|khawatir|kuatir|cemas|nangis|nyuruh saya|"
    r"nyarios|criyos|sanjang|minta tolong lapor|says?|said|told|heard|worried|asked)\b"
)


# "bapak, kula ajrih": whom she speaks to, not whom it happened to.
_ADDRESSED = re.compile(
    r"^\W*(?:bapak|bpk|ibu|ibuk|mama|kakak|kaka|mbak|om|tante) *,"
    rf"(?!\W*(?:{_KIN})(?:nya|ku|e|ne)?\b)"
)


@dataclass(frozen=True, slots=True)
class _Person:
    words: str
    is_self: bool
    role: str  # victim, suspect, speaker or plain
    start: int
    end: int


def about_whom(text: str) -> str | None:
    """Say who it happened to: the words for relatives, else "saya sendiri", else None."""
    said = _ADDRESSED.sub("", text.lower())
    people = [person for clause in _BREAK.split(said) for person in _people(clause)]
    kin = [p for p in people if not p.is_self]
    victims = [p for p in people if p.role == "victim"]
    named = [p for p in victims if not p.is_self]
    if not victims:
        named = [p for p in kin if p.role == "plain"]
    elif not named:
        return "saya sendiri"
    if named:
        return ", ".join(dict.fromkeys(p.words for p in _known_best(named)))
    is_told = any(p.is_self and p.role != "suspect" for p in people)
    if is_told:
        return "saya sendiri"
    # Only somebody who hears of it or tells it is named: better than nobody.
    return next((p.words for p in kin if p.role == "speaker"), None)


def _known_best(people: list[_Person]) -> list[_Person]:
    """Leave out "adik" where "adik saya" stands too."""
    whole = [p.words for p in people]
    return [p for p in people if not any(w != p.words and w.startswith(p.words) for w in whole)]


def _people(clause: str) -> list[_Person]:
    found: list[_Person] = []
    mentions = list(_MENTION.finditer(clause))
    for at, match in enumerate(mentions):
        following = mentions[at + 1].start() if at + 1 < len(mentions) else len(clause)
        role = _role(clause, match, following)
        before = found[-1] if found else None
        both_kin = before is not None and not before.is_self and match["kin"]
        if before and both_kin and _ALSO.match(clause[before.end : match.start()]):
            role = _stronger(before.role, role)
            found[-1] = _Person(before.words, before.is_self, role, before.start, before.end)
        words = " ".join(match[0].split()).removeprefix("my ").removeprefix("our ")
        found.append(_Person(words, match["self"] is not None, role, match.start(), match.end()))
    return found


def _role(clause: str, match: re.Match[str], following: int) -> str:
    before, after = clause[: match.start()], clause[match.end() :]
    if _HARM_BEFORE.search(before):
        return "victim"
    if _SUSPECT_BEFORE.search(before) or _SUSPECT_AFTER.match(after):
        return "suspect"
    if _HARM_AFTER.match(after) and following < len(clause):
        return "suspect"  # somebody else follows whom it is done to
    if match["kin"] and _SPEAKS_AFTER.match(after):
        return "speaker"
    if match["kin"] and re.match(r"^\W*(?:\w+\W+){0,3}?(?:di|ka|ke)\w{3,}", after):
        return "victim"
    return "plain"


def _stronger(one: str, other: str) -> str:
    order = ("victim", "suspect", "speaker", "plain")
    return min(one, other, key=order.index)


_KIN_ELSEWHERE = (
    r"ading|adingku|adiak|adin|adingne|anakku|anakhu|semamaq|semame|boruhu|boru|anggi|anggiku|andi|"
    r"tang|beta|pung|ulun|ambo|den|tiange?|lon|ahu|engkok|kaule|inaq|amaq|amak|apak|uda|uni|"
    r"laki|bini|lakoe|peurumoh|aneuk|abang|abangku|dongan"
)
_ONLY_KIN = re.compile(
    rf"^\W*(?:(?:{_KIN}|{_KIN_ELSEWHERE})(?:nya|ku|e|ne|na)?\W+|(?:{_MINE})\W+){{1,4}}$"
)


def only_names_kin(text: str) -> bool:
    """Say whether a text is nothing but a relative: "ading ulun", which alone tells of nothing."""
    return bool(_ONLY_KIN.match(f"{text.lower()} "))


_AGENT = re.compile(
    rf"\b(?:{_ROLE}|pt|cv|oleh|lewat|lwt|liwat|melalui|through|via|"
    r"di(?:bawa|ajak|tawari|kirim|rekrut|berangkat)\w*|digowo|"
    r"(?:yang|yg|sing|nu|nang|sane|who) (?:m|ng|ny|bawa|ajak|kirim|rekrut|took|sent|recruit)\w+)\b",
    re.IGNORECASE,
)


def names_agent(text: str) -> bool:
    """Say whether words stand in a text by which somebody is said to have sent people abroad."""
    return bool(_AGENT.search(text))


_NAMES_PERSON = re.compile(
    rf"(?:\b(?:{_KIN})(?:nya|ku|e|ne|na)?(?: (?:{_MINE}))?|\b(?:nama|jeneng|asma|nami|ngaran)"
    rf"(?:nya|e|ku|na)? (?:{_MINE})|\bkorban(?:nya|e|na)?|\b(?:saya|aku|i am|my name is))"
    r"(?: (?:yang|yg|sing|nu))?(?: (?:bernama|namanya|nama|jenenge|asmane|ngaranna|named|called))?"
    r"(?: (?:itu|si|adalah|is))?[\s,:(]*$"
)


def names_relative(text: str, name: str) -> bool:
    """Say whether a name belongs to a relative or the caller: "adik saya Siti dibawa agen".

    A relative who is himself the agent ("om saya Budi calonya") keeps the name of a recruiter.
    """
    low, wanted = text.lower(), name.lower()
    at = low.find(wanted)
    if at < 0 or not _NAMES_PERSON.search(low[:at]):
        return False
    before = _BREAK.split(low[:at])[-1]
    after = _BREAK.split(low[at + len(wanted) :])[0]
    if _SUSPECT_AFTER.match(after) or (_HARM_AFTER.match(after) and _MENTION.search(after)):
        return False
    last = list(_MENTION.finditer(before))
    return not (last and _SUSPECT_BEFORE.search(before[: last[-1].start()]))
