"""Digests written and handed to the mail server, outside of any transaction.

A digest is claimed before it is sent. It is tried again only where the server certainly did not take it: it could not be
reached, or it said so itself (4xx). Where the connection broke in between nobody knows; then it is not sent a second time.
"""

from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urljoin, urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curation.models import Digest, MailChoice
from curation.notices.mail import actions, queries
from curation.notices.telling import Told

log = structlog.get_logger(__name__)

NOTHING_LEFT = "Everything in it was read, or is not wanted by e-mail any longer."
UNKNOWN = "Nobody knows whether it went out, so it is not sent again: {}"


def send(digest_id: int) -> bool:
    """Whether this call sent it."""
    digest = actions.claim(digest_id=digest_id)
    if digest is None:
        return False
    choice = queries.choice_of(digest.receiver)
    told = queries.told_in(digest, choice)
    if not told or not choice.is_verified:
        actions.settle(digest=digest, trouble=NOTHING_LEFT)
        return False
    trouble, again = _hand_over(message(digest, choice, told))
    actions.settle(digest=digest, trouble=trouble, again=again)
    return not trouble


def send_link(choice_id: int) -> bool:
    """By which the person proves that they read the address; whether this call sent it. It is asked for anew, not tried again."""
    choice = actions.claim_link(choice_id=choice_id)
    if choice is None:
        return False
    link = urljoin(settings.SITE_URL, reverse("web:mail-prove", args=[queries.proof_for(choice)]).lstrip("/"))
    words = render_to_string("notices/mail/prove.txt", {"person": choice.user, "link": link, "days": queries.LINK_HOLDS.days})
    headers = {"Auto-Submitted": "auto-generated"}
    mail = EmailMultiAlternatives(_("Casebook: is this your address?"), words, to=[choice.address], headers=headers)
    trouble, _again = _hand_over(mail)
    if trouble:
        log.warning("link_not_sent", choice=choice_id, trouble=trouble)
    return not trouble


def give_up_stranded() -> None:
    for digest in queries.stranded():
        actions.settle(digest=digest, trouble=UNKNOWN.format("its sender was stopped"))


def message(digest: Digest, choice: MailChoice, told: list[Told]) -> EmailMultiAlternatives:
    """In plain text and simple HTML: what happened and where, and nothing of what anybody wrote or a report says."""
    stop = urljoin(settings.SITE_URL, reverse("web:unsubscribe", args=[queries.token_for(digest.receiver)]).lstrip("/"))
    context = {
        "person": digest.receiver,
        "notices": [(each, urljoin(settings.SITE_URL, each.link.lstrip("/"))) for each in told],
        "stop": stop,
        "account": urljoin(settings.SITE_URL, reverse("web:account").lstrip("/") + "#mail"),
    }
    number = len(told)
    subject = ngettext("Casebook: %(number)d notice", "Casebook: %(number)d notices", number) % {"number": number}
    headers = {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Message-ID": f"<digest-{digest.pk}-{digest.period}@{urlsplit(settings.SITE_URL).hostname}>",
    }
    plain = render_to_string("notices/mail/digest.txt", context)
    mail = EmailMultiAlternatives(subject, plain, to=[choice.address], headers=headers)
    mail.attach_alternative(render_to_string("notices/mail/digest.html", context), "text/html")
    return mail


def _hand_over(mail: EmailMultiAlternatives) -> tuple[str, bool]:
    """What went wrong, empty where nothing did; and whether trying again cannot send it twice."""
    connection = get_connection()
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        return _("The mail server cannot be reached: %(why)s") % {"why": error}, True
    try:
        connection.send_messages([mail])
    except SMTPRecipientsRefused as refused:
        codes = [code for code, _words in refused.recipients.values()]
        return str(refused), all(400 <= code < 500 for code in codes)
    except SMTPResponseException as refused:
        return str(refused), 400 <= refused.smtp_code < 500
    except (SMTPException, OSError) as error:
        return UNKNOWN.format(error), False
    finally:
        connection.close()
    return "", False
