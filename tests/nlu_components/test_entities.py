"""What a message names: the rules, and the tagger over them."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.entities import FactExtractor, in_house_style
from bot.components.entity_rules import Rules
from bot.components.entity_tagger import Tagger
from bot.components.entity_words import around, kind_of
from bot.components.files import read_list
from bot.components.patterns import is_time_of_day
from bot.components.spans import Span

RULES = Rules(
    countries=["malaysia", "taiwan", "arab saudi", "saudi", "jerman", "indo"],
    regions=read_list(Path("data/lookup/regions.txt")),
    occupations=["perawat", "admin ?", "admin judol", "kilang ?"],
    after_firm=["resmi", "ya", "nya", "di", "sudah", "tidak"],
    firm_words=read_list(Path("data/lookup/firm_words.txt")),
)

LISTED = Rules(
    countries=["taiwan"],
    regions=read_list(Path("data/lookup/regions.txt")),
    occupations=read_list(Path("data/lookup/occupations.txt")),
    after_firm=read_list(Path("data/lookup/after_firm.txt")),
    firm_words=read_list(Path("data/lookup/firm_words.txt")),
)


def found(text: str) -> list[tuple[str, str]]:
    """Return what the rules find, as kind and words."""
    return [(span.kind, text[span.start : span.end]) for span in RULES.spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("laporan SR-7K4M-2Q gimana", [("ticket_code", "SR-7K4M-2Q")]),
        ("kode saya sr7k4m2q", [("ticket_code", "sr7k4m2q")]),
        ("sr 7k4m 2q kok lama", [("ticket_code", "sr 7k4m 2q")]),
        ("sr saya di sini", []),
        ("hub 0812-3456-7890 ya", [("phone", "0812-3456-7890")]),
        ("wa +60 12-345 6789", [("phone", "+60 12-345 6789")]),
        ("bayar 3jt dulu", [("amount", "3jt")]),
        ("sekitar 2 juataan", [("amount", "2 juataan")]),
        ("sekitar 2 jutaan", [("amount", "2 jutaan")]),
        ("gaji Rm.200/bulan", [("amount", "Rm.200")]),
        ("minta 2400$", [("amount", "2400$")]),
        ("won 393.000 sebulan", [("amount", "won 393.000")]),
        (
            "delapan juta lima ratus ribu rupiah katanya",
            [("amount", "delapan juta lima ratus ribu rupiah")],
        ),
        ("hilang sejak 12/03/2026", [("date", "12/03/2026")]),
        ("berangkat tgl 5 maret", [("date", "tgl 5 maret")]),
        ("wingi isih telpon", [("date", "wingi")]),
        ("terakhir kabar sebelum idul adha", [("date", "sebelum idul adha")]),
        ("sudah 3 bulan tidak digaji", []),
        ("PT Cahaya Rantau Sejati resmi tidak", [("recruiter", "PT Cahaya Rantau Sejati")]),
        ("cek pt. bahari mitra laksana ya", [("recruiter", "pt. bahari mitra laksana")]),
        ("pt nya asli atau bukan", []),
        ("cek sinar bahari mandiri ya", [("recruiter", "sinar bahari mandiri")]),
        ("perusahaan mitra insan persada resmi?", [("recruiter", "mitra insan persada")]),
        ("nama pt nya duta samudra", [("recruiter", "duta samudra")]),
        ("lewat agen bintang karya utama", [("recruiter", "bintang karya utama")]),
        ("p t restu bunda sejati resmi", [("recruiter", "restu bunda sejati")]),
        ("ganti nama jadi PT Arum Jaya", [("recruiter", "PT Arum Jaya")]),
        ("suami saya namanya surya wijaya", []),
        ("nama saya siti", []),
        ("perusahaan tidak bayar gaji", []),
        ("cek status laporan saya", []),
        ("SIP3MI nomor 567 / 2022 asli?", [("licence_no", "SIP3MI nomor 567 / 2022")]),
        ("sipmi no. 45 tahun 2020 punya siapa", [("licence_no", "sipmi no. 45 tahun 2020")]),
        ("sip 45 2021 asli", [("licence_no", "sip 45 2021")]),
        ("SIPP2MI-0123-2020 berlaku?", [("licence_no", "SIPP2MI-0123-2020")]),
        ("KEP.214/MEN/2020 ini punya siapa", [("licence_no", "KEP.214/MEN/2020")]),
        ("nib 8120001234567 terdaftar", [("licence_no", "nib 8120001234567")]),
        ("kerja di arab saudi", [("country", "arab saudi")]),
        ("belajar bahasa jerman", []),
        ("asal lombok timur", [("region", "lombok timur")]),
        ("nasib saya malang", []),
        ("saya dari malang", [("region", "malang")]),
        ("aku pengin bali", []),
        ("anakku kerjo nang bali", [("region", "bali")]),
        ("kerja admin di sana", [("occupation", "admin")]),
        ("tanya admin dulu", []),
        ("pirang sewu ringgit biayane", [("amount", "sewu ringgit")]),
        ("dipotong 500 dinar", [("amount", "500 dinar")]),
        ("bayar limong juta rupiah", [("amount", "limong juta rupiah")]),
        ("pira juta to", []),
        ("upah 235.000 yen/bulan", [("amount", "235.000 yen")]),
        ("berangkat malam takbiran", [("date", "malam takbiran")]),
        ("dina bulan puasa mangkat", [("date", "bulan puasa")]),
        ("bieu nelepon", [("date", "bieu")]),
        ("uik nelpon", [("date", "uik")]),
        ("asal TTS NTT", [("region", "TTS"), ("region", "NTT")]),
        ("tiang lekan lotim", [("region", "lotim")]),
        ("saya orang loteng", [("region", "loteng")]),
        ("saya dikunci di loteng", []),
        ("sembunyi ring loteng", []),
        ("kantor ri bone", [("region", "bone")]),
        ("basa bali alus", []),
        ("kerja di m4l4ysia", [("country", "m4l4ysia")]),
        ("ke TAIWANNN", [("country", "TAIWANNN")]),
        ("indo'ku di taiwan", [("country", "taiwan")]),
        ("kode 5R 7k4m 2q", [("ticket_code", "5R 7k4m 2q")]),
        ("jadi admin judol", [("occupation", "admin judol")]),
        ("kerja di kilang", []),
        ("kerja kilang", [("occupation", "kilang")]),
    ],
)
def test_rules_find_what_is_named_as_typed(text: str, expected: list[tuple[str, str]]) -> None:
    """Codes, numbers, dates, firms and listed names are found, and look-alikes are left."""
    assert found(text) == expected


@pytest.mark.parametrize(
    "told",
    ["tadi pagi", "semalam", "malam ini", "nanti sore", "tonight", "malam ko", "ini malam",
     "peuting ieu", "malem satea", "wenni iyae", "borngin on"],
)  # fmt: skip
def test_a_time_of_day_alone_is_no_date(told: str) -> None:
    """It names no day that a responder could write down."""
    assert is_time_of_day(told)
    assert found(f"dia telepon {told}") == []


@pytest.mark.parametrize(
    "told",
    ["kemarin", "besok subuh", "minggu lalu", "tgl 5 maret", "minggu se adek", "buleuen nyoe",
     "taun saq wah liwat", "minggu ane suba liwat", "uroe sabtu", "this week", "on sunday"],
)  # fmt: skip
def test_a_day_is_a_date(told: str) -> None:
    """Whatever the hour that is told with it."""
    assert not is_time_of_day(told)
    assert found(f"berangkat {told}") == [("date", told)]


@pytest.mark.parametrize("told", ["nengke", "wahini", "satea", "makkukkue", "sekarang"])
def test_now_is_no_date(told: str) -> None:
    """It names no day, in whatever language."""
    assert found(f"{told} berangkat") == []


def test_finds_never_overlap() -> None:
    """A firm named after a city is a firm."""
    assert found("pt malang jaya di malang") == [
        ("recruiter", "pt malang jaya"),
        ("region", "malang"),
    ]


def test_the_tagger_learns_names_no_rule_knows() -> None:
    """A sponsor is known by the words around the name."""
    texts = [f"sponsor saya namanya {name} orang sini" for name in ("bu Yayuk", "pak Darmo")] * 6
    ruled = [RULES.spans(text) for text in texts]
    told = [[_span(text)] for text in texts]
    tagger = Tagger(rounds=30)
    tagger.fit(texts, ruled, told)
    text = "sponsor saya namanya pak Sarkowi orang sini"
    assert [text[s.start : s.end] for s in tagger.spans(text, [])] == ["pak Sarkowi"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jadi perawat lansia di sana", ["perawat lansia"]),
        ("dados tukang jahit teng mriku", ["tukang jahit"]),
        ("jari jage papuk lek to", ["jage papuk"]),
        ("i was a toilet cleaner", ["toilet cleaner"]),
        ("kerja di pabrik", []),
        ("kerja kebun sawit", []),
        ("saya tkw", []),
        ("pinjam hp tukang sayur", []),
        ("pt toba nauli na di sibolga", ["pt toba nauli"]),
        ("PT cakra bahari punika resmi", ["PT cakra bahari"]),
        ("pt nyo indak ado namo", []),
        ("agency keep my passport", []),
    ],
)
def test_the_lists_know_jobs_and_where_a_firms_name_ends(text: str, expected: list[str]) -> None:
    """Jobs a person can hold are listed, workplaces are not; a sentence goes on in any language."""
    kinds = ("recruiter", "occupation")
    assert [text[s.start : s.end] for s in LISTED.spans(text) if s.kind in kinds] == expected


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("pak", "title"),
        ("amaq", "title"),
        ("calonya", "agent"),
        ("sponsorku", "agent"),
        ("pt", "form"),
        ("ngaranna", "named"),
        ("diajak", "deed"),
        ("mancaji", "become"),
        ("bagawi", "work"),
        ("hujan", ""),
    ],
)
def test_words_near_a_name_say_what_it_may_be(word: str, kind: str) -> None:
    """The tagger need not meet a word in every language to know its sort."""
    assert kind_of(word) == kind


def test_only_words_near_enough_are_told() -> None:
    """What stands far away says nothing of a name."""
    assert list(around(["agent", "", "", "deed"], 1, 1)) == ["<agent"]
    assert list(around(["agent", "", "", "deed"], 1, 2)) == ["<agent", ">deed"]


def test_the_tagger_takes_a_listed_job_in_a_sentence_it_never_met() -> None:
    """Lists carry what was learned of one job over to another."""
    texts = [f"mau jadi {job} di taiwan" for job in ("perawat", "sopir", "koki")] * 4
    told = [[Span("occupation", 9, text.index(" di"))] for text in texts]
    told += [[]] * 6
    texts += ["hujan deras di taiwan hari ini"] * 6
    tagger = Tagger(rounds=30, jobs=["perawat", "sopir", "koki", "pelaut"])
    tagger.fit(texts, [[]] * len(texts), told)
    text = "suami saya jadi pelaut di taiwan"
    assert [text[s.start : s.end] for s in tagger.spans(text, [])] == ["pelaut"]


@pytest.mark.parametrize(
    ("kind", "text", "marked", "wanted"),
    [
        ("recruiter", "cek PT Melati Nusa dong", "Melati Nusa", "PT Melati Nusa"),
        ("recruiter", "cek Melati Nusa dong", "Melati Nusa", "Melati Nusa"),
        ("recruiter", "cek yayasan Melati Nusa dong", "Melati Nusa", "yayasan Melati Nusa"),
        ("region", "dari kab. Cilacap", "kab. Cilacap", "Cilacap"),
        ("region", "dari Cilacap", "Cilacap", "Cilacap"),
    ],
)
def test_labels_follow_one_style(kind: str, text: str, marked: str, wanted: str) -> None:
    """Authors differ about PT and kabupaten; the model does not."""
    start = text.index(marked)
    span = in_house_style(text, Span(kind, start, start + len(marked)))
    assert text[span.start : span.end] == wanted


def _span(text: str) -> Span:
    start = len("sponsor saya namanya ")
    return Span("recruiter", start, text.index(" orang"))


def test_entities_carry_their_place_in_the_text(kitchen, training_data: TrainingData) -> None:
    """Start and end cut out exactly the value."""
    extractor = kitchen.trained(FactExtractor, {"learn": False}, training_data)
    text = "Kerja ke TAIWAN lewat pt melati nusa, kode SR-7K4M-2Q"
    entities = extractor.read(text).get("entities")
    assert [e["entity"] for e in entities] == ["country", "recruiter", "ticket_code"]
    assert all(text[e["start"] : e["end"]] == e["value"] for e in entities)
