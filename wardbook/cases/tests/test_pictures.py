"""The place goes out of a picture when it is downloaded; the picture stays (E5, E6)."""

import io
import struct
import time

import pytest
from PIL import Image

from wardbook.cases import pictures
from wardbook.cases.factories import ActivityFactory, DocumentFactory

XMP = b"<x:xmpmeta><exif:GPSLatitude>51,30N</exif:GPSLatitude></x:xmpmeta>"


def photo(kind="JPEG", *, gps=True, xmp=b"", order="<"):
    """A small picture made on a phone in London."""
    picture = Image.new("RGB", (32, 24), (200, 30, 30))
    exif = Image.Exif()
    exif.endian = order
    exif[0x010F] = "Phone maker"
    exif[0x0112] = 6
    if gps:
        place = exif.get_ifd(0x8825)
        place[1], place[2], place[3], place[4] = "N", (51.0, 30.0, 26.0), "W", (0.0, 7.0, 39.0)
    out = io.BytesIO()
    extra = {"xmp": xmp} if xmp else {}
    picture.save(out, kind, exif=exif, **extra)
    return out.getvalue()


def place_of(content):
    return dict(Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825))


KINDS = [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]


@pytest.mark.parametrize(("kind", "media_type"), KINDS)
@pytest.mark.parametrize("order", ["<", ">"])
def test_the_place_goes_and_the_picture_and_its_turning_stay(kind, media_type, order):
    content = photo(kind, order=order)
    assert place_of(content)

    out = pictures.without_place(content, media_type)

    assert place_of(out) == {}
    picture = Image.open(io.BytesIO(out))
    assert picture.getexif()[0x0112] == 6
    assert picture.tobytes() == Image.open(io.BytesIO(content)).tobytes()
    assert b"\x33\0\0\0\x01\0\0\0\x1e" not in out
    assert pictures.without_place(out, media_type) == out


def test_the_place_goes_out_of_a_scan_too():
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    scan = exif.tobytes().removeprefix(b"Exif\0\0")
    out = Image.Exif()
    out.load(pictures.without_place(scan, "image/tiff"))
    assert dict(out.get_ifd(0x8825)) == {}


def test_the_place_in_xmp_goes_too():
    out = pictures.without_place(photo(gps=False, xmp=XMP), "image/jpeg")
    assert b"GPSLatitude" not in out
    Image.open(io.BytesIO(out)).load()


def test_a_picture_behind_the_picture_loses_its_place_too():
    both = photo(gps=False) + photo(gps=True)
    out = pictures.without_place(both, "image/jpeg")
    assert place_of(out[len(photo(gps=False)) :]) == {}


def test_a_picture_without_a_place_is_not_touched():
    content = photo(gps=False)
    assert pictures.without_place(content, "image/jpeg") == content


def test_other_files_are_not_touched():
    assert pictures.without_place(photo(), "application/pdf") == photo()


@pytest.mark.parametrize("cut", range(0, 700, 23))
@pytest.mark.parametrize(("kind", "media_type"), KINDS)
def test_a_torn_picture_comes_through(kind, media_type, cut):
    pictures.without_place(photo(kind)[:cut], media_type)


def test_hidden_data_that_cannot_be_read_goes_as_a_whole():
    broken = b"\xff\xd8\xff\xe1" + struct.pack(">H", 8 + 20) + b"Exif\0\0" + b"no TIFF, GPS 51.5" + b"\xff\xd9"
    assert b"51.5" not in pictures.without_place(broken, "image/jpeg")


def test_a_flood_of_pixels_costs_nothing():
    """E5: 50,000 by 50,000 in a few bytes. Nothing here decodes a picture."""
    size = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    header = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + size
    began = time.process_time()
    assert pictures.without_place(header + b"\0\0\0\0", "image/png")
    assert time.process_time() - began < 0.1


def test_a_directory_of_a_million_entries_is_refused():
    bomb = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 65_535) + b"\0" * 30
    content = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(bomb) + 8) + b"Exif\0\0" + bomb + b"\xff\xd9"
    assert bomb[10:] in pictures.without_place(content, "image/jpeg")


def test_a_downloaded_photo_has_no_place_unless_the_original_is_asked_for(desk, case):
    content = photo()
    call = ActivityFactory(case=case)
    document = DocumentFactory(activity=call, content=content, media_type="image/jpeg", name="a.jpg")

    copy = desk.get("cases:document", document.pk)
    original = desk.get("cases:document", document.pk, original="1")

    assert place_of(copy.content) == {}
    assert b"".join(original.streaming_content) == content
    for response in (copy, original):
        assert response["Content-Disposition"].startswith("attachment")
        assert response["Content-Security-Policy"].endswith("sandbox")
