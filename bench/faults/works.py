"""Every work that faults come into, with how it is seen that nothing of it is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import acts
import behind
from ground import Act


@dataclass(frozen=True)
class Work:
    """An act, how to see that what it reported is there, and what the database holds when it is done."""

    name: str
    act: Act
    kept: Callable[[list[str]], list[str]]
    figures: Callable[[], object]


WORKS = (
    Work("import of a file", acts.file, acts.rows_kept, acts.people),
    Work("letters approved, put in a batch, sent", acts.letters, acts.letters_kept, acts.letter_figures),
    Work("the pathway of ten people", acts.pathway, acts.steps_kept, acts.step_figures),
    Work("letter run by a worker: sent, printed", behind.letters, behind.letters_kept, behind.letter_figures),
    Work("file loaded by a worker", behind.loading, behind.loading_kept, acts.people),
)
