"""The only writer of saved cohorts. Whoever may see a project may save a question of their own; only they change it."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from curation.audit import action
from curation.codebook.carrying import Plan
from curation.codebook.text import Unfit, clean
from curation.cohorts import queries
from curation.cohorts.checking import check
from curation.cohorts.following import followed
from curation.cohorts.language import parse
from curation.cohorts.question import write
from curation.errors import Fault, Invalid, NotAllowed
from curation.models import Cohort, CohortStanding, CohortWatch, Project, User
from curation.notices.actions import tell
from curation.permissions import require_visible
from curation.versions import lock, raised

TITLE_LIMIT = 200
SLUG_LIMIT = 80


@action("cohort.save")
def save_cohort(*, project: Project, title: str, question: str, is_public: bool = False, by: User) -> Cohort:
    """Keep the question under a title, in its normal form. Raises Invalid for one that cannot be understood."""
    require_visible(by, project)
    title, text = _title(title), _normal(question, project)
    Project.objects.select_for_update().get(pk=project.pk)  # two savings of one title wait for each other
    return Cohort.objects.create(
        project=project, slug=_free_slug(project, title), title=title, question=text, owner=by, is_public=is_public
    )


@action("cohort.change")
def change_cohort(*, cohort_id: int, version: int | None, title: str, question: str, is_public: bool, by: User) -> Cohort:
    cohort = _own(cohort_id, version, by)
    cohort.title = _title(title)
    cohort.question = _normal(question, cohort.project)
    cohort.is_public = is_public
    cohort.save(update_fields=["title", "question", "is_public", "version", "changed_at"])
    return cohort


@action("cohort.delete")
def delete_cohort(*, cohort_id: int, version: int | None, by: User) -> None:
    _own(cohort_id, version, by).delete()


@action("cohort.follow_codebook")
def follow_codebook(*, project: Project, plan: Plan, by: User, reason: str = "") -> int:
    """Lead the project's saved questions to another version of its codebook by the mapping; how many changed.

    Asks no permission: part of a move that asked. A question for something gone stays as it was, and its page says what is gone.
    """
    changed = []
    for cohort in Cohort.objects.select_for_update(of=("self",)).filter(project=project).order_by("pk"):
        if (text := followed(cohort.question, plan).text) != cohort.question:
            cohort.question = text
            changed.append(raised(cohort))
    return Cohort.objects.bulk_update(changed, ["question", "version", "changed_at"])


@transaction.atomic
def watch(*, cohort_id: int, by: User) -> Cohort:
    """Have the person told when the answer changes; its owner is anyway."""
    cohort = queries.cohort(by, cohort_id)
    CohortWatch.objects.get_or_create(cohort=cohort, user=by)
    return cohort


@transaction.atomic
def unwatch(*, cohort_id: int, by: User) -> Cohort:
    cohort = queries.cohort(by, cohort_id)
    CohortWatch.objects.filter(cohort=cohort, user=by).delete()
    return cohort


@transaction.atomic
def compare(*, cohort: Cohort, by: User | None = None) -> dict[str, Any]:
    """Look at the cohort's answer, and tell its owner and whoever watches it what changed since the last look.

    Once a day. The first look, and the first one after the question itself was changed, only remembers. What changed, by the
    names of ``Notification.details``; empty where nothing did.
    """
    today = timezone.localdate()
    before = CohortStanding.objects.select_for_update().filter(cohort=cohort).first()
    now = queries.standing_of(cohort, today)
    CohortStanding.objects.filter(cohort=cohort).delete()
    now.save()
    if before is None or before.question != now.question or not (changed := _changed(before, now)):
        return {}
    to = [cohort.owner_id, *cohort.watches.values_list("user", flat=True)]
    tell(verb="cohort.compare", to=to, about=cohort, occasion=today.isoformat(), details=changed, by=None)
    return changed


def _changed(before: CohortStanding, now: CohortStanding) -> dict[str, Any]:
    was, found = set(before.patients), set(now.patients)
    changed = {
        "joined": queries.reporting(found - was),
        "left": queries.reporting(was - found),
        "retracted": sorted(set(now.retracted) - set(before.retracted)),
    }
    same = was == found and not changed["retracted"]
    return {} if same else {"before": len(was), "after": len(found), **changed}


def _own(pk: int, version: int | None, by: User) -> Cohort:
    cohort = queries.cohort(by, pk)
    if cohort.owner_id != by.pk:
        raise NotAllowed(f"“{cohort.title}” belongs to {cohort.owner}; save the question under a title of your own instead.")
    return lock(Cohort.objects.visible_to(by).select_related("project__codebook_version"), pk=pk, version=version)


def _title(title: str) -> str:
    try:
        return clean(" ".join(title.split()), limit=TITLE_LIMIT, name="the title")
    except Unfit as reason:
        raise Invalid("The cohort was not saved.", faults=[Fault("title", str(reason))]) from None


def _normal(question: str, project: Project) -> str:
    asked = parse(question)
    check(asked, queries.book(project).specs)
    return write(asked)


def _free_slug(project: Project, title: str) -> str:
    wanted = slugify(title)[: SLUG_LIMIT - 5] or "cohort"
    taken = set(Cohort.objects.filter(project=project, slug__startswith=wanted).values_list("slug", flat=True))
    return next(slug for slug in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)
