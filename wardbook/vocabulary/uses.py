"""How often values are used: counted over everything that points to them, in whatever room it is."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from wardbook.vocabulary.models import Value


def counts(model: type[Value], office_id: int) -> Counter[int]:
    """Value id to the number of rows that have it. One query for each kind of row that can."""
    found: Counter[int] = Counter()
    for rows, column in _holders(model):
        # A join to the office through the value: the rows of a list are few, those that use it many.
        used = rows.filter(**{f"{column}__office_id": office_id}).order_by()
        found.update(dict(used.values_list(column).annotate(Count("pk"))))
    return found


def open_cases(model: type[Value], value_id: int) -> int:
    """How many open cases have a value, themselves or by a row of theirs: what a merge would move."""
    found: set[int] = set()
    for rows, column in _holders(model):
        fields = {field.name for field in rows.model._meta.get_fields()}
        if "closed_at" in fields:
            mine, case = rows.filter(closed_at__isnull=True, deleted_at__isnull=True), "pk"
        elif "case" in fields and "state" not in fields:
            mine, case = rows.filter(case__closed_at__isnull=True, case__deleted_at__isnull=True), "case_id"
        else:
            continue
        found.update(mine.filter(**{column: value_id}).values_list(case, flat=True))
    return len(found)


def _holders(model: type[Value]) -> Iterable[tuple[Any, str]]:
    """Everything outside the lists themselves that has a foreign key to the model."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or not relation.one_to_many:
            continue
        holder = relation.related_model
        if isinstance(holder, type) and not issubclass(holder, Value):
            yield holder._default_manager, relation.field.name  # type: ignore[union-attr]  # a reverse relation
