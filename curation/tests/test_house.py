"""The rules of the house that an import graph cannot see: read from the code itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import curation

HOUSE = Path(curation.__file__).parent
TEMPLATES = HOUSE.parent / "templates"
NOT_READ = {"tests", "migrations"}

WRITERS = {
    "actions.py",
    "audit.py",
    "articles/store.py",
    "articles/ledger.py",
    "articles/links.py",
    "articles/shelf.py",
    "annotation/reversal.py",
    "repeats.py",
    "upgrades/writing.py",
}
WRITE_FILES = {"articles/images.py", "articles/pictures.py"}  # save and delete pictures, not rows
WRITES_ANYWHERE = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
WRITES_ON_TABLES = WRITES_ANYWHERE | {"create", "update", "delete", "add", "set", "remove", "clear"}

LONGEST_FILE = 300
LONGEST_FUNCTION = 40

INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|javascript:|hx-on"
    r"|\son(click|change|submit|load|input|invalid|toggle|error|focus|blur|key\w+|mouse\w+|pointer\w+)=",
    re.IGNORECASE,
)
VAGUE = {"utils.py", "helpers.py", "common.py", "signals.py", "misc.py"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the app: its path inside the app, its syntax tree."""
    for path in sorted(HOUSE.rglob("*.py")):
        if path.relative_to(HOUSE).parts[0] not in NOT_READ:
            yield path.relative_to(HOUSE).as_posix(), ast.parse(path.read_text())


def functions(tree: ast.Module) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def writes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Calls that write rows: their line, and what they call."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        called = ast.unparse(node.func)
        on_a_table = ".objects." in called and node.func.attr in WRITES_ON_TABLES
        if on_a_table or node.func.attr in WRITES_ANYWHERE:
            yield node.lineno, called


def test_only_actions_write() -> None:
    breaches = [
        f"{name}:{line} {called}"
        for name, tree in modules()
        if not (name in WRITERS | WRITE_FILES or name.endswith("/actions.py") or name.startswith("models/"))
        for line, called in writes(tree)
    ]
    assert not breaches


def test_tables_have_no_verbs() -> None:
    breaches = [
        f"{name}:{function.name}"
        for name, tree in modules()
        if name.startswith("models/")
        for function in functions(tree)
        if function.name in {"save", "delete"}
    ]
    assert not breaches


def test_an_action_takes_keywords_names_its_actor_and_is_one_transaction() -> None:
    breaches = []
    for name, tree in modules():
        for node in tree.body:
            if not name.endswith("/actions.py") or not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            takes = {argument.arg for argument in node.args.kwonlyargs}
            decorated = " ".join(ast.unparse(decorator) for decorator in node.decorator_list)
            if node.args.args or "by" not in takes or not re.search(r"\baction\(|\batomic\b", decorated):
                breaches.append(f"{name}:{node.name}")
    assert not breaches


def test_nothing_is_too_big() -> None:
    breaches = []
    for name, tree in modules():
        lines = len((HOUSE / name).read_text().splitlines())
        if lines > LONGEST_FILE:
            breaches.append(f"{name}: {lines} lines")
        for function in functions(tree):
            length = (function.end_lineno or 0) - function.lineno + 1
            if length > LONGEST_FUNCTION:
                breaches.append(f"{name}:{function.name}: {length} lines")
    assert not breaches


def test_every_import_stands_at_the_top() -> None:
    breaches = [
        f"{name}:{inner.lineno}"
        for name, tree in modules()
        for function in functions(tree)
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not breaches


def test_nothing_catches_everything() -> None:
    breaches = [
        f"{name}:{node.lineno}"
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
    ]
    assert not breaches


def test_no_module_has_a_vague_name() -> None:
    assert not [name for name, _ in modules() if name.rsplit("/", 1)[-1] in VAGUE]


def test_every_room_and_door_says_what_it_is_for() -> None:
    packages = [
        path for path in HOUSE.iterdir() if (path / "__init__.py").exists() and path.name not in NOT_READ | {"templatetags"}
    ]
    silent = [path.name for path in packages if not ast.get_docstring(ast.parse((path / "__init__.py").read_text()))]
    assert len(packages) > 10
    assert not silent


def test_templates_hold_no_inline_script_or_style() -> None:
    breaches = [
        f"{path.relative_to(TEMPLATES)}: {found.group(0)}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for found in INLINE.finditer(path.read_text())
    ]
    assert not breaches


def test_the_reader_of_writes_sees_them() -> None:
    """The house's own eye: it finds each kind of write, and takes a plain dict or set for none."""
    seen = writes(
        ast.parse("A.objects.filter(x=1).update(y=2)\na.save()\nA.objects.bulk_create([])\n{}.update(b=1)\nset().add(1)")
    )
    assert [line for line, _ in seen] == [1, 2, 3]
