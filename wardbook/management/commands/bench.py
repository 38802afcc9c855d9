"""`wardbook bench`: the figures, measured on an invented office of 100,000 cases, printed as a table."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from wardbook.bench import memory, pages
from wardbook.demo import many, morning
from wardbook.offices.models import Office


class Command(BaseCommand):
    help = "Measure the product on an invented office of 100,000 cases in a database of its own, and print a table."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=100_000, metavar="N", help="how large the office is")
        parser.add_argument("--times", type=int, default=60, help="how often each page is asked for")
        parser.add_argument("--file", type=Path, help="a CSV file to measure the import with, with the map la311")
        parser.add_argument(
            "--here", action="store_true", help="use this database as it is, not one of the bench's own"
        )

    def handle(self, *, cases: int, times: int, file: Path | None, here: bool, **options: Any) -> None:
        if not here:
            self._elsewhere()
            return
        call_command("migrate", verbosity=0)
        small, large = self._office(max(1, cases // 10)), self._office(cases)
        self.stdout.write(f"\n{large.cases.count():,} cases, a tenth of that in the small office. Milliseconds.\n")
        self.stdout.write(f"{'':38}{'median':>8}{'p95':>8}{'CPU':>8}{'queries':>9}{'÷ small':>9}{'may':>12}")
        missed = 0
        for row in pages.rows(small, large, host=str(urlsplit(settings.SITE_URL).netloc), times=times):
            figures, budget = row.large, f"{row.most_median:.0f}/{row.most_p95:.0f}/{row.most_queries}"
            missed += not row.holds
            self.stdout.write(
                f"{row.name:38}{figures.median:8.1f}{figures.p95:8.1f}{figures.cpu:8.1f}{figures.queries:9d}"
                f"{figures.cpu / max(row.small.cpu, 0.01):9.2f}{budget:>12}{'' if row.holds else '  MISSED'}"
            )
        if file:
            missed += not self._import(file)
        missed += not self._memory(large)
        self.stdout.write("\nEverything holds." if not missed else f"\n{missed} figures are over what they may be.")

    def _elsewhere(self) -> None:
        """Run again on a database of the bench's own, so that nobody's office is touched."""
        environ = os.environ | {"WARDBOOK_DATA": str(Path(settings.DATA) / "bench"), "WARDBOOK_DEMO": "1"}
        if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            environ.pop("DATABASE_URL", None)
        done = subprocess.run(
            [sys.executable, "-m", "wardbook", "bench", "--here", *sys.argv[2:]], env=environ, check=False
        )
        if done.returncode:
            raise CommandError("The bench did not finish.", returncode=done.returncode)

    def _office(self, size: int) -> Office:
        for office in Office.objects.filter(slug__startswith="bench"):
            if office.cases.filter(source="").count() >= size and office.cases.count() < size * 3:
                return office
        started = time.monotonic()
        office = many.tell(
            now=morning.last_working_morning(timezone.now()), seed=1, cases=size, say=lambda _text: None
        )
        self.stdout.write(f"Told an office of {size:,} cases in {time.monotonic() - started:.0f} s.")
        return office

    def _import(self, file: Path) -> bool:
        office = many.staff_only(now=morning.last_working_morning(timezone.now()))
        with file.open("rb") as lines:
            count = sum(1 for _line in lines) - 1
        started, processor = time.perf_counter(), time.process_time()
        call_command("import_cases", str(file), "--office", office.slug, "--map", "la311", verbosity=0)
        took, cpu = time.perf_counter() - started, time.process_time() - processor
        self.stdout.write(
            f"\nImport: {count:,} rows in {took:.1f} s, {count / took:.0f} a second (CPU {cpu:.1f} s); may be ≥ 500"
        )
        return count / took >= 500

    def _memory(self, office: Office) -> bool:
        parts = memory.of_a_running_house(pages.addresses(office))
        self.stdout.write("\nMemory of web, worker and timer, MB:")
        for name, size in parts.items():
            self.stdout.write(f"  {size:7.0f}  {name}")
        return parts["all"] <= 400
