"""`wardbook import contacts`: bring a CSV of people and organisations in, or take a batch back."""

from wardbook.exchange.command import ImportCommand
from wardbook.exchange.contact_import import ContactImport


class Command(ImportCommand):
    help = (
        "Bring in a CSV of people and organisations as a map says. Whoever is known already, or looks like somebody "
        "who is, is left alone. Nobody is sent a mail. docs/importing.md explains maps."
    )
    importer = ContactImport
