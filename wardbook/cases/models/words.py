"""The words by which cases are found, and the index over them: FTS5 in SQLite, GIN in PostgreSQL."""

from typing import Any

from django.db import models

from wardbook.cases.models.case import Case

INDEX = "cases_words_index"
# Not PostgreSQL's own reading of texts: both engines find exactly the words that lib.fold sees.
VECTOR = "array_to_tsvector(string_to_array({words}, ' '))"


class WordsField(models.TextField):  # type: ignore[type-arg]  # as every other field here
    """Words with spaces between. `words__begins="7:dam"` asks for a word that begins so, of the index."""


@WordsField.register_lookup
class Begins(models.Lookup):
    """Asks the index. The right side is a key of cases.finding, which has no signs that either engine reads."""

    lookup_name = "begins"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        table = compiler.quote_name_unless_alias(self.lhs.alias)
        sql = f"{table}.case_id IN (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s)"  # noqa: S608  a constant
        return sql, [f'"{self.rhs}"*']

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        words, params = self.process_lhs(compiler, connection)
        return f"{VECTOR.format(words=words)} @@ %s::tsquery", [*params, f"'{self.rhs}':*"]


class CaseWords(models.Model):
    """What a case says of itself, as words to be looked up. Written by cases.actions.indexing alone."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="+")
    words = WordsField()

    class Meta:
        verbose_name_plural = "case words"

    def __str__(self) -> str:
        return str(self.words)
