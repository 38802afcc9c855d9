"""What a case can be chosen to be, apart from the lists an office keeps itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Priority(models.IntegerChoices):
    """None, Low, Medium, High (S1.23); sorts by number."""

    NONE = 0, _("None")
    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")


class Outcome(models.TextChoices):
    """How a case ended (E14)."""

    RESOLVED = "resolved", _("Resolved")
    PARTLY = "partly", _("Partly")
    UNRESOLVED = "unresolved", _("Not resolved")
    ADVICE = "advice", _("Advice given")
    PASSED = "passed", _("Passed on")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class WaitingOn(models.TextChoices):
    """Who must act next (E12)."""

    US = "us", _("Us")
    CONSTITUENT = "constituent", _("Constituent")
    AGENCY = "agency", _("Agency")
    COUNCILLOR = "councillor", _("Councillor")
