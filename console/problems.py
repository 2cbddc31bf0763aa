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
    (r"address_cleared", "Alamat pelapor sudah dihapus menurut aturan penyimpanan."),
    (r"claimed", "Rekan lain sedang menjawab."),
    (r"erasure_reason", "Tulis dasar menghapus."),
    (r"erasure_how", "Tulis kapan dan lewat apa pelapor meminta, atau mengapa batal."),
    (r"erasure_noted", "Sudah tercatat begitu."),
    (r"erasure_request", "Belum ada permintaan hapus yang dicatat. Catat dulu di halaman tiket."),
    (r"erasure_second", "Permintaan ini Anda sendiri yang mencatat: rekan lain yang menghapus."),
    (r"erasure_early", "Tunggu 24 jam sesudah permintaan dicatat."),
    (r"erasure_code", "Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya di aplikasi."),
    (r"erasure_open", "Tiket masih terbuka. Tutup dulu dengan hasil dan penjaga selanjutnya."),
    (r"erasure_merged", "Tiket ini digabung. Hapus lewat tiket tempat ia digabung."),
    (r"erasure_done", "Isi tiket ini sudah dihapus."),
    (r"erasure_hold", "Tiket ini ditahan untuk perkara: hukum menahannya."),
    (r"erasure_referral", "Masih ada rujukan yang terbuka: selesaikan atau tarik kembali dulu."),
    (
        r"erasure_follow_up",
        "Masih ada pantauan yang direncanakan: isi dulu, juga bila pelapor menolak dipantau.",
    ),
    (r"erasure_message", "Ada pesan pelapor yang belum diproses. Coba sebentar lagi."),
    (r"erasure_restitution", "Restitusi belum selesai menurut pantauan terakhir."),
    (r"nobody who works on tickets has this .*", "Tidak ada petugas tiket dengan nama masuk ini."),
    (
        r"a conflict of interest keeps .*",
        "Karena konflik kepentingan orang ini tidak boleh melihat tiket ini.",
    ),
    (r"this conflict is noted already", "Konflik ini sudah dicatat."),
    (
        r"nobody above would see this ticket",
        "Tidak jadi disembunyikan: tidak ada pengawas di atasnya yang masih melihat tiket ini.",
    ),
    (
        r"a conflict is lifted by who stands above it",
        "Hanya pengawas di atas tingkat yang terlibat yang dapat mencabutnya.",
    ),
    (
        r"a conflict's regions .*",
        (
            "Wilayah ini menentukan siapa yang dijauhkan karena konflik kepentingan: hanya "
            "pengawas di atasnya yang dapat mengubahnya sehingga orang lain ikut melihat tiket ini."
        ),
    ),
    (r"a contact says what was talked about", "Tulis apa yang dibicarakan."),
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
    (
        r"only words that a caller typed .*",
        "Hanya kata-kata yang diketik pelapor dan tidak dihapusnya dapat diberi maksud.",
    ),
    (r"this message has become an example .*", "Pesan ini sudah menjadi contoh."),
    (r"a correction names an intent .*", "Pilih maksud dan bahasa dari daftar."),
    (
        r"a label names nobody .*",
        "Label tidak boleh memuat nama atau nomor: tanpa @ dan tanpa empat angka berturut-turut.",
    ),
    (r"ending_reason", "Tulis alasannya, sedikitnya lima huruf."),
    (r"ending_waits", "Sudah ada usul mengakhiri tiket ini; menunggu orang kedua."),
    (r"ending_gone", "Usul ini sudah dijawab atau diganti. Lihat yang sekarang."),
    (
        r"ending_second",
        "Tiket gawat diakhiri oleh orang kedua: bukan pengusulnya, dan salah satunya pengawas.",
    ),
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
    (r"\w+ must be a text in quotes", "harus diisi."),
    (r"(\S+) is not a number of (\w+)", "{0} bukan nomor {1}."),
    (r"(.+) is not an address for (\w+)", "{0} bukan alamat untuk {1}."),
    (
        r"general knowledge .*",
        "Pengetahuan umum (known) tidak dapat ditandai sudah diperiksa.",
    ),
    (
        r"sms must be at most (\d+) characters .*",
        "paling banyak {0} huruf biasa, tanpa kutip melengkung, garis panjang dan emoji.",
    ),
    (r"review_by must be .*", "Tulis tanggal tinjauan sebagai TTTT-BB-HH."),
    (r"review_by must lie ahead", "Tanggal tinjauan harus di depan."),
    (r"as_of is .*", "Tulis tanggal data sebagai TTTT, TTTT-BB atau TTTT-BB-HH."),
    (r"as_of lies .*", "Tanggal data tidak boleh di masa depan."),
    (r"country (.*) is not in .*", "Negara {0} tidak ada di daftar negara."),
    (r"\w+ is .*, not one of (.*)", "pilih salah satu dari {0}."),
    (r"no text may promise or vouch: (.*)", "Teks tidak boleh menjanjikan atau menjamin: {0}."),
    (r"text must name whom to ask \((.*)\)", "Teks harus sebut kantor yang dapat ditanya: {0}."),
    (r"\w+ is longer than (\d+) .*", "paling banyak {0} huruf."),
    (
        r"\w+ holds braces .*",
        "hapus dahulu kurung kurawal atau tanda yang tidak tampak.",
    ),
    (r"an id has .*", "Kode berisi 2 sampai 64 huruf kecil, angka atau tanda hubung."),
    (
        r"somebody else has changed .*",
        "rekan sudah mengubahnya sesudah Anda membuka halaman ini. Bandingkan, lalu putuskan lagi.",
    ),
    (r"a dispute needs .*", "Sengketa memerlukan alasan dan sumber."),
    (r"this entry is disputed already", "Sengketa untuk perusahaan ini sudah dicatat."),
    (r"this dispute is not open .*", "Sengketa ini sudah dicabut."),
    (r"this names no single entry .*", "Ini bukan nama satu perusahaan di daftar."),
    (r"nothing was changed", "Tidak ada yang berubah."),
    (r"a name or a place of somebody .*", "Nama atau tempatnya terlalu panjang."),
    (r"an age lies between 0 and (\d+) years", "Umur ditulis dari 0 sampai {0} tahun."),
    (r"the age and the answer about .*", "Umur dan jawaban tentang anak tidak cocok."),
    (r"a ticket holds at most (\d+) people", "Satu tiket memuat paling banyak {0} orang."),
    (r"who was entered by mistake .*", "Yang ditandai keliru tidak diubah: pakai lagi dahulu."),
    (r"a mark has a ground of (\d+) to (\d+) .*", "Tulis dasarnya, {0} sampai {1} huruf."),
    (r"a shift lasts at least .*", "Giliran jaga paling singkat seperempat jam."),
    (r"a shift lasts at most (\d+) hours", "Giliran jaga paling lama {0} jam."),
    (r"a shift in the past .*", "Mulainya sudah lewat: giliran jaga dicatat sebelum mulai."),
    (
        r"a shift lies within the next year",
        "Tanggal itu lebih dari setahun lagi: periksa tahunnya.",
    ),
    (r"this person has another shift .*", "Orang ini sudah punya giliran jaga pada jam itu."),
    (
        r"more than one place has this name",
        "Lebih dari satu daerah bernama begini: tulis Kota atau Kabupaten di depannya.",
    ),
    (r"no time zone has this name", "Tidak ada zona waktu dengan nama ini."),
    (r"this hour does not exist .*", "Jam itu tidak ada pada hari itu di zona waktu itu."),
    (r"nobody of your scope has this (?:name|shift)", "Tidak ada dalam lingkup Anda."),
    (r"a shift lies within your own scope", "Daerah itu di luar lingkup Anda."),
    (r"this shift is over or .*", "Giliran jaga ini sudah selesai atau sudah dibatalkan."),
    (r"a hand-over note has between 1 and (\d+) .*", "Catatan berisi 1 sampai {0} huruf."),
    (
        r"only who is or was just on duty .*",
        "Catatan ditulis oleh yang sedang jaga, atau sampai dua jam sesudahnya.",
    ),
    (r"a hand-over note is acknowledged by .*", "Catatan diterima oleh yang berikutnya."),
    (r"this hand-over note has been .*", "Catatan ini sudah diterima rekan lain."),
    (r"this is not an address for e-mail", "Ini bukan alamat e-mail."),
    (r"a filter's name has .*", "Nama saringan: 1 sampai 40 huruf, angka, spasi, tanda hubung."),
    (r"a filter of this name .*", "Saringan dengan nama ini sudah ada."),
    (r"nobody keeps more than (\d+) filters", "Paling banyak {0} saringan; hapus yang lama."),
    (r"only a unit's supervisor .*", "Hanya pengawas sebuah unit yang dapat membagi saringan."),
    (r"not_found", "Tidak ada, atau di luar wewenang Anda."),
    (
        r"the reply box has no room .*",
        "Kotak balasan sudah penuh: kirim atau pendekkan dahulu, lalu jalankan makronya.",
    ),
    (r"shortcut", "Ini pintasan jawaban siap, bukan pesan. Pilih jawabannya dahulu."),
    (r"reply_way", "Pilih dahulu lewat percakapan mana balasan ini dikirim."),
    (r"reason", "Tulis alasannya dahulu."),
)


def explain(problem: str, translate: Callable[[str], str]) -> str:
    """Tell a refusal in the reader's language; one without an entry is told as it is."""
    for pattern, text in KNOWN:
        found = re.fullmatch(pattern, problem)
        if found:
            return translate(text).format(*found.groups())
    return problem
