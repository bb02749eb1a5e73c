"""The words for where an article stands, used everywhere."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ArticleState(TextChoices):
    """Where an article stands in a project, as ``rules`` derives it from facts; these words are used everywhere."""

    TO_SCREEN = "to_screen", _("To screen")
    EXCLUDED = "excluded", _("Excluded")
    TO_READ = "to_read", _("To be read")
    UNDER_READING = "under_reading", _("Under reading")
    WAITING_SECOND = "waiting_second", _("Waiting for the second reader")
    RETURNED = "returned", _("Sent back")
    TO_REVIEW = "to_review", _("To be reviewed")
    TO_ADJUDICATE = "to_adjudicate", _("To be adjudicated")
    ADJUDICATING = "under_adjudication", _("Under adjudication")
    IN_PART = "published_in_part", _("Published in part")
    PUBLISHED = "published", _("Published")
    REOPENED = "reopened", _("Taken up again")
    TO_REEVALUATE = "to_reevaluate", _("To be re-evaluated")
    RETRACTED = "retracted", _("Findings retracted")
