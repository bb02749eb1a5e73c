"""Pages about oneself: memberships, password, the tokens of one's programs."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from curation.choices import Scope
from curation.models import User
from curation.models.notices import Every, NoticeKind
from curation.notices.mail import queries as mail
from curation.people import actions as people
from curation.people import queries
from curation.permissions import may_enter_admin
from curation.web.requests import SignedIn


@login_required
@require_safe
def account(request: SignedIn) -> HttpResponse:
    return render(request, "people/account.html", _about(request.user))


@sensitive_post_parameters()
@login_required
@require_POST
def change_password(request: SignedIn) -> HttpResponse:
    sent = {name: request.POST.get(name, "") for name in ("old", "new", "again")}
    update_session_auth_hash(request, people.change_password(**sent, by=request.user))
    messages.success(request, _("Your password was changed. Other browsers you were signed in with have to sign in again."))
    return redirect("web:account")


@never_cache
@login_required
@require_POST
def issue_token(request: SignedIn) -> HttpResponse:
    """The answer is the only page that ever shows the secret, so there is no redirect."""
    token, secret = people.issue_token(name=request.POST.get("name", ""), scopes=request.POST.getlist("scopes"), by=request.user)
    return render(request, "people/account.html", {**_about(request.user), "issued": token, "secret": secret})


@login_required
@require_POST
def revoke_token(request: SignedIn, pk: int) -> HttpResponse:
    people.revoke_token(token_id=pk, by=request.user)
    messages.success(request, _("The token was revoked. Programs that use it are refused from now on."))
    return redirect("web:account")


def _about(person: User) -> dict[str, object]:
    return {
        "memberships": queries.memberships_of(person),
        "tokens": queries.tokens_of(person),
        "scopes": Scope.choices,
        "may_enter_admin": may_enter_admin(person),
        "mail_is_on": mail.is_on(),
        "mail": mail.choice_of(person),
        "notice_kinds": NoticeKind.choices,
        "every": Every.choices,
    }
