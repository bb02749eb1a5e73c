"""`./casebook` itself: readable by an old Python, and plain about what is wrong."""

import ast
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from portal import env

PATH = env.ROOT / "casebook"


@pytest.fixture
def launcher(tmp_path: Path) -> ModuleType:
    """The launcher as a module, its packages to be installed in a folder of the test."""
    spec = spec_from_loader("launcher", SourceFileLoader("launcher", str(PATH)))
    assert spec is not None
    module = module_from_spec(spec)
    assert spec.loader is not None
    spec.loader.exec_module(module)
    module.VENV, module.VAR = str(tmp_path / "venv"), str(tmp_path / "var")
    module.STAMP = str(tmp_path / "venv" / "installed")
    return module


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, PATH, *arguments],
        env=env.for_child(**variables),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_an_old_python_can_read_it() -> None:
    ast.parse(PATH.read_text(), feature_version=(3, 6))


def test_it_needs_the_standard_library_only() -> None:
    imported = {
        name.name for node in ast.walk(ast.parse(PATH.read_text())) if isinstance(node, ast.Import) for name in node.names
    }
    assert imported <= sys.stdlib_module_names


def test_every_command_is_in_the_help(launcher: ModuleType) -> None:
    said = run("--help")
    assert said.returncode == 0
    assert all(f"\n  {command} " in said.stdout for command in launcher.COMMANDS)


def test_a_command_that_does_not_exist_gets_the_help() -> None:
    said = run("upp")
    assert said.returncode == 1
    assert said.stderr.startswith("casebook: there is no command 'upp'.\n\nusage:")


def test_a_python_too_old_is_told_what_to_do(launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    monkeypatch.setattr(sys, "version", "3.9.1 (main)")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit):
        launcher.new_enough_python()
    assert "Python 3.11 or newer is needed, and this is 3.9.1. Install it" in capsys.readouterr().err


@pytest.mark.parametrize("variable", ["CASEBOOK_VENV", "CASEBOOK_VAR"])
def test_a_folder_that_cannot_be_written_is_named_with_the_way_out(tmp_path: Path, variable: str) -> None:
    a_file = tmp_path / "file"
    a_file.touch()
    folders = {"CASEBOOK_VENV": str(tmp_path / "venv"), "CASEBOOK_VAR": str(tmp_path / "var"), variable: str(a_file / "x")}
    said = run("up", **folders)
    assert said.returncode == 1
    assert f"casebook: {a_file}/x cannot be written (Not a directory)." in said.stderr
    assert f"name a folder you can write in {variable}" in said.stderr


def test_packages_are_installed_anew_when_the_lock_changes(launcher: ModuleType) -> None:
    Path(launcher.VENV).mkdir()
    assert not launcher.installed(launcher.RUN)
    Path(launcher.STAMP).write_text(f"{launcher.RUN} {launcher.digest(launcher.RUN)}")
    assert launcher.installed(launcher.RUN)
    assert not launcher.installed(launcher.DEVELOP)
    Path(launcher.STAMP).write_text(f"{launcher.RUN} 0123")
    assert not launcher.installed(launcher.RUN)


def test_the_packages_of_the_tests_serve_the_site_too(launcher: ModuleType) -> None:
    Path(launcher.VENV).mkdir()
    Path(launcher.STAMP).write_text(f"{launcher.DEVELOP} {launcher.digest(launcher.DEVELOP)}")
    assert launcher.installed(launcher.RUN)


def test_a_python_without_venv_and_pip_is_told_what_to_install(launcher: ModuleType, capsys) -> None:
    with pytest.raises(SystemExit):
        launcher.make_environment("/bin/false")
    assert "apt install python3-venv" in capsys.readouterr().err


def test_a_step_that_fails_is_named(launcher: ModuleType, capsys) -> None:
    with pytest.raises(SystemExit):
        launcher.call(["/bin/false"])
    assert "'/bin/false' failed (exit 1)" in capsys.readouterr().err
