"""The documentation as a site: every page is made, and no link in it is dead."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_site_is_made_and_fetches_nothing_from_elsewhere(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) >= len(list((ROOT / "docs").rglob("*.md")))
    for page in pages:
        said = page.read_text(encoding="utf-8")
        assert 'src="http' not in said, page
        assert '<link rel="stylesheet" href="http' not in said, page


def test_every_page_is_found_from_the_start_page_or_its_section() -> None:
    start = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    for section in ("how-to", "explanation", "safety"):
        for page in (ROOT / "docs" / section).glob("*.md"):
            assert f"({section}/{page.name})" in start or section == "safety", f"{section}/{page.name}"


LABEL = re.compile(r"\*\*([^*]+)\*\*")
FOR_USERS = (
    "../tutorial",
    "answer-about-your-bones",
    "assess-by-telephone",
    "change-what-advises-you",
    "earn-a-certificate",
    "keep-what-was-promised",
    "measure-a-file-of-another-system",
    "plan-sign-and-write",
    "see-who-looked",
    "send-the-audit-file",
    "work-through-the-queue",
)


@pytest.mark.parametrize("name", FOR_USERS)
def test_what_a_how_to_says_to_press_stands_on_a_page(name: str) -> None:
    """In these documents bold words are the words of a button, a link or a heading."""
    source = ROOT / "src/openfls"
    on_pages = " ".join(
        path.read_text(encoding="utf-8")
        for room in ("web", "service", "record")
        for path in (source / room).rglob("*")
        if path.suffix in (".jinja", ".py", ".toml")
    )
    said = (ROOT / "docs/how-to" / f"{name}.md").read_text(encoding="utf-8")
    for bold in LABEL.findall(" ".join(said.split())):
        for words in bold.split(" → "):
            assert words.strip(" .:") in on_pages, words
