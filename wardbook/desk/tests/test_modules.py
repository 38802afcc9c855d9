"""Our JavaScript can be kept for ever by a browser: names carry hashes, and no module waits for its own."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from wardbook.static_files import IMPORT

JS = Path(settings.BASE_DIR) / "wardbook" / "static" / "js"
MODULES = {path.name: path.read_text() for path in JS.glob("*.js")}


def imports(name):
    return [url.removeprefix("./") for _, _, url in re.findall(IMPORT, MODULES[name])]


def test_every_import_is_found_by_the_storage_that_hashes_it():
    for name, text in MODULES.items():
        assert len(imports(name)) == len(re.findall(r"(?m)^import\b|\bimport\(", text)), name


@pytest.mark.parametrize("name", sorted(MODULES))
def test_an_imported_module_is_there_and_leads_to_no_circle(name):
    def walk(module, path):
        assert module in MODULES, f"{path[-1]} imports {module}"
        assert module not in path, " → ".join([*path, module])
        for further in imports(module):
            walk(further, [*path, module])

    walk(name, [])


def test_every_module_is_asked_for_by_some_page():
    pages = "".join(path.read_text() for path in Path(settings.BASE_DIR, "wardbook").rglob("templates/**/*.html"))
    wanted = set(re.findall(r"js/([\w-]+\.js)", pages))
    reached = set(wanted)
    while wanted:
        wanted = {further for name in wanted if name in MODULES for further in imports(name)} - reached
        reached |= wanted

    assert set(MODULES) - reached == set()
