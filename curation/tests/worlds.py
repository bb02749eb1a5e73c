"""States of the site, each reached through the actions by which people reach it."""

from dataclasses import dataclass

from curation.audit import acting
from curation.choices import Role, Scope, SectionKind
from curation.models import Article, Codebook, CodebookVersion, Project, Screening, Section, User
from curation.people import actions as people
from curation.screening import actions as screening

PASSWORD = "a long enough secret"


@dataclass(frozen=True)
class People:
    """``curator`` and ``curator2``, ``moderator`` and ``moderator2`` belong to ``PROJECT``; ``outsider`` curates elsewhere."""

    administrator: User
    curator: User
    curator2: User
    moderator: User
    moderator2: User
    stranger: User
    outsider: User


MEMBERS = {"curator": Role.CURATOR, "curator2": Role.CURATOR, "moderator": Role.MODERATOR, "moderator2": Role.MODERATOR}


def some_people() -> People:
    """The administrator is made as ``createsuperuser`` makes one; the others by the administrator."""
    administrator = User.objects.create_superuser("administrator", password=PASSWORD)
    names = ("curator", "curator2", "moderator", "moderator2", "stranger", "outsider")
    made = {
        name: people.create_person(username=name, name=f"The {name}", email="", password=PASSWORD, by=administrator)
        for name in names
    }
    return People(administrator, **made)


def token_of(person: User, *scopes: str) -> str:
    """The Authorization header of a program that acts for the person, in every scope where none is named."""
    _, secret = people.issue_token(name="a program", scopes=scopes or Scope.values, by=person)
    return f"Bearer {secret}"


def a_codebook(by: User) -> CodebookVersion:
    with acting(by=by, verb="test.codebook"):
        codebook, _ = Codebook.objects.get_or_create(slug="imnm", title="x")
        return CodebookVersion.objects.create(codebook=codebook, version="1.0.0", source="", sha256="", loaded_by=by)


def a_project(
    who: People, codebook: CodebookVersion, *, slug: str = "imnm", is_public: bool = True, readers_required: int = 1
) -> Project:
    project = people.create_project(
        slug=slug,
        title=slug.title(),
        question="How many are asymmetric?",
        codebook_version=codebook,
        is_public=is_public,
        readers_required=readers_required,
        by=who.administrator,
    )
    for name, role in MEMBERS.items():
        people.set_membership(project=project, user=getattr(who, name), role=role, by=who.administrator)
    return project


def an_article(pmid: int = 34829411) -> Article:
    article = Article.objects.create(pmid=pmid, title="A title.", title_html="A title.")
    Section.objects.create(
        article=article, key="abstract", kind=SectionKind.ABSTRACT, position=1, text="Weak.", html="Weak.", sha256=""
    )
    return article


def to_screen(project: Project, article: Article, by: User) -> Screening:
    screening.enter(project=project, article_ids=[article.pk], by=by)
    return Screening.objects.get(project=project, article=article)


def included(project: Project, article: Article, by: User) -> Screening:
    entered = to_screen(project, article, by)
    return screening.include(screening_id=entered.pk, version=entered.version, patients_described=1, by=by)
