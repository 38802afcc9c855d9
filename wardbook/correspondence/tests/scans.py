"""Scans for the tests: PDFs of a few pages, one that is locked, and a picture."""

import io

import pypdfium2
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

# An empty page, encrypted with the password "secret" (RC4, 40 bits): written once by hand, so that no test needs a
# library that encrypts.
LOCKED = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]/Size 5>>
%%%%EOF
""" % (b"11" * 32, b"22" * 32)


def pdf(pages=1, width=595, height=842):
    """A PDF; each page is a little wider than the one before, so that it is known again."""
    made = pypdfium2.PdfDocument.new()
    for number in range(pages):
        made.new_page(width + number, height)
    out = io.BytesIO()
    made.save(out)
    made.close()
    return out.getvalue()


def widths(content):
    """How wide each page of a PDF is, in points."""
    document = pypdfium2.PdfDocument(content)
    found = [round(page.get_width()) for page in document]
    document.close()
    return found


def picture(kind="JPEG", size=(60, 80), **options):
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind, **options)
    return out.getvalue()


def upload(content, name="scan.pdf", kind="application/pdf"):
    return SimpleUploadedFile(name, content, kind)
