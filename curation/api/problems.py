"""Where the machine door translates refusals: problem details (RFC 9457), whatever went wrong."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from curation.errors import Refusal

MEDIA_TYPE = "application/problem+json"


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER: a refusal or DRF's own error as a problem; None (a 500) for everything else."""
    if isinstance(error, Refusal):
        set_rollback()
        faults = [{"where": f.where, "reason": f.reason} for f in error.faults]
        return problem(error.status, title=error.title, detail=error.detail, kind=error.slug, faults=faults)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    response = problem(error.status_code, **_told_by_drf(error))
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def _told_by_drf(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        return {"detail": "Some fields are not valid.", "kind": "invalid", "faults": _faults(error.detail)}
    return {"detail": str(error.detail), "kind": str(error.default_code).replace("_", "-"), "faults": []}


def _faults(detail: Any, where: str = "") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [f for key, inner in detail.items() for f in _faults(inner, f"{where}.{key}".strip("."))]
    if isinstance(detail, list):
        return [f for inner in detail for f in _faults(inner, where)]
    return [{"where": where, "reason": str(detail)}]


def problem(status: int, *, detail: str, kind: str, title: str = "", faults: list[dict[str, str]] | None = None) -> Response:
    body = {
        "type": f"urn:casebook:{kind}",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if faults:
        body["faults"] = faults
    return Response(body, status=status, content_type=MEDIA_TYPE)
