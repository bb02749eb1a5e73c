"""What becomes of the values of one version in a later one, by the changes that the later one tells. Reads only."""

from functools import lru_cache

from curation.codebook.carrying import Plan, plan
from curation.codebook.file import read_codebook
from curation.models import CodebookVersion


@lru_cache(maxsize=16)
def plan_between(before_id: int, after_id: int) -> tuple[Plan, str]:
    """With the version that the changes are told since, empty where none are told. Versions are frozen: read once."""
    sources = dict(CodebookVersion.objects.filter(pk__in=(before_id, after_id)).values_list("pk", "source"))
    old, new = read_codebook(sources[before_id]), read_codebook(sources[after_id])
    return plan(new.changes, old.specs, new.specs), new.changes.since if new.changes else ""
