"""Every page, one line each, grouped by the room behind it."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, URLResolver, path

app_name = "web"

urlpatterns: list[URLPattern | URLResolver] = [
    # people
    path(
        "sign-in/",
        LoginView.as_view(template_name="people/sign_in.html", redirect_authenticated_user=True),
        name="sign-in",
    ),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    # articles
    # imports
    # codebooks
    # projects
    # screening
    # readings
    # review
    # cohorts
]
