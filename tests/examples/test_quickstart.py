"""The quick start runs as it stands, from its own folder's files."""

import shutil
from pathlib import Path

from docs.documents import ROOT, runs

QUICKSTART = ROOT / "examples" / "quickstart"


def test_the_quick_start_does_what_its_page_says(tmp_path: Path) -> None:
    """Plain pytest, the honest verdict of `pytest --connector=my_service`, and the line that mends it."""
    folder = tmp_path / "quickstart"
    shutil.copytree(QUICKSTART, folder, ignore=shutil.ignore_patterns("__pycache__", "certification", ".*"))
    runs(folder / "README.md", folder)
