"""What registers print: the headings, status words and dates met so far, and their meaning."""

import re
from datetime import date

from hotline.register import RecruiterStatus as Status
from store.register.names import plain

HEADINGS = {
    "name": (
        "nama|nama p3mi|nama perusahaan|nama pt|nama perusahaan p3mi|nama lembaga|nama pptkis|"
        "nama pjtki|nama agensi|nama badan usaha|perusahaan|p3mi|pptkis|lembaga|name|company|"
        "company name|recruiter|agency|agency name|name as found|nama perusahaan penempatan|"
        "nama perusahaan penempatan pmi|nama perusahaan penempatan pekerja migran indonesia"
    ),
    "aliases": (
        "alias|aliases|nama lain|nama singkat|singkatan|nama dagang|nama dulu|nama lama|"
        "short name|trading name|also known as"
    ),
    "licence_no": (
        "no izin|nomor izin|no sip3mi|nomor sip3mi|sip3mi|no sip3mi nib|sip3mi no|no sippmi|"
        "sippmi|no siup|no sipptki|sipptki|no lisensi|nomor lisensi|izin|no surat izin|"
        "nomor surat izin|no perizinan|nomor perizinan berusaha|licence|license|licence no|"
        "license no|licence number|license number|no izin usaha|nomor izin usaha|no nib|nib"
    ),
    "status": (
        "status|status izin|status p3mi|status perusahaan|status sip3mi|status lisensi|keadaan|"
        "keterangan status|licence status|license status|status as reported"
    ),
    "city": (
        "kota|kabupaten|kabupaten kota|kab kota|kota kabupaten|kota kab|kota kantor pusat|city|"
        "regency|domisili|kedudukan"
    ),
    "province": "provinsi|propinsi|prov|province|wilayah",
    "address": "alamat|alamat kantor|alamat kantor pusat|alamat lengkap|address|office address",
    "branches": (
        "cabang|kantor cabang|daftar cabang|alamat cabang|alamat kantor cabang|branches|branch|"
        "branch offices"
    ),
    "sanctions": (
        "sanksi|jenis sanksi|sanksi administratif|riwayat sanksi|keterangan sanksi|sanctions|"
        "sanction|sanction type"
    ),
    "valid_until": (
        "berlaku sampai|berlaku hingga|berlaku s d|berlaku sd|masa berlaku|masa berlaku izin|"
        "masa berlaku sip3mi|tanggal berakhir|tgl berakhir|tanggal habis|habis berlaku|"
        "tanggal kedaluwarsa|tanggal kadaluarsa|valid until|validity|expiry|expiry date|"
        "expires|valid to"
    ),
}
FIELD_OF = {
    heading: field for field, headings in HEADINGS.items() for heading in headings.split("|")
}

_STATUSES = {
    Status.ACTIVE: (
        "aktif|active|berlaku|masih berlaku|izin berlaku|izin aktif|valid|good standing|"
        "valid or good standing|aktif berlaku|status aktif"
    ),
    Status.ACTIVE_UNDER_SUPERVISION: (
        "aktif dalam pengawasan|aktif dengan pengawasan|aktif pengawasan|dalam pengawasan|"
        "aktif dalam pembinaan|active under supervision|under supervision|active supervised"
    ),
    Status.SUSPENDED_PARTIAL: (
        "dihentikan sementara sebagian|penghentian sementara sebagian|skorsing sebagian|"
        "penghentian sementara sebagian kegiatan|suspended partial|partially suspended|"
        "partial suspension|dibekukan sebagian"
    ),
    Status.SUSPENDED: (
        "dihentikan sementara|dihentikan sementara seluruh|penghentian sementara|skorsing|"
        "penghentian sementara seluruh|penghentian sementara seluruh kegiatan|diskors|"
        "tunda layan|suspend|suspended|suspensi|suspend dibekukan|dibekukan|pembekuan|"
        "dibekukan sementara|preventive suspension|sanksi skorsing"
    ),
    Status.REVOKED: (
        "dicabut|izin dicabut|pencabutan|pencabutan izin|sip3mi dicabut|dicabut izinnya|"
        "revoked|cancelled|canceled|delisted|forever banned|blacklisted|scrapped"
    ),
    Status.EXPIRED: (
        "berakhir|izin berakhir|habis|habis berlaku|habis masa berlaku|masa berlaku habis|"
        "kedaluwarsa|kadaluarsa|kadaluwarsa|tidak berlaku|tidak berlaku lagi|"
        "sudah tidak berlaku|expired"
    ),
    Status.NEEDS_VERIFICATION: (
        "perlu verifikasi|perlu diverifikasi|belum diverifikasi|dalam verifikasi|"
        "needs verification|unverified|listed without status|tidak aktif|non aktif|nonaktif|"
        "inactive"
    ),
}
_STATUS_OF = {
    phrase: status for status, phrases in _STATUSES.items() for phrase in phrases.split("|")
}
# Only bad news is read out of a longer text, and never from one that speaks of
# lifting or denying it: a wrong "active" costs a caller far more than a question.
_TURNED_ROUND = re.compile(
    r"\b(?:tidak|belum|bukan|batal\w*|pulih\w*|kembali|selesai|lifted|not|sanksi (?:telah |sudah )?"
    r"dicabut|pencabutan sanksi|hampir|akan)\b"
)
_BAD_NEWS = (
    (re.compile(r"\b(?:dicabut|pencabutan|revo\w+|cancell?ed|delisted|banned)\b"), Status.REVOKED),
    (
        re.compile(r"(?=.*\b(?:sebagian|partial\w*)\b).*\b(?:henti\w*|dihentikan|penghentian|skors"
                   r"\w*|suspen\w*|dibekukan)\b"),
        Status.SUSPENDED_PARTIAL,
    ),
    (
        re.compile(r"\b(?:dihentikan|penghentian|skors\w*|diskors|suspen\w*|dibekukan|pembekuan)\b"),
        Status.SUSPENDED,
    ),
)  # fmt: skip

_MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "jan januari january|feb februari february pebruari|mar maret march|apr april|mei may|"
            "jun juni june|jul juli july|agu ags agt agustus aug august|sep sept september|"
            "okt oktober oct october|nov november nopember|des desember dec december"
        ).split("|"),
        start=1,
    )
    for month in names.split()
}
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMERIC = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b")
_WORDED = re.compile(r"\b(\d{1,2})[\s-]+([a-z]{3,9})\.?[\s-]+(\d{4})\b")


def field_of(heading: str) -> str | None:
    """Return the field that a printed heading stands for, or None when it is new."""
    return FIELD_OF.get(_phrase(heading))


def status_of(printed: str) -> Status | None:
    """Return the status that printed words stand for, or None when they are new."""
    phrase = _phrase(printed)
    if phrase in _STATUS_OF:
        return _STATUS_OF[phrase]
    if not _TURNED_ROUND.search(phrase):
        for pattern, status in _BAD_NEWS:
            if pattern.search(phrase):
                return status
    return None


def printed_date(printed: str) -> date | None:
    """Return the last date in a text, day before month as Indonesia prints it."""
    text = plain(printed)
    found = [(m.end(), m[1], m[2], m[3]) for m in _ISO.finditer(text)]
    found += [(m.end(), m[3], m[2], m[1]) for m in _NUMERIC.finditer(text)]
    found += [(m.end(), m[3], str(_MONTHS.get(m[2], 0)), m[1]) for m in _WORDED.finditer(text)]
    if not found:
        return None
    _, year, month, day = max(found)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _phrase(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", plain(text)))
