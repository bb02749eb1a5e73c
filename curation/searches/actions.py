"""The only writers of standing searches: kept, run, settled, paused, ended. Their moderators do it; runs act for the owner."""

from datetime import date, timedelta

from django.utils import timezone

from curation.articles import actions as articles
from curation.articles import pasted
from curation.audit import action
from curation.choices import BatchState
from curation.errors import Fault, Invalid, NotAllowed, NotFound, WrongState
from curation.models import Batch, Project, StandingSearch, User
from curation.permissions import require_administrator, require_moderator
from curation.searches import queries, rules
from curation.versions import lock, raised


@action("search.create")
def create(*, project: Project, title: str, query: str, every_days: int, since: date | None = None, by: User) -> StandingSearch:
    """Keep a search; it runs at once and then every so many days. ``since``: from which day on PubMed's records are wanted."""
    require_moderator(by, project)
    query, today = pasted.query(query), timezone.localdate()
    title = rules.check(title=title, every_days=every_days, since=since or today, today=today)
    if StandingSearch.objects.filter(project=project, title=title).exists():
        raise Invalid("This search cannot be kept.", faults=[Fault("title", "this project has a search of that name")])
    return StandingSearch.objects.create(
        project=project,
        title=title,
        query=query,
        every_days=every_days,
        watermark=since or today,
        due_at=timezone.now(),
        owner=by,
    )


@action("search.pause")
def pause(*, search_id: int, version: int | None, reason: str = "", by: User) -> StandingSearch:
    search = _mine(search_id, version, by)
    if search.is_paused:
        raise WrongState("This search is paused already.")
    search.due_at = None
    return _saved(search)


@action("search.resume")
def resume(*, search_id: int, version: int | None, reason: str = "", by: User) -> StandingSearch:
    """Go on; from now on it runs for whoever resumed it."""
    search = _mine(search_id, version, by)
    if not search.is_paused:
        raise WrongState("This search is not paused.")
    search.due_at, search.owner, search.trouble = timezone.now(), by, ""
    return _saved(search)


@action("search.delete")
def delete(*, search_id: int, version: int | None, by: User) -> Project:
    """What it brought stays, and so do its imports. Returns its project."""
    search = _mine(search_id, version, by)
    search.delete()
    return search.project


@action("search.run")
def run(*, search_id: int, reason: str = "", by: User) -> Batch:
    """Open its next run now, from the watermark to today; start the batch after."""
    search = _locked(search_id, by)
    last = queries.last_run(search)
    if last and last.state in (BatchState.WAITING, BatchState.RUNNING):
        raise WrongState(f"Its last run, import {last.pk}, is still under way.")
    now = timezone.now()
    query = rules.run_query(search.query, watermark=search.watermark, today=timezone.localdate(now))
    if not search.is_paused:
        search.due_at = now + timedelta(days=search.every_days)
        _saved(raised(search))
    title = f"{search.title}, {timezone.localdate(now)}"
    return articles.open_batch_of_query(
        project=search.project, query=query, title=title, search=search.pk, wants_full_text=True, by=by
    )


@action("search.settle")
def settle(*, search_id: int, by: User) -> bool:
    """Move the watermark to the day of the last run where every record of it is accounted for."""
    search = _locked(search_id, by, guard=False)
    last = queries.last_run(search)
    if last is None or last.state != BatchState.DONE or not queries.is_accounted(last):
        return False
    day = timezone.localdate(last.created_at)
    if day <= search.watermark:
        return False
    search.watermark = day
    _saved(raised(search))
    return True


@action("search.halt")
def halt(*, search_id: int, trouble: str, by: User) -> None:
    """Pause it because its owner may not run it any longer; a moderator resumes it as theirs."""
    search = _locked(search_id, by, guard=False)
    search.due_at, search.trouble = None, trouble
    _saved(raised(search))


@action("search.hand_over")
def hand_over(*, project: Project, owner: User, to: User, by: User) -> int:
    """Let the searches of somebody who leaves run on for another moderator; how many they are."""
    require_administrator(by)
    require_moderator(to, project)
    searches = StandingSearch.objects.filter(project=project, owner=owner).select_for_update().order_by("pk")
    for search in searches:
        search.owner = to
        _saved(raised(search))
    return len(searches)


def _mine(search_id: int, version: int | None, by: User) -> StandingSearch:
    rows = StandingSearch.objects.visible_to(by).select_related("project")
    return lock(rows, pk=search_id, version=version, guard=lambda row: require_moderator(by, row.project))


def _locked(search_id: int, by: User, *, guard: bool = True) -> StandingSearch:
    """Without the guard it is its owner's own, whatever they may do now."""
    rows = StandingSearch.objects.select_for_update(of=("self",)).select_related("project")
    search = (rows.filter(pk__in=StandingSearch.objects.visible_to(by)) if guard else rows).filter(pk=search_id).first()
    if search is None:
        raise NotFound(f"There is no standing search {search_id} here, or it is not open to you.")
    if guard:
        require_moderator(by, search.project)
    elif search.owner_id != by.pk:
        raise NotAllowed("Only its owner's own runs may do this to a standing search.")
    return search


def _saved(search: StandingSearch) -> StandingSearch:
    search.save(update_fields=["watermark", "due_at", "owner", "trouble", "version", "changed_at"])
    return search
