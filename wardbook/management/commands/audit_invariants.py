"""`wardbook audit-invariants`: does everything hold that must always hold?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from wardbook import invariants


class Command(BaseCommand):
    help = "Check what must always hold (offices apart, journal whole, files there, figures right). Changes nothing."

    def handle(self, **options: Any) -> None:
        found = 0
        for sentence in invariants.all_flaws():
            found += 1
            self.stdout.write(sentence)
        if found:
            self.stderr.write(f"{found} things do not hold.")
            sys.exit(1)
        self.stdout.write("Everything holds.")
