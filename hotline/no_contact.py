"""The words by which a caller forbids being contacted at all, in thirteen languages.

Nothing may follow that makes it something else: "do not contact the police" and "do not contact me
at noon" are other wishes.
"""

from __future__ import annotations

_DO_NOT = (
    r"(?:jangan|jgn|jngan|janganlah|jan|jang|ojo|ojok|ulah|tong|unang|bek|eda|sampunang|dendeq|"
    r"dendek|ja['’‘]|aja['’‘]|do not|don'?t|never|gausah|rasah|no need to|do not want|don'?t want|"
    r"(?:tidak|tdk|tak|ga|gak|gk|nggak|ngga|enggak|ora|ra|mboten|boten|teu|henteu|kada|kd|indak|"
    r"ndak|ndk|sonde|son|sond|ten|nenten|sing|tusing|hana|han|dang|ndang|ndek|ndeq|endek|enjek|"
    r"de['’‘]?)"
    r" +(?:usah|usa|osah|osa|perlu|parlu|paralu|kedah|pola|peureulee|mau|mw|ingin|pengen|pingin|"
    r"purun|gelem|kersa|hoyong|handak|nio|nyak))"
)
# What may stand before it; somebody else who refuses ("adik saya tidak mau dihubungi") may not.
_POLITE = (
    r"(?:tolong|mohon|please|pls|maaf|pak|bu|bapak|ibu|kak|mas|mbak|min|petugas|ya|oh|eh|saya|sy|"
    r"aku|kulo|kula|abdi|ulun|ambo|beta|tiang|kaule|i|sementara|dulu|nanti dulu)"
)
_CONTACT = (
    r"(?:di ?|nga|nge|ng|ma|man|mang|ka|ku|ta|to be |you to )?(?:hubung(?:i|in|ono|ana|an)?|kontak|"
    r"contact(?:ed)?|reach out(?: to)?|get in touch(?: with)?)"
)
_ME = (
    r"(?:saya|sy|aku|kami|kita|kulo|kula|abdi|kuring|inyong|ulun|unda|den|ambo|beta|tiang|icang|"
    r"kaule|engkok|engko|lon|ulon|ahu|au|iyak|me|us)"
)
_TAIL = (
    r"(?:dulu|dlu|lagi|ya|yah|pak|bu|kak|mas|mbak|min|dong|deh|saja|aja|please|anymore|again|"
    r"at all|for now|now|sekarang|sementara(?: ini)?|sama sekali|di ?sini|disik|dhisik|heula|dolo|"
    r"dilu|dilee|gellu|malu|jolo|pang|lah|do|tolong|makasih|mawon|wae|bae|haja|se)"
)
_NOT_AN_HOUR = r"nanti (?!malam|siang|sore|pagi|jam)"
_REASON = rf"(?:tapi|tp|karena|krn|soalnya|sebab|takut|{_NOT_AN_HOUR}|because|but)"
NO_CONTACT = (
    rf"(?:^|(?<=[,:])|\b(?:tapi|tp|tetapi|but|asal|dan|and)\b)\W*(?:{_POLITE}\W+){{0,5}}"
    rf"{_DO_NOT}(?: +(?:ada|yang|yg|sing|pernah|lagi|anyone))* +{_CONTACT}\b(?:\W+{_ME}\b)?"
    rf"(?:\W+{_TAIL}\b)*(?=\W*$|\W*[,;]|\W+{_REASON}\b)"
)
