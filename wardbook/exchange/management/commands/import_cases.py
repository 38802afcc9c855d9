"""`wardbook import cases`: bring a CSV of cases in, see what would come in, take a batch back."""

from wardbook.exchange.case_import import CaseImport
from wardbook.exchange.command import ImportCommand


class Command(ImportCommand):
    help = (
        "Bring in a CSV of cases as a map says. Rows that are known already are left alone, so the same command can "
        "be run again, also after it was cut off. Nobody is sent a mail. docs/importing.md explains maps."
    )
    importer = CaseImport
