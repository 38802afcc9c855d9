"""`wardbook reindex`: write the words by which cases are found anew."""

from typing import Any

from django.core.management.base import BaseCommand

from wardbook.cases.actions import indexing


class Command(BaseCommand):
    help = "Write the words by which cases are found anew. They are kept in step; this is for after a repair by hand."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{indexing.index_all():,} cases had other words or none. The index is written anew.")
