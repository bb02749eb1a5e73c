"""Style sheets and scripts as production serves them."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

from django.core.management import call_command

from portal.settings import COLLECTED

IMPORT = re.compile(r"""(?:from|import)\s*\(?["'](\.[^"']+)["']""")


def test_collected_modules_import_each_other_by_their_hashed_names(settings: SimpleNamespace, tmp_path: Path) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # ours; compressing others' takes long
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": COLLECTED}}
    call_command("collectstatic", interactive=False, verbosity=0)
    names: dict[str, str] = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    modules = {name: tmp_path / hashed for name, hashed in names.items() if name.startswith("js/workspace/")}
    assert "js/workspace/main.js" in modules
    for name, path in modules.items():
        for imported in IMPORT.findall(path.read_text()):
            assert (path.parent / imported).exists(), f"{name} imports {imported}"
            assert (path.parent / imported).resolve() in {each.resolve() for each in modules.values()}, f"{name}: {imported}"
