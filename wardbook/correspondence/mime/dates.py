"""The Date header, in the forms that it comes in. None where nobody could say which moment is meant."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from wardbook.correspondence.mime.words import decode_words

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero gennaio januari ion ionawr ean ene gen janv",
            "feb february februar fevrier février febrero febbraio februari chwefror feabhra fév fev fevr févr",
            "mar march märz maerz mars marzo maart mawrth márta mär mrz mrt",
            "apr april avril abril aprile ebrill aibreán avr abr",
            "may mai mayo maggio mei bealtaine mag maj",
            "jun june juni juin junio giugno mehefin meitheamh giu",
            "jul july juli juillet julio luglio gorffennaf iúil juil lug",
            "aug august août aout agosto augustus awst lúnasa aoû ago",
            "sep september septembre septiembre settembre medi sept set",
            "oct october oktober octobre octubre ottobre hydref okt ott",
            "nov november novembre noviembre tachwedd samhain",
            "dec december dezember décembre decembre diciembre dicembre rhagfyr nollaig dez déc dic",
        ),
        1,
    )
    for name in names.split()
}
ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "ist": 60, "west": 60, "cet": 60, "met": 60, "mez": 60,
    "cest": 120, "mest": 120, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "est": -300, "edt": -240,
    "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "jst": 540, "aest": 600,
    "aedt": 660, "nzst": 720, "nzdt": 780, "nst": -210, "ndt": -150, "ast": -240, "adt": -180, "hst": -600,
    "awst": 480, "hkt": 480, "sgt": 480, "kst": 540,
}  # fmt: skip
TIME = re.compile(
    r"\b(\d{1,2})[:.](\d{2})(?!\d|\.\d{4})(?:[:.](\d{2})(?!\d)(?:[.,]\d{1,9})?)?\s*([ap]\.?m\b)?", re.IGNORECASE
)
# A zone in hours alone, behind the time: GMT+2.
HOURS = re.compile(r"(:\d{2} ?)([+-])(\d{1,2})(?![\d:])")
DAY_MONTH = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er)?[ .\-/]+(?:de )?([^\W\d_]{3,10})[ .,\-/]+(?:de )?(\d{4}|\d{2})\b"
)
MONTH_DAY = re.compile(r"\b([^\W\d_]{3,10})\.?[ \-]+(\d{1,2})(?:st|nd|rd|th)?\b,?(?:.{0,30}?\b(\d{4})\b)?")
YEAR_FIRST = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]|\b)")
YEAR_MONTH = re.compile(r"\b(\d{4})[ \-]([^\W\d_]{3,10})[ \-](\d{1,2})\b")
DAY_FIRST = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b")
OFFSET = re.compile(r"(?:GMT|UTC)?\s*([+-])(\d{1,2}):?(\d{2})?\b")
# What a program writes that was told no date: 0001-01-01, Mon, 01 Jan 0001 00:00:00.
NO_DATE = re.compile(r"0\d{3}[-/]|.{0,30}[A-Za-z] 0\d{3} \d\d:")
ISO = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


def read_date(text: str) -> datetime | None:
    if "=?" in text:
        text = decode_words(text[:500])
    text = re.sub(r"\b(?:GMT|UTC)(?=[+-]\d)", "", " ".join(text[:200].split()))
    text = re.sub(r"(?<=\d)(?=[A-Za-z]{3} ?\d{4})|(?<=,)(?=\d)", " ", text)
    text = HOURS.sub(lambda found: f"{found[1]}{found[2]}{int(found[3]):02}00", text)
    # Spaces and comments may stand on both sides of a colon (RFC 5322, 4.3).
    text = re.sub(r" ?(?:\([^()]{0,50}\) ?)?: ?", ":", text)
    if not text or NO_DATE.match(text):
        return None
    for reader in (_iso, _standard, _loose):
        try:
            found = reader(text)
            # A moment that no zone can show is none.
            if found is not None:
                found.astimezone(UTC)
                return found
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def _iso(text: str) -> datetime | None:
    if not ISO.match(text):
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _standard(text: str) -> datetime | None:
    parts = parsedate_tz(text)
    clock = TIME.search(text)
    # Half days (5:56 PM) are none of the standard's, and its reader passes over them.
    if parts is None or clock is None or clock[4] or not re.search(r"[A-Za-z]{3}", text):
        return None
    year, month, day, hour, minute, second, *_, offset = parts
    # Years since 1900, as some programs count them (RFC 5322, 4.3).
    year += 1900 if 100 <= year < 1000 else 0
    if not 1970 <= year <= 9990:
        return None
    # An offset beyond a day is a slip of the keyboard.
    seconds = offset if offset is not None and abs(offset) < 86_400 else 0
    # A name that the standard does not know is told by ours: BST is an hour ahead.
    zone = timezone(timedelta(seconds=seconds - seconds % 60)) if seconds else _zone(text[clock.end() :])
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)


def _loose(text: str) -> datetime | None:
    day = _day(text)
    if day is None:
        return None
    year, month, date = day
    if year < 100:
        year += 2000 if year < 70 else 1900
    clock = TIME.search(text)
    hour, minute, second = 0, 0, 0
    if clock:
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        half = (clock[4] or "").lower()
        if half.startswith("p") and hour < 12:
            hour += 12
        elif half.startswith("a") and hour == 12:
            hour = 0
    zone = _zone(text[clock.end() :]) if clock else UTC
    return datetime(year, month, date, hour, minute, min(second, 59), tzinfo=zone)


def _day(text: str) -> tuple[int, int, int] | None:
    if found := YEAR_FIRST.search(text):
        return int(found[1]), int(found[2]), int(found[3])
    if (found := YEAR_MONTH.search(text)) and found[2].lower() in MONTHS:
        return int(found[1]), MONTHS[found[2].lower()], int(found[3])
    if (found := DAY_MONTH.search(text)) and found[2].lower() in MONTHS:
        return int(found[3]), MONTHS[found[2].lower()], int(found[1])
    for found in MONTH_DAY.finditer(text):
        if found[1].lower() in MONTHS:
            year = found[3] or (re.search(r"\b(\d{4})\b", text[found.end() :]) or ["", ""])[1]
            return (int(year), MONTHS[found[1].lower()], int(found[2])) if year else None
    if found := DAY_FIRST.search(text):
        first, second = int(found[1]), int(found[2])
        return (int(found[3]), second, first) if second <= 12 else (int(found[3]), first, second)
    return None


def _zone(rest: str) -> timezone:
    if found := OFFSET.search(rest):
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))
    for word in re.findall(r"[A-Za-z]{1,5}", rest):
        if word.lower() in ZONES:
            return timezone(timedelta(minutes=ZONES[word.lower()]))
    return UTC
