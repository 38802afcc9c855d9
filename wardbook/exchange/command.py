"""What `wardbook import cases` and `wardbook import contacts` share: bring in, see what would come, take back."""

import sys
import time
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from wardbook.accounts.models import User
from wardbook.exchange import actions, mapping, reading
from wardbook.exchange.errors import ErrorFile
from wardbook.exchange.importing import FileImport, Outcome
from wardbook.exchange.models import Batch
from wardbook.exchange.near import near
from wardbook.exchange.progress import progress
from wardbook.exchange.workbooks import opening
from wardbook.lib import statistics
from wardbook.lib.quote import quoted
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Membership, Office

STAYED_SAID = 20


class ImportCommand(BaseCommand):
    """Imports of one kind; `importer` reads the rows and brings them in."""

    importer: type[FileImport[Any]]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", metavar="FILE", help="the CSV")
        parser.add_argument("--office", metavar="SLUG", help="the office's address, like glanmor")
        listed = ", ".join(mapping.shipped())
        parser.add_argument("--map", metavar="MAP", help=f"a TOML file, or the name of a shipped map: {listed}")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--errors", metavar="PATH", type=Path, help="where to write the rows that cannot come in")
        parser.add_argument("--excel", action="store_true", help="write the file of errors so that Excel reads it")
        parser.add_argument("--encoding", default="", help="how the file is encoded, if the map does not say")
        parser.add_argument("--by", metavar="EMAIL", help="who does it; else it is the machine")
        parser.add_argument("--list", action="store_true", help="list what was imported before")
        parser.add_argument("--undo", metavar="BATCH", type=int, help="take back a batch, by its number in --list")
        parser.add_argument("--quiet", action="store_true", help="say nothing on the way, only what came of it")

    @property
    def words(self) -> str:
        """The command as a person types it."""
        return f"wardbook import {self.importer.kind}"

    def handle(self, **options: Any) -> None:
        office = _office(options["office"]) if options["office"] else None
        if options["list"]:
            self._list(office)
        elif options["undo"] is not None:
            self._undo(options["undo"], office, options)
        elif not (options["file"] and office and options["map"]):
            raise CommandError(
                f"Say what to bring in, where, and how: {self.words} FILE --office SLUG --map MAP",
                returncode=2,
            )
        else:
            self._import(office, options)

    def _import(self, office: Office, options: dict[str, Any]) -> None:
        by, path = _person(options["by"], office), Path(options["file"])
        if options["encoding"] and not reading.known_encoding(options["encoding"]):
            raise CommandError(f"{quoted(options['encoding'])} is not an encoding.", returncode=2)
        _refuse_overwriting(options["errors"], path, options["map"])
        with ExitStack() as stack:
            try:
                using = mapping.load(options["map"], kind=self.importer.kind)
                rows = stack.enter_context(opening.as_rows(path, using))
                run = self.importer(rows, using, office, by=by, at=timezone.now(), encoding=options["encoding"])
            except mapping.MapError as wrong:
                raise CommandError(str(wrong), returncode=2) from wrong
            except reading.Unreadable as wrong:
                raise CommandError(str(wrong), returncode=2 if not path.exists() else 1) from wrong
            self._run(run, path, options)

    def _run(self, run: FileImport[Any], path: Path, options: dict[str, Any]) -> None:
        began = time.monotonic()
        dry = options["dry_run"]
        what = "Looking at" if dry else "Importing"
        errors = ErrorFile(options["errors"], path.stem, marked=options["excel"], only_asked=dry)
        try:
            with errors, progress(sys.stderr, what, run.rows, quiet=options["quiet"]) as tell:
                outcome = run.run(errors, tell, dry=dry, at=timezone.now)
        except KeyboardInterrupt:
            self.stderr.write("Stopped. What came in so far stays; run the same command again to go on.")
            raise SystemExit(130) from None
        except OSError as trouble:
            raise CommandError(f"The file of errors cannot be written: {trouble.strerror or trouble}.") from trouble
        except reading.Unreadable as wrong:
            raise CommandError(f"The file changed while it was read. {wrong}") from wrong
        finally:
            run.table.close()
        self._say(run, outcome, errors, dry=dry, seconds=time.monotonic() - began)
        if outcome.batch and not dry:
            if errors.path:
                actions.keep_errors(outcome.batch, errors.path)
            statistics.renew()
        if outcome.refused:
            raise SystemExit(1)

    def _say(self, run: FileImport[Any], outcome: Outcome, errors: ErrorFile, *, dry: bool, seconds: float) -> None:
        say = self.stdout.write
        known = f"{outcome.known:,} known already and left alone"
        if dry:
            say(f"Nothing was written. Of {outcome.rows:,} rows:")
            say(f"  {outcome.made:,} would come in as {self.importer.kind}")
            say(f"  {known}")
            say(f"  {outcome.refused:,} cannot come in")
            self._say_plan(run, outcome)
        elif outcome.batch:
            rate = outcome.rows / seconds if seconds else 0
            say(f"{outcome.made:,} {self.importer.kind} came in, {known}, {outcome.refused:,} could not come in.")
            say(f"{outcome.rows:,} rows in {seconds:.1f} s, {rate:,.0f} a second.")
            say(f"Batch {outcome.batch.pk}. To take it back: {self.words} --undo {outcome.batch.pk}")
        else:
            say(f"Nothing was changed: {known}, {outcome.refused:,} could not come in.")
        if outcome.refused:
            say("What keeps rows out:")
            for line in errors.said():
                say(f"  {line}")
        if errors.path:
            say(f"Each of them with its reason: {errors.path}")

    def _say_plan(self, run: FileImport[Any], outcome: Outcome) -> None:
        say = self.stdout.write
        for status, count in outcome.statuses.most_common():
            say(f"  Status {status}: {count:,}")
        if outcome.first_day:
            say(f"  Opened from {outcome.first_day} to {outcome.last_day}")
        if outcome.places:
            say(f"  With a place: {outcome.places:,}")
        if outcome.new_people:
            say(f"  New contacts: {outcome.new_people:,}")
        if outcome.alike:
            say(f"  Looking like contacts you have, and made new (Settings › Imports asks): {len(outcome.alike):,}")
        for list_name, names in outcome.new_values.items():
            if names:
                listed = ", ".join(names[:30]) + (f" and {len(names) - 30:,} more" if len(names) > 30 else "")
                say(f"  New in {list_name} ({len(names):,}): {listed}")
        if run.left_out:
            say(f"  Columns that go nowhere: {', '.join(run.left_out[:60])}")

    def _list(self, office: Office | None) -> None:
        batches = Batch.objects.filter(kind=self.importer.kind).select_related("office").order_by("pk")
        if office:
            batches = batches.filter(office=office)
        for batch in batches:
            state = "done" if batch.finished_at else "cut off; the same command goes on"
            if batch.undone_at:
                state = f"taken back {batch.undone_at:%Y-%m-%d}"
            self.stdout.write(
                f"{batch.pk:>5}  {batch.started_at:%Y-%m-%d %H:%M}  {batch.office.slug}  {batch.kind}  "
                f"{batch.rows_made:,} made, {batch.rows_known:,} known, {batch.rows_refused:,} refused  "
                f"{quoted(batch.file_name, 60)} with {batch.map_name} ({state})"
            )
        if not batches:
            self.stdout.write("Nothing was imported yet.")

    def _undo(self, number: int, office: Office | None, options: dict[str, Any]) -> None:
        batches = Batch.objects.filter(kind=self.importer.kind)
        batches = batches.filter(office=office) if office else batches
        batch = batches.filter(pk=number).select_related("office").first()
        if batch is None:
            where = " in this office" if office else ""
            raise CommandError(f"There is no batch {number}{where}. `{self.words} --list` lists them.", returncode=2)
        by = _person(options["by"], batch.office)
        done = 0
        with progress(sys.stderr, "Taking back", batch.rows_made, quiet=options["quiet"]) as tell:

            def count(cases: int) -> None:
                nonlocal done
                done += cases
                tell(done)

            try:
                taken = actions.take_back(batch, by=by, at=timezone.now(), progress=count)
            except RuleBroken as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"Taken back: {taken.cases:,} cases, {taken.people:,} contacts, {taken.values:,} values of lists."
        )
        if taken.stayed:
            self.stdout.write(f"{len(taken.stayed):,} stay:")
            for stayed in taken.stayed[:STAYED_SAID]:
                self.stdout.write(f"  {quoted(stayed.what, 80)}: {stayed.why}")
            if len(taken.stayed) > STAYED_SAID:
                self.stdout.write(f"  and {len(taken.stayed) - STAYED_SAID:,} more")


def _office(slug: str) -> Office:
    office = Office.objects.filter(slug=slug).first()
    if office is None:
        slugs = list(Office.objects.order_by("slug").values_list("slug", flat=True)[:50])
        listed = f" Offices: {', '.join(slugs)}." if slugs else " There is no office yet."
        raise CommandError(f"There is no office {quoted(slug)}{near(slug, slugs)}.{listed}", returncode=2)
    return office


def _person(email: str | None, office: Office) -> User | None:
    if not email:
        return None
    member = (
        Membership.objects.active().filter(office=office, user__email__iexact=email).select_related("user").first()
    )
    if member is None or not member.can("imports"):
        raise CommandError(f"{quoted(email)} is nobody who may import into {office.name}.", returncode=2)
    return member.user


def _refuse_overwriting(errors: Path | None, *inputs: Path | str) -> None:
    for given in inputs:
        if errors and errors.exists() and Path(given).exists() and errors.samefile(given):
            raise CommandError(
                "The file of errors would overwrite what is to be read. Choose another name.", returncode=2
            )
