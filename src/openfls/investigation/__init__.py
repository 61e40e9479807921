"""Investigation: guideline packs, thresholds, DXA, bloods and falls, computed from a `Picture`.

>>> from openfls.investigation import evaluate, pack
>>> evaluate(pack("NG259@2026-07-29"), picture).advice
"""

from openfls.investigation.guideline import Evaluation, Pack, Rule, Topic, evaluate
from openfls.investigation.packs import PACKS, build, default_packs, pack

__all__ = ["PACKS", "Evaluation", "Pack", "Rule", "Topic", "build", "default_packs", "evaluate", "pack"]
