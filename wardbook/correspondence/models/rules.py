"""What an office has decided about its post."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wardbook.offices.models import Office


class PostRules(models.Model):
    """An office's choices about mail and letters. Percent, days."""

    office = models.OneToOneField(Office, models.CASCADE, primary_key=True, related_name="post_rules")
    letterhead = models.TextField(_("letterhead"), max_length=600, blank=True)
    letter_footer = models.CharField(_("foot of the letter"), max_length=300, blank=True)
    letters_need_signature = models.BooleanField(_("letters wait for the representative's signature"), default=False)
    privacy_line = models.CharField(_("privacy line of acknowledgements"), max_length=500, blank=True)
    campaign_threshold = models.PositiveSmallIntegerField(
        _("how alike campaign mails are, in percent"),
        default=70,
        validators=[MinValueValidator(30), MaxValueValidator(90)],
    )
    reopen_days = models.PositiveSmallIntegerField(
        _("days within which a reply reopens a closed case"), default=28, validators=[MaxValueValidator(365)]
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "post rules"
        constraints = [
            models.CheckConstraint(
                name="post_rules_threshold_between_30_and_90",
                condition=Q(campaign_threshold__gte=30, campaign_threshold__lte=90),
            )
        ]

    def __str__(self) -> str:
        return f"{self.office}"

    @classmethod
    def of(cls, office: Office) -> "PostRules":
        """The office's rules; the usual ones where it has chosen nothing (not saved)."""
        return cls.objects.filter(office=office).first() or cls(office=office)
