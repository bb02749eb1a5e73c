"""How an adjudication is drawn: whole, or only the desk beside the text; with a third answer's form where one is asked for."""

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from curation.adjudication import queries
from curation.adjudication.actions import Pair
from curation.adjudication.changes import since
from curation.adjudication.layout import Desk, Point
from curation.annotation import article_pane
from curation.annotation import queries as annotation
from curation.annotation.anchoring import Place
from curation.annotation.workspace import Question, Row
from curation.choices import Outcome, SectionKind
from curation.codebook.queries import spec
from curation.errors import Fault, Invalid, Refusal
from curation.models import Project, Section
from curation.permissions import require_moderator
from curation.review import settling
from curation.web.feature_form import FeatureForm
from curation.web.requests import SignedIn

PAGE_SIZE = 25
Found = Sequence[tuple[Section, Place]]


def listed(request: SignedIn, project: Project) -> HttpResponse:
    require_moderator(request.user, project)
    page = Paginator(queries.waiting(request.user, project), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"project": project, "page": page, "found": queries.compared(page.object_list)}
    return render(request, "adjudication/waiting.html", context)


def show(request: SignedIn, desk: Desk, *, refusal: Refusal | None = None, found: Found | None = None) -> HttpResponse:
    """The page; asked for by htmx only the desk, to be put where the desk was. What was typed comes back with a refusal."""
    typed = request.POST if request.method == "POST" else None
    asked = request.GET if typed is None else typed
    third = asked.get("third", "") if typed is None or asked.get("choice") == Outcome.THIRD or found is not None else ""
    point = next((each for each in desk.points if each.key == (third or asked.get("at", ""))), None)
    form = _form(desk, point, typed, found) if point and third else None
    context = {
        "desk": desk,
        "changes": since(desk),
        "show_all": asked.get("show") == "all",
        "at": point.key if point else "",
        "form": form,
        "typed": typed,
        "refusal": refusal,
    }
    status = refusal.status if refusal else HTTPStatus.OK
    if not request.headers.get("HX-Request"):
        return render(request, "adjudication/article.html", context, status=status)
    answer = render(request, "adjudication/_desk.html", context, status=status)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#desk", "outerHTML show:none"
    return answer


def again(request: SignedIn, slug: str, pk: int, *, at: str = "") -> HttpResponse:
    """Back to the page, at the point; with all points shown where they were."""
    asked = {"show": "all"} if request.POST.get("show") == "all" else {}
    query = urlencode(asked | ({"at": at} if at else {}))
    address = reverse("web:adjudication", args=[slug, pk]) + (f"?{query}" if query else "")
    return redirect(f"{address}#point-{at}" if at else address)


def _form(desk: Desk, point: Point, typed: QueryDict | None, found: Found | None) -> FeatureForm:
    """As the workspace draws it, for an answer that nobody gave."""
    row = Row(Question(point.feature, spec(point.feature), "", 0, ""), asked=True, answers=[], lacks=[])
    here = [each.section for each in desk.sections]
    tables = {each.pk: each.label for each in here if each.kind == SectionKind.TABLE and each.is_current}
    figures = article_pane.labels_of(desk.readings[0])[0]
    return FeatureForm(row, point.instance, None, typed, found=found, figures=figures, tables=tables)


def places_found(desk: Desk, words: str) -> Found | None:
    return annotation.places(desk.readings[0], words) if words.strip() else []


def at(data: QueryDict) -> settling.Place:
    """The point that the hidden field ``at`` names: patient, feature and instance with dashes between."""
    patient, _dot, rest = data.get("at", "").partition("-")
    slug, _dot, instance = rest.rpartition("-")
    if not (_is_number(patient) and _is_number(instance) and slug):
        raise Invalid("Say which point.", faults=[Fault("at", "must be patient-feature-instance")])
    return int(patient), slug, int(instance)


def reading_in(choice: str) -> int | None:
    return int(choice) if _is_number(choice) else None


def pairs_in(data: QueryDict) -> list[Pair]:
    """``with-7`` says who patient 7 is in the other reading (nobody where it is empty), ``why-7`` why they are nobody there.

    Whoever of the other reading is left, by ``other``, is nobody in the first.
    """
    chosen = {name.removeprefix("with-"): data.get(name, "") for name in data if name.startswith("with-")}
    pairs = [Pair(int(pk), reading_in(other), data.get(f"why-{pk}", "")) for pk, other in chosen.items() if _is_number(pk)]
    taken = {each.other for each in pairs}
    left = [int(pk) for pk in data.getlist("other") if _is_number(pk) and int(pk) not in taken]
    return pairs + [Pair(pk, None, data.get(f"why-{pk}", "")) for pk in left]


def _is_number(words: str) -> bool:
    return words.isascii() and words.isdecimal() and len(words) <= 15
