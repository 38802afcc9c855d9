"""A story told in order of time, in office hours, the same for the same seed."""

import heapq
import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from wardbook.offices.calendar import WorkingCalendar
from wardbook.offices.models import Office

Step = Callable[[datetime], object]


class Script:
    """Steps with their moments. A step may add later steps; `play` runs them all in order of time."""

    def __init__(self, office: Office, *, now: datetime, seed: int) -> None:
        self.office, self.now = office, now
        self.rng = random.Random(f"{seed}-{office.slug}")  # noqa: S311  a story, not a secret
        self.calendar: WorkingCalendar = office.working_calendar()
        self._steps: list[tuple[datetime, int, Step]] = []
        self._told = 0

    def at(self, moment: datetime, step: Step) -> None:
        """Have something happen at a moment; nothing happens after now."""
        if moment <= self.now:
            self._told += 1
            heapq.heappush(self._steps, (moment, self._told, step))

    def play(self) -> int:
        """Run everything in order. Returns how many steps were told."""
        count = 0
        while self._steps:
            moment, _order, step = heapq.heappop(self._steps)
            step(moment)
            count += 1
        return count

    def office_hour(self, day: date) -> datetime:
        """A moment between nine and five on that day, or on the next working day."""
        while not self.calendar.is_working_day(day):
            day += timedelta(days=1)
        moment = time(9 + self.rng.randrange(8), self.rng.randrange(60), self.rng.randrange(60))
        return datetime.combine(day, moment, tzinfo=self.office.zone)

    def days_ago(self, days: float) -> datetime:
        """A moment in office hours about so many days before now."""
        return min(self.office_hour(self.office.local_date(self.now) - timedelta(days=int(days))), self.now)

    def later(self, moment: datetime, working_days: int) -> datetime:
        """A moment in office hours so many working days after another."""
        day = self.office.local_date(moment)
        if working_days:
            day = self.calendar.working_days_after(day, working_days)
        return max(self.office_hour(day), moment + timedelta(minutes=self.rng.randint(2, 50)))
