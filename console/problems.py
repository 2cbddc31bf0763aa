"""Refusals in the reader's language: the libraries below say them in English."""

from __future__ import annotations

import re
from collections.abc import Callable

# What a refusal looks like, and how it is told; {0} is the first thing found in it.
KNOWN = (
    (r"(.+) has taken this ticket meanwhile", "{0} sudah lebih dulu mengambil tiket ini."),
    (r"(.+) has this ticket", "Tiket ini dipegang {0}."),
    (r"(.+) holds this conversation", "Percakapan ini dipegang {0}."),
    (r"a reply has between 1 and (\d+) characters", "Balasan harus berisi 1 sampai {0} huruf."),
    (
        r"the caller may be watched; .*|watched",
        "Pelapor mungkin diawasi; tunggu sampai ia menulis LANJUT.",
    ),
    (r"opted_out", "Pelapor menulis STOP; tidak ada yang dapat dikirim sampai ia menulis lagi."),
    (r"unreachable", "Ponsel pelapor tidak terjangkau; balasan menunggu sampai ia menulis lagi."),
    (r"claimed", "Rekan lain sedang menjawab."),
    (r"nobody who works on tickets has this .*", "Tidak ada petugas tiket dengan nama masuk ini."),
    (
        r"a conflict of interest keeps .*",
        "Karena konflik kepentingan orang ini tidak boleh melihat tiket ini.",
    ),
    (
        r"(.+) may not see this ticket and .*",
        "{0} tidak boleh melihat tiket ini, jadi tidak dapat dipanggil.",
    ),
    (r"no province or regency .*", "Tidak ada provinsi, kabupaten atau kota dengan nama ini."),
    (
        r"a ticket closes only with .*",
        "Tiket hanya dapat ditutup dengan hasil dan penjaga selanjutnya.",
    ),
    (r"a ticket that is (\w+) cannot .*", "Keadaan tiket ini tidak mengizinkan langkah itu."),
    (r"a label has .*", "Label berisi 1 sampai 40 huruf, angka, spasi atau tanda hubung."),
    (
        r"without consent only a child .*",
        "Tanpa persetujuan hanya anak atau orang yang nyawanya terancam yang boleh dirujuk.",
    ),
    (r"a referral without consent needs a reason", "Tulis alasan merujuk tanpa persetujuan."),
    (r"a referral is refused or taken back .*", "Tulis alasan menolak atau menarik kembali."),
    (r"a referral says what is asked", "Tulis apa yang diminta."),
    (
        r"this unit cannot be asked .*",
        "Unit ini tidak dapat diminta: tanpa petugas, atau terlalu dekat dengan yang terlibat.",
    ),
    (r"this unit has been asked for this already", "Unit ini sudah diminta untuk layanan ini."),
    (r"a ticket that is over cannot be referred", "Tiket yang sudah berakhir tidak dapat dirujuk."),
    (r"a referral that is (\w+) cannot .*", "Keadaan rujukan ini tidak mengizinkan langkah itu."),
    (r"these two tickets are tied already", "Kedua tiket sudah terkait."),
    (r"these two tickets are not tied .*", "Kedua tiket tidak terkait lagi."),
    (r"a ticket is not tied to itself", "Tiket tidak dapat dikaitkan dengan dirinya sendiri."),
    (r"only an open ticket can take in .*", "Hanya tiket terbuka yang dapat menerima gabungan."),
    (
        r"this ticket (?:speaks for others|has an open referral): .*",
        "Tiket ini memuat tiket lain atau masih punya rujukan: gabungkan arah sebaliknya.",
    ),
    (r"every topic of a follow-up .*", "Isi semua pertanyaan pantauan."),
    (r"this follow-up has been answered already", "Pantauan ini sudah diisi."),
    (r"it stands there already", "Keadaannya sudah begitu."),
    (r"a ticket is looked into before .*", "Tandai dahulu sebagai sedang diperiksa."),
    (r"a duplicate names the other ticket", "Tulis kode tiket lain yang rangkap."),
    (r"a merge is made and undone .*", "Gabungan dibuat dan dipisahkan di halaman tiket serupa."),
    (r"not_found", "Tidak ada, atau di luar wewenang Anda."),
    (r"shortcut", "Ini pintasan jawaban siap, bukan pesan. Pilih jawabannya dahulu."),
    (r"reason", "Tulis alasannya dahulu."),
)


def explain(problem: str, translate: Callable[[str], str]) -> str:
    """Tell a refusal in the reader's language; one without an entry is told as it is."""
    for pattern, text in KNOWN:
        found = re.fullmatch(pattern, problem)
        if found:
            return translate(text).format(*found.groups())
    return problem
