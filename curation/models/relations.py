"""What PubMed says an article is related to, and whether it was asked: these rows are the work."""

from django.db import models
from django.db.models import Q

from curation.choices import LinkState, RelationKind
from curation.models.articles import Article


class Relation(models.Model):
    """One related record, in PubMed's order. ``title`` and ``source`` are kept of the first few of each kind."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=10, choices=RelationKind.choices)
    position = models.PositiveSmallIntegerField()
    pmid = models.BigIntegerField()
    title = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["article", "kind", "position"]
        constraints = [models.UniqueConstraint(fields=["article", "kind", "pmid"], name="relation_once")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.kind} {self.pmid}"


class Linking(models.Model):
    """The asking for one article's relations; ``totals`` is how many of each kind PubMed named, also those not kept."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, primary_key=True, related_name="linking")
    state = models.CharField(max_length=10, choices=LinkState.choices, default=LinkState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    totals = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["state"], name="linking_open", condition=Q(state__in=["waiting", "running", "failed"]))]

    def __str__(self) -> str:
        return f"Relations of {self.article_id}: {self.get_state_display()}"
