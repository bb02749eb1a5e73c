"""What a person was told, on a page of its own; what of it they want by e-mail, and the link that ends that."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curation import tasks
from curation.models.notices import NoticeKind
from curation.notices import actions, queries
from curation.notices.mail import actions as mail
from curation.notices.mail.queries import person_of, proven
from curation.web.requests import SignedIn

PAGE_SIZE = 50


@login_required
@require_safe
def notices(request: SignedIn) -> HttpResponse:
    """The newest first, by day; ``kind`` and ``unread`` cut the list down."""
    kind, unread = request.GET.get("kind", ""), bool(request.GET.get("unread"))
    rows = queries.in_full(queries.notices(request.user, kind=kind, unread=unread))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    told = queries.told(request.user, page)
    asked = {name: said for name, said in (("kind", kind), ("unread", "1" if unread else "")) if said}
    context = {
        "page": page,
        "told": told,
        "any_unread": any(not each.notice.read_at for each in told),
        "kinds": NoticeKind.choices,
        "asked": asked,
        "query": f"{urlencode(asked)}&" if asked else "",
    }
    return render(request, "notices/notices.html", context)


@login_required
@require_POST
def open_notice(request: SignedIn, pk: int) -> HttpResponse:
    """On to what it is about; it is read by that."""
    (told,) = queries.told(request.user, [actions.mark(notice_id=pk, by=request.user)])
    return redirect(told.link)


@login_required
@require_POST
def read(request: SignedIn, pk: int) -> HttpResponse:
    actions.mark(notice_id=pk, by=request.user)
    return _back(request, pk)


@login_required
@require_POST
def unread(request: SignedIn, pk: int) -> HttpResponse:
    actions.mark(notice_id=pk, read=False, by=request.user)
    return _back(request, pk)


def _back(request: SignedIn, pk: int) -> HttpResponse:
    """To the same place of the list, with the same filters."""
    asked = QueryDict(request.POST.get("asked", "")).urlencode()
    return redirect(f"{reverse('web:notices')}?{asked}#notice-{pk}")


@login_required
@require_POST
def read_all(request: SignedIn) -> HttpResponse:
    number = actions.mark_all(by=request.user)
    words = ngettext("%(number)d notice is marked as read.", "%(number)d notices are marked as read.", number)
    messages.success(request, words % {"number": number})
    return redirect("web:notices")


@login_required
@require_POST
def choose_mail(request: SignedIn) -> HttpResponse:
    sent = request.POST
    address, kinds, every = sent.get("address", ""), sent.getlist("kinds"), sent.get("every", "")
    choice = mail.choose(address=address, kinds=kinds, every=every, by=request.user)
    tasks.start_link(choice)
    messages.success(request, _("Your choice is kept."))
    return redirect(f"{reverse('web:account')}#mail")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prove_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Asked for it only asks back: programs that look at every link of an e-mail prove nothing."""
    person, address = proven(token)
    if asked := request.method == "POST":
        mail.prove(address=address, by=person)
    return render(request, "notices/prove.html", {"person": person, "address": address, "done": asked})


@csrf_exempt  # RFC 8058: mail programs post here by themselves; the token in the address says who is meant
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Asked for it only asks back: programs that look at every link of an e-mail end nothing."""
    person = person_of(token)
    if asked := request.method == "POST":
        mail.stop(by=person)
    return render(request, "notices/unsubscribe.html", {"person": person, "done": asked})
