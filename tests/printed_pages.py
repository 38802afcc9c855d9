"""The pages of docs/ that are printed from the code. `python -m tests.printed_pages` writes them again."""

import importlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def events_page() -> str:
    """docs/events.md: every event, where its name stands, and who hears of it."""
    from django.apps import apps

    from wardbook.journal import reactions

    heard = reactions.registered()
    lines = [
        "# Events",
        "",
        "What can happen, as it stands in the journal, and who reacts to it in the same transaction.",
        "Printed from the code by `python -m tests.printed_pages`; a test keeps it true.",
        "Facts hold ids and codes, never personal content.",
        "",
        "| Event | Named in | Heard by |",
        "|---|---|---|",
    ]
    for config in sorted(apps.get_app_configs(), key=lambda config: config.name):
        if not config.name.startswith("wardbook."):
            continue
        try:
            module = importlib.import_module(f"{config.name}.events")
        except ModuleNotFoundError:
            continue
        names = {value for key, value in vars(module).items() if key.isupper() and isinstance(value, str)}
        for name in sorted(names):
            who = ", ".join(f"`{f.__module__.removeprefix('wardbook.')}.{f.__name__}`" for f in heard.get(name, ()))
            lines.append(f"| `{name}` | `{config.label}.events` | {who or '–'} |")
    return "\n".join(lines) + "\n"


def access_page() -> str:
    """docs/access.md: the access table in a form for reading."""
    from wardbook.offices import access
    from wardbook.offices.models import Membership

    table, roles = access.table(), list(Membership.Role)
    lines = [
        "# Who may see and do what",
        "",
        "Printed from `wardbook/offices/access.toml` by `python -m tests.printed_pages`; a test keeps it true.",
        "The gate reads the same table, and the tests walk every route with it. Everything stays inside one office.",
        "",
        "## Cases a role sees by itself",
        "",
        "Being named on a case (owner, co-assignee, reader) opens it; being kept out of it (conflict of interest)",
        "shuts it.",
        "",
        "| Role | Cases |",
        "|---|---|",
    ]
    words = {
        "all": "all, restricted ones too",
        "unrestricted": "all that are not restricted",
        "team": "those of their teams",
        "raised": "those they raised",
        "none": "none",
    }
    lines += [f"| {role.label} | {words[access.case_scope(role)]} |" for role in roles]
    lines += ["", "## What a role may do", "", "| Capability | Roles |", "|---|---|"]
    for name, having in table["capability"].items():
        lines.append(f"| `{name}` | {', '.join(str(Membership.Role(role).label) for role in having)} |")
    lines += ["", "## Whom a role may make", "", "| Role | May give the roles |", "|---|---|"]
    for role, granted in table["grants"].items():
        label = Membership.Role(role).label
        lines.append(f"| {label} | {', '.join(str(Membership.Role(other).label) for other in granted)} |")
    lines += ["", "## Fields that not everybody sees", "", "| Field | Needs |", "|---|---|"]
    lines += [f"| `{name}` | `{needs}` |" for name, needs in table["field"].items()]
    lines += ["", "## Routes", "", "| Route | To read | To change |", "|---|---|---|"]
    lines += [f"| `{name}` | `{read}` | `{change}` |" for name, (read, change) in sorted(table["route"].items())]
    return "\n".join(lines) + "\n"


PAGES = {"events.md": events_page, "access.md": access_page}


def main() -> None:
    """Write the pages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    for name, page in PAGES.items():
        (ROOT / "docs" / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
