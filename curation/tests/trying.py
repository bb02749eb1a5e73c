"""One request, its answer, and the SQL behind it; whatever it wrote is taken back."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE|COPY|MERGE)\b", re.IGNORECASE)


class Try:
    """``session`` is a session's key; ``token`` the secret of a program that asks instead of a person."""

    def __init__(
        self,
        session: str | None,
        method: str,
        address: str,
        sent: Mapping[str, Any],
        version: int | None = None,
        token: str = "",
    ) -> None:
        client = Client()  # a new one each time: what an answer does to the cookies stays in this try
        if session:
            client.cookies[settings.SESSION_COOKIE_NAME] = session
        body, headers = dict(sent), {}
        if token:
            headers["Authorization"] = token
        if version is not None and address.startswith("/api/"):
            headers["If-Match"] = f'"{version}"'
        elif version is not None:
            body["version"] = version
        told: dict[str, Any] = {"headers": headers}
        if address.startswith("/api/") and method != "get":
            told["content_type"] = "application/json"
        for value in body.values():
            if hasattr(value, "seek"):
                value.seek(0)  # the same file may be sent again
        self.queries: list[str] = []
        self.writes: list[str] = []
        with connection.execute_wrapper(self._listen), transaction.atomic():
            self.answer: HttpResponse = getattr(client, method)(address, body, **told)
            transaction.set_rollback(True)

    def _listen(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        done = execute(sql, params, many, context)
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.queries.append(sql)
        if WRITES.match(sql) and "django_session" not in sql and context["cursor"].rowcount:
            self.writes.append(sql)
        return done

    @property
    def to_sign_in(self) -> bool:
        return self.answer.status_code == 302 and self.answer["Location"].startswith("/sign-in/")

    @property
    def refused(self) -> bool:
        return self.answer.status_code in (401, 403, 404) or self.to_sign_in

    @property
    def done(self) -> bool:
        return self.answer.status_code < 400 and not self.to_sign_in

    def __str__(self) -> str:
        return f"{self.answer.status_code} {self.answer.content[:300]!r}"
