"""Where an article stands, in the one set of words."""

from django import template

from curation.standing.states import ArticleState

register = template.Library()

#: How the state's badge looks; the others are plain.
LOOKS = {
    ArticleState.EXCLUDED: "excluded",
    ArticleState.UNDER_READING: "info",
    ArticleState.WAITING_SECOND: "info",
    ArticleState.RETURNED: "warn",
    ArticleState.TO_REVIEW: "warn",
    ArticleState.TO_ADJUDICATE: "warn",
    ArticleState.ADJUDICATING: "warn",
    ArticleState.REOPENED: "warn",
    ArticleState.IN_PART: "ok",
    ArticleState.PUBLISHED: "ok",
    ArticleState.TO_REEVALUATE: "danger",
    ArticleState.RETRACTED: "danger",
}


@register.inclusion_tag("articles/_stands.html")
def article_state(state: str) -> dict[str, str]:
    """``state``: a value of ArticleState."""
    return {"label": str(ArticleState(state).label), "look": LOOKS.get(ArticleState(state), "")}
