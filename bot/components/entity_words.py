"""Words that say, in the languages served, what a name or a job near them is likely to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.components.text import squeeze

# What stands before the name of a person, and is part of it.
_TITLES = """
pak pa bapak bpk bpak bapa pakde paklik pakcik bu ibu ibuk buk bude bulik bunda hj haji hajah
hajjah kaji ji mbak mba mbok mas bang abang kang akang mang teh ceu om oom tante tanta mama mami
mak emak makcik amaq amak inaq inak papuk daeng puang petta uda uni datuak mande etek julak acil
amang kak kaka kakak bli teungku tgk teuku cut apa wak nek yah koh ko ce cece cik ci tulang amani
nai ama eda ito lae inang bos boss mr mrs ms miss mister madam sir cak ning lik lek gus gusti gede
komang ketut wayan made putu nyoman luh ngurah agung si sang tuan nyonya koko encik datuk kyai kiai
ustad ustadz mat kacong embuk ebok
"""
# Who takes people abroad, by how the word begins: it is typed with many endings.
_AGENTS = (
    "sponsor", "agen", "calo", "tekong", "taikong", "penyalur", "perekrut", "pangrekrut", "makelar",
    "maklar", "broker", "recruit", "toke", "manning", "yayasan", "perusahaan", "compan",
    "penampung", "panampung", "mafia", "sindikat", "juragan", "staf", "petugas", "pengirim",
)  # fmt: skip
_FORMS = "pt lpk cv ud p3mi pjtki pptkis prshn foundation manpower"
# What says that a name follows, or went before.
_NAMED = """
nama namanya namane namana namae namonyo ngaran ngarana ngaranna ngarannya jeneng jenenge
jenengipun jenengnya nami naminipun namina namipun aran arane aranne adan adane madan adanne goar
goarna margoar asenna riaseng nyama nyamana nyamanya nan name named called bernama banamo diceluk
diundang dikiyau katelahna geuhoi dipanggil panggilan ngaku ngakunya ngakune tepanggil disebut
"""
# What recruiters do, by a part of the word that several of the languages share.
_DEEDS = (
    "ajak", "ngaja", "rekrut", "tipu", "nipu", "bohong", "janji", "tawar", "nawar", "kirim",
    "ngirim", "ngerem", "berangkat", "borhat", "angkat", "peujak", "urus", "mauruih", "bawa",
    "baok", "nggawa", "nggowo", "tejauk", "ngaba", "diboan", "jiba", "natiwi", "palao", "manongos",
    "jemput", "nahan", "ngurung", "ngoros", "jual", "jebak", "jabak", "nguluk", "mangoto",
    "pangoto", "belle", "peungeut", "kicuah", "promis", "cheat", "trick", "brought",
)  # fmt: skip
# What the name of a job follows: "become", "as".
_BECOME = """
jadi jd dadi dados dadaken dadianga dadosaken didadekke didadekno didadekne janten jari gabe manjadi
dijadikan dijadiakan dijadikeun dijadian dijieun mancaji jeut dhaddi daddi menjadi sebagai sbg as
become became kaanggen sebage salaku
"""
# What is said of work and of offers of it.
_WORK = """
kerja krj kerjo kerjaan kerjanya gawe gawean gaweane gaweanku damel damelna megae magae pagaene
makarya begawe begawean karajo bakarajo gawian bagawi karejo mangkarejo lako lakoh alako alakoh jama
majjama keurija keureuja buet karja bekerja work working worked job jobs kerjanipun pandamelan
posisi position jabatan profesi lowongan loker dibutuhkan dibutuhkeun butuh butoh dicari hiring
wanted vacancy needed cari mencari nyari milarian mancari mita manjalahi nyare tawaran ditawari
ditawaran ditawani melamar ngalamar ngelamar apply applied pelatihan kursus latihan gaji gajih
kontrak visa
"""
_WHOLE = {
    squeeze(word): kind
    for kind, words in (
        ("form", _FORMS),
        ("named", _NAMED),
        ("become", _BECOME),
        ("work", _WORK),
        ("title", _TITLES),
    )
    for word in words.split()
}


def kind_of(word: str) -> str:
    """Return what sort of help a squeezed word in small letters gives; nothing for most words."""
    if word in _WHOLE:
        return _WHOLE[word]
    if word.startswith(_AGENTS):
        return "agent"
    return "deed" if any(part in word for part in _DEEDS) else ""


def around(kinds: Sequence[str], i: int, reach: int) -> Iterator[str]:
    """Yield the sorts of words that stand up to `reach` before and after a place."""
    for side, part in (("<", kinds[max(0, i - reach) : i]), (">", kinds[i + 1 : i + 1 + reach])):
        for kind in sorted(set(part) - {""}):
            yield side + kind
