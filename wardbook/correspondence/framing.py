"""A cleaned mail as a document of its own, for a frame without rights: the third wall (security.md D3, ux.md P19)."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterator

from django.http import HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from PIL import Image, UnidentifiedImageError

from wardbook.correspondence.cleaning import CleanedMail
from wardbook.correspondence.links import plain_words

# No script, no form, no other page in it, no origin. Links open a window of their own, which is a normal one.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
LARGEST_PICTURE = 5_000_000
_RASTER = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_MOST_PIXELS = 40_000_000

_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
body { margin: 0; padding: .75rem 1rem; overflow-wrap: anywhere }
img { max-width: 100%; height: auto }
table { border-collapse: collapse; max-width: 100% }
td, th { padding: .125rem .375rem; vertical-align: top; text-align: start }
pre { white-space: pre-wrap }
blockquote { margin: .75rem 0; padding-inline-start: .75rem; border-inline-start: 3px solid GrayText }
h1, h2, h3, h4, h5, h6 { font-size: 1.125rem; line-height: 1.3; margin: 1rem 0 .5rem }
p { margin: 0 0 .75rem }
a { color: LinkText }
hr { border: 0; border-block-start: 1px solid GrayText }
.told { margin: 0 0 1rem; padding: .5rem .75rem; border: 1px solid GrayText; border-radius: 8px; font-size: .875rem }
.told p { margin: 0 }
"""
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = "; ".join(
    [
        "default-src 'none'",
        f"style-src 'sha256-{_DIGEST}'",
        "img-src data:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        f"sandbox {SANDBOX}",
    ]
)


def notices(cleaned: CleanedMail) -> Iterator[str]:
    """What the reader should know about how a mail is shown, in sentences."""
    if cleaned.as_words:
        yield _("This email cannot be shown as it was laid out. These are its words.")
    if cleaned.cut:
        yield _("This email is very long, and its end is not shown. All of it is in the file as it came.")
    if cleaned.blocked:
        yield ngettext(
            "%(n)s picture from outside is not shown.",
            "%(n)s pictures from outside are not shown.",
            cleaned.blocked,
        ) % {"n": cleaned.blocked}
    if cleaned.text_hidden:
        yield _("Text that the sender had made invisible is left out.")
    if cleaned.renamed:
        yield _("A link in this email names another place than it leads to. The real one is written beside it.")


def framed(cleaned: CleanedMail, *, title: str) -> HttpResponse:
    """The answer that a frame (or a window of its own) shows. Its policy holds whoever opens it, and however."""
    response = HttpResponse(_document(cleaned, title), content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = _POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    return response


def as_data(content: bytes) -> str | None:
    """A picture of the mail as an address that carries it, or None if it is none that may be shown.

    A frame without an origin sends no cookies, so it could not fetch a picture that asks who is there.
    What it is, its content says, not its name.
    """
    if len(content) > LARGEST_PICTURE:
        return None
    try:
        with Image.open(io.BytesIO(content), formats=list(_RASTER)) as picture:
            kind, pixels = _RASTER[picture.format or ""], picture.width * picture.height
    except (UnidentifiedImageError, OSError, ValueError, KeyError, SyntaxError, Image.DecompressionBombError):
        return None
    return f"data:{kind};base64,{base64.b64encode(content).decode()}" if pixels <= _MOST_PIXELS else None


def _document(cleaned: CleanedMail, title: str) -> str:
    told = format_html_join("", "<p>{}</p>", ((line,) for line in notices(cleaned)))
    return format_html(
        '<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark"><title>{}</title><style>{}</style></head>'
        '<body dir="auto">{}{}</body></html>',
        plain_words(title),
        SafeString(_STYLE),
        format_html('<div class="told" role="note">{}</div>', told) if told else "",
        # The one place where received HTML goes into a page: cleaned, and in a frame without rights.
        SafeString(cleaned.html),
    )
