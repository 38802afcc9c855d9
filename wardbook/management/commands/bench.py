"""`wardbook bench`: the figures, measured on an invented office of 100,000 cases, printed as a table."""

import gc
import os
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from wardbook.bench import campaigns, export, intake, memory, own_rows, pages, post
from wardbook.bench.dovecot import Dovecot
from wardbook.bench.measuring import Missed
from wardbook.demo import many, morning
from wardbook.offices.models import Office

OWN_ROWS = 10_000
ROWS_A_SECOND = 500
MEGABYTES = 400


class Command(BaseCommand):
    help = "Measure the product on an invented office of 100,000 cases in a database of its own, and print a table."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=100_000, metavar="N", help="how large the office is")
        parser.add_argument("--times", type=int, default=60, help="how often each page is asked for")
        parser.add_argument("--mails", type=int, default=2_000, metavar="N", help="how many mails come in and go out")
        parser.add_argument(
            "--file",
            type=Path,
            help="a CSV file to measure the import with, with the map la311; else an invented one",
        )
        parser.add_argument(
            "--here", action="store_true", help="use this database as it is, not one of the bench's own"
        )

    def handle(self, *, cases: int, times: int, mails: int, file: Path | None, here: bool, **options: Any) -> None:
        if not here:
            self._elsewhere()
            return
        if cases < many.ONE_LONG_CASE_IN * 10:
            raise CommandError(
                f"Say at least {many.ONE_LONG_CASE_IN * 10:,} cases: fewer have no long one among them."
            )
        call_command("migrate", verbosity=0)
        small, large = self._office(cases // 10), self._office(cases)
        try:
            missed = self._pages(small, large, times)
            missed += not self._import(file)
            missed += not self._export(large)
            missed += self._post(large, mails, times)
            missed += not self._campaigns(mails * 5)
            missed += not self._memory(large)
        except Missed as what:
            raise CommandError(f"Nothing could be measured: {what}") from what
        self.stdout.write("\nEverything holds." if not missed else f"\n{missed} figures are over what they may be.")

    def _elsewhere(self) -> None:
        """Run again on a database of the bench's own, so that nobody's office is touched."""
        environ = os.environ | {"WARDBOOK_DATA": str(Path(settings.DATA) / "bench"), "WARDBOOK_DEMO": "1"}
        if settings.SQLITE:
            environ.pop("DATABASE_URL", None)
        words = [sys.executable, "-m", "wardbook"]
        for command in (["prepare"], ["bench", "--here", *sys.argv[2:]]):
            done = subprocess.run([*words, *command], env=environ, check=False)
            if done.returncode:
                raise CommandError("The bench did not finish.", returncode=done.returncode)

    def _office(self, size: int) -> Office:
        for office in Office.objects.filter(slug__startswith="bench"):
            if size <= office.cases.filter(source="").count() < size * 3:
                return office
        started = time.monotonic()
        self.stdout.write(f"Telling an office of {size:,} cases …")
        office = many.tell(
            now=morning.last_working_morning(timezone.now()), seed=1, cases=size, say=lambda _text: None
        )
        self.stdout.write(f"Told in {time.monotonic() - started:.0f} s.")
        return office

    def _pages(self, small: Office, large: Office, times: int) -> int:
        """The table. Returns how many lines do not hold."""
        # As in the processes of `wardbook serve` (lib/children.py): what is loaded is no work for the collector.
        gc.collect()
        gc.freeze()
        self.stdout.write(f"\n{large.cases.count():,} cases; a tenth of that in the small office. Milliseconds.")
        self.stdout.write("CPU counts the processor alone; × small is the CPU in units of the small office's.\n\n")
        heads = ("median", "p95", "CPU", "CPU p95", "queries", "× small", "may be")
        self.stdout.write(
            f"{'':38}" + "".join(f"{head:>{width}}" for head, width in zip(heads, _WIDTHS, strict=True))
        )
        missed = 0
        for row in pages.rows(small, large, host=str(urlsplit(settings.SITE_URL).netloc), times=times):
            figures, budget = row.large, "/".join(map(str, row.budget))
            missed += not row.holds
            words = (
                *(f"{figure:.1f}" for figure in figures[:4]),
                str(figures.queries),
                f"{figures.cpu / max(row.small.cpu, 0.01):.2f}",
                budget,
            )
            said = "" if row.holds else "  CPU holds" if row.holds_by_processor else "  MISSED"
            line = "".join(f"{word:>{width}}" for word, width in zip(words, _WIDTHS, strict=True))
            self.stdout.write(f"{row.name:38}{line}{said}")
        return missed

    def _import(self, file: Path | None) -> bool:
        office = many.staff_only(now=morning.last_working_morning(timezone.now()))
        if file is None:
            file = Path(settings.DATA) / "bench-rows.csv"
            own_rows.write(file, rows=OWN_ROWS)
        started, processor = time.perf_counter(), time.process_time()
        said = StringIO()
        try:
            call_command("import_cases", str(file), office=office.slug, map="la311", quiet=True, stdout=said)
        except SystemExit as ended:
            raise Missed(f"rows of the import were refused: {said.getvalue()}") from ended
        took, cpu = time.perf_counter() - started, time.process_time() - processor
        count = office.cases.count()
        if not count:
            raise Missed(f"the import brought nothing in: {said.getvalue()}")
        self.stdout.write(
            f"\nImport: {count:,} rows in {took:.1f} s, {count / took:.0f} a second "
            f"({count / cpu:.0f} a second of CPU); may be ≥ {ROWS_A_SECOND}"
        )
        return count / took >= ROWS_A_SECOND

    def _export(self, office: Office) -> bool:
        visit = pages.Visit(office, str(urlsplit(settings.SITE_URL).netloc))
        took, (seconds, megabytes) = export.export(office, visit.reader), export.BUDGET
        self.stdout.write(
            f"Export: {took.cases:,} cases with every column in {took.seconds:.1f} s, begun after "
            f"{took.begun_after:.1f} s, {took.grew:.0f} MB more; may be {seconds:.0f} s and {megabytes} MB"
            f"{'' if took.holds else '  MISSED'}"
        )
        return took.holds

    def _post(self, office: Office, mails: int, times: int) -> int:
        """What the post costs. Returns how many lines do not hold."""
        visit = pages.Visit(office, str(urlsplit(settings.SITE_URL).netloc))
        said, missed = self.stdout.write, 0
        said(f"\nThe post, with {mails:,} mails, {intake.WITH_FILES:.0%} of them with a file")
        median = intake.parsing()
        missed += median > intake.PARSING
        said(f"  Reading the bytes of a mail: median {median:.1f} ms; may be {intake.PARSING:.0f}")
        if Dovecot.is_here():
            came = intake.rate(office, count=mails, meanwhile=visit.listed("status=open"))
            missed += came.a_second < intake.LEAST_A_SECOND
            missed += (came.list_p95 or 0) > intake.LIST_P95
            said(
                f"  Coming in by IMAP: {came.a_second:.0f} a second ({came.a_second_of_processor:.0f} of CPU): "
                f"{came.fetched_in:.1f} s to fetch and {came.read_in:.1f} s to read; may be ≥ {intake.LEAST_A_SECOND}"
            )
            said(f"  Cases list meanwhile: p95 {came.list_p95 or 0:.0f} ms; may be {intake.LIST_P95:.0f}")
        else:
            said("  Coming in by IMAP was not measured: there is no Dovecot here (apt install dovecot-imapd).")
        going = post.sending_rate(office, count=max(1, mails // 4))
        missed += going < post.LEAST_A_SECOND
        said(f"  Going out by SMTP: {going:.0f} a second; may be ≥ {post.LEAST_A_SECOND}")
        unfiled = mails * intake.UNFILED // 2_000
        opened, budget = intake.inbox(office, visit.reader, unfiled=unfiled, times=times), intake.INBOX
        holds, by_processor = (
            took <= budget[0] and opened.queries <= budget[2] for took in (opened.median, opened.cpu)
        )
        missed += not holds
        words = "" if holds else "  CPU holds" if by_processor else "  MISSED"
        said(
            f"  Inbox with {unfiled:,} unfiled mails: median {opened.median:.0f} ms, CPU {opened.cpu:.0f} ms, "
            f"{opened.queries} queries; may be {budget[0]} ms, {budget[2]} queries{words}"
        )
        return missed

    def _campaigns(self, mails: int) -> bool:
        office = many.staff_only(now=morning.last_working_morning(timezone.now()))
        took = campaigns.campaigns(office, mails=mails)
        said = "" if took.holds else "  CPU holds" if took.holds_by_processor else "  MISSED"
        self.stdout.write(
            f"  Grouping {mails:,} mails that were read: {took.seconds:.1f} s (CPU {took.cpu_seconds:.1f} s), "
            f"{took.campaigns} campaigns; may be {campaigns.ALL_IN:.0f} s\n"
            f"  Grouping one new mail among them: median {took.median:.0f} ms, p95 {took.p95:.0f} ms "
            f"(CPU {took.cpu:.0f} and {took.cpu_p95:.0f} ms); may be {campaigns.ONE_IN:.0f} ms{said}"
        )
        return took.holds

    def _memory(self, office: Office) -> bool:
        visit = pages.Visit(office, str(urlsplit(settings.SITE_URL).netloc))
        parts = memory.of_a_running_house(pages.addresses(office), cookie=visit.reader.cookie)
        self.stdout.write(f"\nMemory of web, worker, timer and postman in MB; may be ≤ {MEGABYTES}")
        for name, size in parts.items():
            self.stdout.write(f"  {size:7.0f}  {name}")
        return parts["all"] <= MEGABYTES


_WIDTHS = (9, 9, 9, 9, 9, 9, 14)
