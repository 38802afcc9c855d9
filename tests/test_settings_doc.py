"""docs/settings.md lists exactly the variables that are read, with their defaults."""

import re
from pathlib import Path

from wardbook.settings import environment

DOC = Path(__file__).resolve().parent.parent / "docs" / "settings.md"


def row(setting):
    return f"| `{setting.name}` | {setting.default} | {setting.says} |"


def test_the_list_of_settings_equals_the_settings():
    listed = [line for line in DOC.read_text().splitlines() if re.match(r"\| `[A-Z]", line)]
    assert listed == [row(setting) for setting in environment.asked.values()]
