"""A column that holds another one made comparable, so that the database can look for words as people type them."""

from typing import Any

from django.db import models

from wardbook.lib.fold import fold


class FoldedField(models.CharField[str, str]):
    """The folded text of another field of the same row, made again whenever the row is saved."""

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs |= {"blank": True, "default": "", "editable": False}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for given in ("blank", "default", "editable"):
            kwargs.pop(given, None)
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = fold(getattr(model_instance, self.of))[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value
