"""What looks into a scan: started by `press` as a process of its own, with little memory, time and no way to write
elsewhere. Nothing of Wardbook is loaded here, no setting and no secret, so a file that breaks it finds nothing.

`python -I child.py FILE FOLDER JSON`: what is asked is `{"do": "count" | "cut" | "show", …}`; results are files in
FOLDER, and one line of JSON says how it went.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MEMORY = 1_500 * 1024 * 1024
SECONDS = 20
LARGEST_RESULT = 120 * 1024 * 1024
MOST_PIXELS = 40_000_000
WIDTH = 1_000  # of a page on the screen
MOST_SCALE = 3.0


class No(Exception):
    """Why it cannot be done: a word that `press` has a sentence for."""


def limit() -> None:
    """Little of everything, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_RESULT, LARGEST_RESULT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def open_pdf(path: Path) -> PdfDocument:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as problem:
        # FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY
        locked = getattr(problem, "err_code", None) in (4, 5) or "assword" in str(problem)
        raise No("locked" if locked else "broken") from None


def count(path: Path, folder: Path, asked: dict[str, Any]) -> dict[str, int]:
    pages = len(open_pdf(path))
    if pages < 1:
        raise No("broken")
    return {"pages": pages}


def cut(path: Path, folder: Path, asked: dict[str, Any]) -> dict[str, int]:
    """One PDF for each part. Only pages are taken over: no script, no attached file, no action of the whole."""
    import pypdfium2

    source = open_pdf(path)
    for number, (first, last) in enumerate(asked["parts"]):
        made = pypdfium2.PdfDocument.new()
        made.import_pages(source, list(range(first - 1, last)))
        made.save(folder / f"{number}.pdf")
        made.close()
    return {}


def show(path: Path, folder: Path, asked: dict[str, Any]) -> dict[str, int]:
    """Pages as JPEG pictures."""
    if asked["kind"] != "application/pdf":
        shrink(path, folder / "0.jpg")
        return {"pages": 1, "shown": 1}
    pages = open_pdf(path)
    shown = 0
    for number in range(asked["from"], min(asked["from"] + asked["most"], len(pages))):
        page = pages[number]
        width, height = page.get_size()
        if width < 1 or height < 1 or height > 20 * width:
            raise No("broken")
        scale = min(WIDTH / width, MOST_SCALE)
        if width * height * scale * scale > MOST_PIXELS:
            raise No("large")
        picture = page.render(scale=scale).to_pil().convert("RGB")
        picture.save(folder / f"{shown}.jpg", "JPEG", quality=72)
        page.close()
        shown += 1
    return {"pages": len(pages), "shown": shown}


def shrink(path: Path, to: Path) -> None:
    """A picture made anew from its pixels, the right way up: nothing that was hidden in the file is left."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(path, formats=["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise No("large")
            picture.draft("RGB", (2 * WIDTH, 2 * WIDTH))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.info.clear()
            upright.thumbnail((WIDTH, 20 * WIDTH))
            upright.save(to, "JPEG", quality=72)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise No("broken") from None


def main() -> None:
    limit()
    path, folder, asked = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    answer: dict[str, Any]
    try:
        answer = {"count": count, "cut": cut, "show": show}[asked["do"]](path, folder, asked)
    except No as reason:
        answer = {"problem": str(reason)}
    except MemoryError:
        answer = {"problem": "large"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
