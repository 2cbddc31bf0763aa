"""The words by which a caller refuses to be phoned, in thirteen languages.

A refusal that is missed makes a hidden phone ring; one heard too often is said back and taken off.
"""

from __future__ import annotations

import re

from hotline.folding import plain

_BEFORE = (
    r"(?:di|dipun|d|me|men|man|ma|mang|mat|nge|nga|ng|ta|tat|te|mu|ku|ka|neu|geu|ji|ri|na|ni|ne|e|i|"
    r"tak|dak)?[ -]?"
)
# "telpon", "tlp", "telf", "tilpun", "nelepon", "manelpon", "etelepon", "d telp"
_CALL = (
    rf"(?:{_BEFORE}[tn](?:e?le?|il)[pfv]\w*|(?:di ?|me|n)?(?:elepon|elpon|ilpun)\w*|"
    r"(?:di ?|nge ?)?(?:call|phon)(?!ing +visa)\w*|ring(?:ing)? me|vid(?:eo)? ?call|vc|"
    r"(?:di ?|nge-? ?)?bel)\b"
)
# Something is done to her; "saya tidak boleh menelepon" is what an employer forbids.
_PHONED = (
    r"(?:(?:di|dipun|d|ka|ri|te|e|geu|neu|ji)[ -]?[tn](?:e?le?|il)[pfv]\w*|di ?call\w*|"
    r"ka(?:telepon|telpon)\w*|di ?bel)\b"
)
# The bare word refuses only where nobody follows who would be phoned.
_NOBODY = (
    r"(?=\W*$|\W*[,;(]|\W+(?:ya|yah|nggih|nggeh|pak|bu|kak|mas|mbak|min|dong|deh|nih|dulu|dlu|lagi|"
    r"saja|aja|mawon|wae|bae|haja|saya|sy|aku|kami|kulo|kula|abdi|ulun|ambo|beta|tiang|krn|karena|"
    r"soalnya|sebab|takut|tapi|tp|nanti|cuma|cukup|siang|malam|pagi|sore|jam|kalau|kalo|klo|"
    r"chat|wa|sms|me|please|pls|now|because|but|only|just)\b)"
)
_BARE = rf"(?:(?:telepon|telpon|telfon|tilpun|tlpn?|telp|telf|calls?|phone calls?)\w*\b{_NOBODY})"
_NOT = (
    r"(?:tidak|tdk|tak|ta'|te'|ga|gak|gk|g|nggak|ngga|enggak|engga|kagak|ndak|ndk|nda|indak|ora|ra|"
    r"mboten|boten|teu|henteu|moal|kada|kd|sonde|son|sond|ten|nenten|sing|tusing|hana|han|ndang|"
    r"dang|so|ndeq|ndek|nde|endeq|endek|enjek|enje'|de|de')"
)
_DO_NOT = (
    r"(?:jang(?:an)+(?:lah)?|ja+nga*n+(?:lah)?|jgn+|jgan|jangn|jngn+|jngan|jng|jan|jang|ijan|ojok?|"
    r"ampun|(?<!kul[oa] )sampun|sampunang|eda|ulah|entong|tong|bek|unang|unnang|dendeq|dendek|"
    r"dende'|ndaq|ja'|jek|jhek|jha'|aja'|ajaq|don'?t|do not|dont|never|please no|"
    rf"gausah|gosah|rasah|{_NOT} *(?:usah|usa|osah|osa|perlu|prlu|parlu|paralu|kedah|pola|"
    r"peureulee)|no need to)"
)
_WANT = (
    r"(?:mau|mw|mo|ingin|pengen|pingin|pgn|purun|gelem|kersa|hoyong|daek|handak|nio|nyak|galak|"
    r"kayun|endaq|ra|suka|seneng|senang|berani|wani|sudi|setuju|meularat)"
)
_MAY = (
    r"(?:boleh|bole|blh|oleh|olih|bisa|bs|isa|iso|saged|saget|tiasa|kenging|kawa|dapek|buliah|"
    r"jeut|jeuet|dados|dadi|boi|bau|kanggo|nawedding|wedding|weddingki'?|bakal|aman)"
)
_RATHER_NOT = (
    r"(?:emoh|moh|wegah|embung|alim|takut|takuik|takutan|wedi|ajrih|sieun|takot|mabiar|teumakot|"
    r"nolak|menolak|keberatan|malas|males)"
)
_WHO = (
    r"(?:saya|sy|sya|aku|kami|kulo|kula|abdi|kuring|ulun|ambo|beta|tiang|kaula|lon|ahu|me|us|i|"
    r"anyone|people|you|orang|ada|yang|yg|sing|nu|nan|se|kok|sampai|smp|pernah|lagi|dulu|dolo|coba|"
    r"langsung|ya|pak|bu|kak|mas|mbak|untuk|kalau|kalo|yen|lamun|mun|be|to|get|getting|receive|take|"
    r"answer|have|any|a|the|want|terima|menerima|nerima|narimo|tarima|manarima|angkat|ngangkat|"
    r"jawab|menjawab|nampi|nampa|manjalo|hubungi|hubungin|dihubungi|kontak|contact|lewat|lwt|liwat|"
    r"via|pakai|pake|by|on|the phone,?|(?:sms|wa|chat|text) (?:atau|ato|or|dan|maupun))"
)
_OTHERS_PHONED = (
    r"(?! +(?:the |ke |ka |sama |pak |dengan )?"
    r"(?:polisi|pulisi|polis|polsek|polres|police|cops?)\b)"
)
# Said to us, whoever is spoken of: "jangan di telp", "bek geutelepon", "no calls please".
FORBIDDEN = (
    rf"\b{_DO_NOT}(?: +{_WHO}){{0,3}} +{_CALL}{_OTHERS_PHONED}"
    # "aja" and "ja" are "just" elsewhere: they count first in a clause, or before their own verb.
    r"|(?:^|(?<=[,;:(]))\W*(?:(?:tolong|mas|mbak|pak|bu|kak|min|nuwun sewu) +){0,2}aja"
    rf"(?: +{_WHO}){{0,2}} +{_CALL}{_OTHERS_PHONED}"
    r"|\baja +(?:mat|ta|tat|mu|na|ri|i|u) ?telepo\w*|\bja +nele?pon\w*"
    rf"|\b{_CALL} +(?:nya +)?(?:jangan|jgn|ojo|ojok|ulah|bek|unang|jan|jang|dendeq)"
    r"(?= *(?:$|[,.;!]|(?:ya|dulu|pak|bu|kak|mas|mbak)\b))"
    r"|\bno (?:more |any )?(?:phone |video |voice )?(?:calls?|calling|phoning)\b(?! +visa)"
    r"|\bno contact by phone\b|\bnot by (?:phone|calls?)\b"
    r"|\bstop (?:calling|phoning|ringing)\b"
)
# Said of oneself, or of somebody who cannot be reached: who is meant decides.
REFUSED = (
    rf"\b{_NOT} *(?:{_WANT}|(?P<cannot>{_MAY}))(?: +{_WHO}){{0,3}} +(?:{_PHONED}|{_BARE})"
    r"|\b(?<!jangan )(?<!jgn )(?<!ojo )(?<!usah )(?<!tidak )(?<!gak )(?<!ga )(?<!ora )"
    rf"{_RATHER_NOT}(?: +{_WHO}){{0,3}} +(?:{_PHONED}|{_BARE})"
    r"|\b(?:do not|don'?t|did not|not|wo?n'?t) (?:want|wish|like|able|allowed|safe|okay|ok)"
    rf"(?: +{_WHO}){{0,4}} +{_CALL}{_OTHERS_PHONED}"
    r"|\b(?:can'?t|cannot|can not|must not|mustn'?t|should not|shouldn'?t|rather not|prefer not)"
    rf"(?: +{_WHO}){{0,4}} +(?:called|phoned|calls?|phone calls?|the phone|phone)\b{_NOBODY}"
    r"|\b(?:phone )?calls? (?:is|are) (?:not (?:ok|okay|safe|possible)|dangerous|unsafe)"
    r"|\b(?:bahaya|gawat|ketahuan|konangan|kanyahoan|bisa ketahuan|dangerous)\W+"
    rf"(?:kalau|kalo|klo|kl|nek|yen|lamun|mun|bila|if)(?: +{_WHO}){{0,2}} +(?:{_PHONED}|{_BARE})"
)
_KIN = (
    r"suami|istri|isteri|bojo|garwa|anak|putra|putri|adik|adek|ade|adi|kakak|kaka|kakang|mbak|"
    r"saudara|sodara|dulur|sedulur|sadulur|keponakan|ponakan|sepupu|paman|om|bibi|tante|ibu|mama|"
    r"mamah|emak|bapak|ayah|keluarga|kulawarga|ortu|orang tua|teman|temen|kawan|konco|kanca|"
    r"babaturan|tetangga|menantu|mantu|mertua|pacar|lanceuk|dunsanak|taretan|semeton|"
    r"husband|wife|son|daughter|sister|brother|mother|father|friend|cousin|family|parents"
)
_MINE = (
    r"saya|sy|sya|aku|ku|kami|kulo|kula|abdi|kuring|ulun|ambo|den|beta|tiang|kaula|lon|ahu|gue|gw"
)
_KIN_OF_MINE = re.compile(
    rf"\b(?:my |our )?(?:{_KIN})(?:nya|ku|e|ne|na)?(?: (?:{_MINE}|perempuan|laki laki))\b"
    rf"|\b(?:my|our) (?:{_KIN})\b|\b(?:{_KIN})(?:nya|ku)\b"
    r"|\b(?:suami|istri|isteri|bojo|anak|adik|adek|keponakan|ponakan|sepupu|paman|ortu|orang tua|"
    r"keluarga|kulawarga|teman|temen|kawan|konco|kanca|babaturan|tetangga|mertua|pacar)\b"
)
_OTHER = re.compile(
    r"\b(?:dia|dy|ia|mereka|beliau|dheweke|deweke|manehna|inyo|inya|he|she|they|nomornya|nomernya|"
    r"hpnya|hp nya|hape nya|nomor nya|wanya|wa nya|agen\w*|calo\w*|sponsor\w*|majikan\w*|bos|"
    r"juragan\w*|polisi|kbri|kjri)\b"
)
_I = re.compile(
    rf"\b(?:{_MINE}|i|i'm)\b(?: +(?:lagi|sedang|masih|juga|memang|am|really|do|still))*\W*$"
)
# "sudah sebulan tidak bisa ditelepon" tells of somebody who has not been heard of.
_SINCE = re.compile(
    r"\b(?:sejak|semenjak|sejek|since|sudah|udah|udh|sdh|wis|wes|mpun|sampun|geus|parantos|alah)\b"
)
_CLAUSE = re.compile(r"[,;:(]|\b(?:tapi|tp|tetapi|karena|krn|soalnya|jadi|dadi|but|because|so)\b")
_HOUR_NEXT = re.compile(
    r" +(?:(?:saya|sy|aku|me|kalau|kalo|klo|pas|waktu|di|ing|at|in the|during) +)?"
    r"(?:malam|siang|pagi|sore|subuh|bengi|wengi|isuk|esuk|awan|peuting|beurang|night|morning|"
    r"afternoon|evening|noon|jam|pukul|pkl|jm|\d)",
    re.IGNORECASE,
)
_REFUSED = re.compile(REFUSED, re.IGNORECASE)
# Only in answer to "when may we write, and may we phone": there any no beside a call is one.
_ANY_NO = re.compile(
    rf"\b(?:{_NOT}|{_DO_NOT}|{_RATHER_NOT}|tanpa|without|no|not|bukan|cant|can'?t|cannot)\b",
    re.IGNORECASE,
)
_ANY_CALL = re.compile(rf"\b{_CALL}", re.IGNORECASE)
_NO_MATTER = re.compile(
    r"\b(?:apa apa|apa-apa|apa2|papa|popo|opo opo|nanaon|masalah|mengapa|takut|ragu|lupa|"
    r"problem|worries|kunanaon|manawi)\b|\b(?:gpp|gapapa|gakpapa|rapopo)\b",
    re.IGNORECASE,
)


