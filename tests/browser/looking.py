"""Looking at the page that is open as axe, a narrow window and the dark do. Nothing that it finds may be there."""

from pathlib import Path

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
FAULTS = (Path(__file__).parent / "faults.js").read_text(encoding="utf-8")
# (width in px, colours, whether contrast is all that is asked). Each rule meets each width and each colours.
LOOKS = ((1280, "light", False), (320, "dark", False))
# What stands only in a wide window has its contrast measured in the dark too, on the pages that have most of it.
WIDE_IN_THE_DARK = (1280, "dark", True)
EVERY_WIDTH = (
    *((width, "light", False) for width in (1440, 390, 320)),
    *((width, "dark", True) for width in (1440, 390)),
)
# A dialog or menu that is open now, in a wide window.
HERE = ((1440, "light", False), (1440, "dark", True))
OPEN_DETAILS = "() => document.querySelectorAll('details').forEach((one) => (one.open = true))"


def asking(what):
    """One question of faults.js. No semicolon may end what is called."""
    return f"(given) => ({FAULTS[FAULTS.index('({') :].strip()}).{what}(given)"


def barriers(page, looks=LOOKS):
    """What keeps somebody out of the page, in words, however it is looked at."""
    page.evaluate(AXE)
    for width, colours, only_contrast in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=colours)
        for broken in page.evaluate(asking("accessibility"), {"onlyContrast": only_contrast}):
            yield f"at {width}, {colours}: {broken}"
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        if wide > width:
            yield f"is {wide} wide at {width}"
    if looks:
        page.set_viewport_size({"width": looks[0][0], "height": 900})
        page.emulate_media(color_scheme=looks[0][1])
