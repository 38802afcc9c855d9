"""A file of invented service requests in the columns of the shipped map `la311`, to measure the import with."""

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

COLUMNS = (
    "SRNumber,CreatedDate,UpdatedDate,ActionTaken,Owner,RequestType,Status,RequestSource,MobileOS,Anonymous,AssignTo,"
    "ServiceDate,ClosedDate,AddressVerified,ApproximateAddress,Address,HouseNumber,Direction,StreetName,Suffix,ZipCode,"
    "Latitude,Longitude,Location,TBMPage,TBMColumn,TBMRow,APC,CD,CDMember,NC,NCName,PolicePrecinct"
).split(",")
_FIRST = datetime(2017, 1, 1, 8)  # noqa: DTZ001  a time in the file's own zone, which the map names
_FORMAT = "%m/%d/%Y %I:%M:%S %p"
_TYPES = ("Bulky Items", "Dead Animal Removal", "Graffiti Removal", "Broken Street Light", "Missed Collection")
_STREETS = ("ALDER", "BIRCH", "CEDAR", "ELM", "HAZEL", "LARCH", "MAPLE", "OAK", "ROWAN", "WILLOW")
_STATUSES = ("Open", "Closed", "Closed", "Closed", "Cancelled", "Referred Out")


def write(path: Path, *, rows: int, seed: int = 1) -> None:
    """Write so many rows, the same ones each time."""
    rng = random.Random(seed)  # noqa: S311  a story, not a secret
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, COLUMNS)
        lines.writeheader()
        lines.writerows(_row(number, rng) for number in range(1, rows + 1))


def _row(number: int, rng: random.Random) -> dict[str, object]:
    created = _FIRST + timedelta(minutes=number * 50)
    closed = created + timedelta(hours=rng.randrange(1, 400))
    status, district = rng.choice(_STATUSES), rng.randrange(1, 16)
    house, street = rng.randrange(100, 9999), rng.choice(_STREETS)
    values: dict[str, object] = dict.fromkeys(COLUMNS, "")
    return values | {
        "SRNumber": f"9-{number:09d}",
        "CreatedDate": created.strftime(_FORMAT),
        "UpdatedDate": closed.strftime(_FORMAT),
        "ActionTaken": "SR Created",
        "Owner": "BOS",
        "RequestType": rng.choice(_TYPES),
        "Status": status,
        "RequestSource": rng.choice(("Call", "Self Service", "Mobile App")),
        "Anonymous": rng.choice("YN"),
        "ClosedDate": "" if status == "Open" else closed.strftime(_FORMAT),
        "Address": f"{house} W {street} ST, {90000 + district}",
        "HouseNumber": house,
        "StreetName": street,
        "ZipCode": 90000 + district,
        "Latitude": f"34.{rng.randrange(10**6):06d}",
        "Longitude": f"-118.{rng.randrange(10**6):06d}",
        "CD": district,
        "CDMember": f"Member {district}",
        "NCName": f"Neighbourhood {district}",
    }
