"""No key, token or password in the repository, and the key of an installation is its owner's alone."""

from __future__ import annotations

import math
import re
import stat
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from openfls.service.secret import secret_key

ROOT = Path(__file__).resolve().parents[2]
SHAPES = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bxox[abp]-[A-Za-z0-9-]{20,}"
    r"|\bsk-[A-Za-z0-9]{30,}|\beyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{15,}\.|\bAIza[0-9A-Za-z_-]{30,}"
    r"|\bnpm_[A-Za-z0-9]{30,}|\bpypi-[A-Za-z0-9_-]{40,}|://[^/\s:@\"'{<$]+:[^/\s:@\"'{<$]{6,}@"
)
GIVEN = re.compile(
    r"""(?i)(?:secret|token|password|passwd|api_?key|private_?key)\w*["']?\s*[:=]\s*["']([A-Za-z0-9+/=_-]{20,})["']"""
)
"""A name that says secret, and what it is given."""
TEXT = {
    ".py",
    ".toml",
    ".md",
    ".yaml",
    ".yml",
    ".json",
    ".env",
    ".example",
    ".sh",
    ".service",
    ".conf",
    ".jinja",
    ".txt",
}
LOCKED = {"package-lock.json", "dev.txt", "runtime.txt", "spark.txt"}
"""Hashes of what is installed."""
MADE_UP = {
    "fictional-people-only",
    "kTq8vXz2mWc5rLp9nJh4bGf7dSa1yEu6",
    "://user:password@",
    "://openfls:THE-DATABASE-PASSWORD@",
}
"""Words that stand for one in an example or a test; the long one is a key that no installation has."""
BITS = 3.5
"""Bits a letter above which a text is drawn by lot rather than written."""


def entropy(text: str) -> float:
    """Bits a letter."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def files() -> list[Path]:
    """What is, or would be, in the repository."""
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        pytest.skip("no checkout")
    names = (ROOT / name for name in told.stdout.splitlines())
    return [path for path in names if path.suffix in TEXT and path.name not in LOCKED and path.is_file()]


def found_in(text: str) -> list[str]:
    """What looks like a secret in a text."""
    given = [each for each in GIVEN.findall(text) if entropy(each) > BITS]
    return [each for each in (*(match[0] for match in SHAPES.finditer(text)), *given) if each not in MADE_UP]


def test_no_secret_is_in_the_repository() -> None:
    hits = {
        str(path.relative_to(ROOT)): found
        for path in files()
        if path != Path(__file__) and (found := found_in(path.read_text(encoding="utf-8", errors="replace")))
    }
    assert not hits


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN " + "PRIVATE KEY-----",
        "token = " + '"' + "q8Zr2Lw9Xk4Vb7Nn3Tt6Yp1c" + '"',
        "postgres://openfls:" + "longpassword@db/openfls",
        "gh" + "p_" + "a1B2" * 9,
    ],
)
def test_the_search_finds_one(text: str) -> None:
    assert found_in(text)


def test_the_key_of_an_installation_is_made_once_and_for_its_owner_alone(tmp_path) -> None:
    first = secret_key(tmp_path / "data")
    path = tmp_path / "data" / "secret-key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret_key(tmp_path / "data") == first
    assert len(first) >= 64
    assert secret_key(tmp_path / "other") != first
    assert [one.name for one in path.parent.iterdir()] == ["secret-key"]
