"""The rules of the house that a machine can check. docs/house.md says why each one is there."""

import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from wardbook import cli

ROOT = Path(__file__).resolve().parent.parent
SOURCES = (".py", ".html", ".txt", ".css", ".js")
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "services", "managers", "mixins", "base"}
LONGEST_FILE = 400
MAY_ASK_THE_CLOCK = {
    "wardbook/journal/actions.py": "when a line was written is a fact of its own, whatever `at` says",
    "wardbook/accounts/reactions.py": "allauth's signals come from the edge and carry no time",
}


def tracked(*endings):
    """Every file of the tree as git would commit it, or as it lies where there is no git."""
    try:
        words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
        paths = [ROOT / name for name in listed]
    except (OSError, subprocess.CalledProcessError):
        paths = list(chain.from_iterable((ROOT / top).rglob("*") for top in ("wardbook", "tests", "docs", "tools")))
    return [path for path in paths if path.is_file() and path.suffix in endings]


def shown(path):
    return str(path.relative_to(ROOT))


PYTHON = [path for path in tracked(".py") if "migrations" not in path.parts]
TEMPLATES = [path for path in tracked(".html") if "templates" in path.parts]


def test_no_file_is_longer_than_a_person_reads():
    long = {
        shown(path): lines
        for path in [*PYTHON, *tracked(".html", ".css", ".js")]
        if (lines := path.read_text().count("\n")) > LONGEST_FILE
    }
    assert long == {}


def test_no_module_is_named_for_nothing():
    assert [shown(path) for path in PYTHON if path.stem in FORBIDDEN_NAMES] == []


def test_every_migration_says_what_it_does():
    automatic = [
        shown(path)
        for path in tracked(".py")
        if path.parent.name == "migrations" and ("_auto_" in path.stem or path.stem.endswith("_auto"))
    ]
    assert automatic == []


def test_every_room_says_what_it_is():
    silent = [
        shown(path) for path in ROOT.glob("wardbook/*/__init__.py") if not path.read_text().lstrip().startswith('"""')
    ]
    assert silent == []


@pytest.mark.parametrize("folder", ["actions", "models", "reactions"])
def test_time_is_an_argument_below_the_edge(folder):
    """Rule 6: an action that asks the clock can't be told when the thing happened."""
    asking = [
        shown(path)
        for path in PYTHON
        if folder in (path.stem, path.parent.name)
        and "tests" not in path.parts
        and shown(path) not in MAY_ASK_THE_CLOCK
        and re.search(r"\b(timezone|datetime)\.now\(|\bdate\.today\(", path.read_text())
    ]
    assert asking == []


# --- Templates (P22): with a strict policy for content, what is inline does not run, or worse, runs by accident ----

INLINE = {
    "hx-on": r"\bhx-on\b",
    "js: in an attribute": r"""=\s*["']\s*js:""",
    "a filter in hx-trigger": r"""hx-trigger[\w:.-]*\s*=\s*("[^"]*\[|'[^']*\[)""",
    "style=": r"<[^>]*\sstyle\s*=",
    "<style>": r"<style\b",
    "<script> without src": r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")",
    "an on… attribute": r"<[^>]*\son[a-z]+\s*=",
    "javascript:": r"javascript:",
    "the filter safe": r"\|\s*safe\b|\{%\s*autoescape\s+off",
}


@pytest.mark.parametrize("what", INLINE)
def test_no_template_holds_inline_code(what):
    pattern = re.compile(INLINE[what], re.IGNORECASE)
    found = [
        f"{shown(path)}:{text[: hit.start()].count(chr(10)) + 1}"
        for path in TEMPLATES
        for text in [re.sub(r"\{#.*?#\}", "", path.read_text())]
        for hit in pattern.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "sample"),
    [
        ("hx-on", '<a hx-on:click="x">'),
        ("js: in an attribute", "<a hx-vals='js:{a: 1}'>"),
        ("a filter in hx-trigger", '<a hx-trigger="click[ctrlKey]">'),
        ("style=", '<p class="a" style="color:red">'),
        ("<style>", "<style>p{}</style>"),
        ("<script> without src", "<script>1</script>"),
        ("an on… attribute", '<body onload="x">'),
        ("javascript:", '<a href="javascript:x">'),
        ("the filter safe", "{{ note|safe }}"),
    ],
)
def test_the_template_rules_find_what_they_look_for(what, sample):
    assert re.search(INLINE[what], sample, re.IGNORECASE)


# --- What comes from outside ---------------------------------------------------------------------------------------


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def direct_dependencies():
    read = project()
    words = [*read["project"]["dependencies"], *read["dependency-groups"]["dev"]]
    return {re.match(r"[\w.-]+", word)[0].lower().replace("_", "-") for word in words}


def test_every_dependency_has_a_reason():
    text = (ROOT / "pyproject.toml").read_text()
    given = set(re.findall(r'^    "([\w.-]+)[^"]*",\s+# \S.{10,}$', text, re.MULTILINE))
    assert direct_dependencies() - {name.lower() for name in given} == set()


@pytest.mark.parametrize("lock", ["app", "dev"])
def test_every_requirement_is_locked_with_hashes(lock):
    text = (ROOT / "requirements" / f"{lock}.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert lines
    assert [line for line in lines if "==" not in line or "--hash=sha256:" not in line] == []


def test_every_direct_dependency_is_locked():
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements/dev.txt").read_text(), re.MULTILINE))
    assert direct_dependencies() - locked == set()


ADDRESSES = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|(?:extra-)?index-url\s*[= ]\s*http|find-links\s*="
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:root|home/\w+|work|Users/\w+)/")


@pytest.mark.parametrize("pattern", [ADDRESSES, MACHINE_PATHS], ids=["registry", "path"])
def test_the_tree_names_no_machine_and_no_registry(pattern):
    endings = (*SOURCES, ".md", ".toml", ".cfg", ".json", ".yml", ".yaml", ".sh", "")
    found = [
        f"{shown(path)}: {hit[0]}"
        for path in tracked(*endings)
        if path.name != "LICENSE"
        for hit in pattern.finditer(path.read_text(errors="replace"))
    ]
    assert found == []


def test_every_exception_to_a_check_has_a_reason():
    bare = re.compile(r"#\s*noqa(?::\s*[A-Z0-9, ]+)?\s*$|#\s*type:\s*ignore(?:\[[^\]]*\])?\s*$", re.MULTILINE)
    found = [f"{shown(path)}: {hit[0]}" for path in PYTHON for hit in bare.finditer(path.read_text())]
    assert found == []


# --- The doors -----------------------------------------------------------------------------------------------------


def test_make_offers_six_things():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert targets == ["run", "test", "lint", "demo", "bench", "nightly"]


def test_every_advertised_command_is_there():
    from django.core.management import get_commands

    known = frozenset(get_commands())
    missing = [words for words in cli.COMMANDS if words.replace(" ", "_").replace("-", "_") not in known]
    assert missing == []


def test_decisions_have_numbers_of_their_own():
    numbers = [path.name[:5] for path in (ROOT / "docs/decisions").glob("*.md")]
    assert all(re.fullmatch(r"\d{4}-", number) for number in numbers)
    assert len(numbers) == len(set(numbers))