_ANY_REFUSAL = re.compile(f"{FORBIDDEN}|{REFUSED}", re.IGNORECASE)


def without_refusals(text: str) -> str | None:
    """Take the refused calls out of an answer; None where an hour may belong to them."""
    said = even(text)
    if any(_HOUR_NEXT.match(said, found.end()) for found in _ANY_REFUSAL.finditer(said)):
        return None  # "jangan telepon malam" does not say that we may write at night
    return _ANY_REFUSAL.sub(" ", said)


def even(text: str) -> str:
    """Write every apostrophe and letter in one way: a curly one and "bèk" become "'" and "bek"."""
    return re.sub("[‘’`´ʼ]", "'", plain(text))


def refused_at(before: str, sentence: str) -> int | None:
    """Give where the writer of a sentence begins to say that she is not to be phoned.

    `before` is what she has written ahead of it: the husband named there cannot be reached.
    """
    for found in _REFUSED.finditer(sentence):
        clause = _CLAUSE.split(sentence[: found.start()])[-1]
        # "tidak bisa ditelepon" is mostly said of who is missing, "tidak mau" of oneself.
        story = f"{before} {sentence[: found.start()]}" if found["cannot"] else ""
        since = _SINCE.search(f"{clause} {sentence[found.end() :]}") if found["cannot"] else None
        if _is_hers(clause, story) and (since is None or _I.search(clause)):
            return found.start()
    return None


def refuses_when_asked(text: str) -> bool:
    """Say whether the answer to when and how she can be reached says no beside a call."""
    said = even(text)
    return bool(_ANY_NO.search(said) and _ANY_CALL.search(said) and not _NO_MATTER.search(said))


def _is_hers(clause: str, story: str) -> bool:
    """Say whether a refusal is the writer's own, by who is named before it."""
    if _I.search(_KIN_OF_MINE.sub(" ", clause)):
        return True
    return not any(one.search(clause) for one in (_KIN_OF_MINE, _OTHER)) and not (
        _KIN_OF_MINE.search(story)
    )
