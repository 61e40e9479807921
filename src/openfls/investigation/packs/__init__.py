"""Dated guideline packs. A pack that was ever in use stays here, so that an old decision can be replayed."""

from openfls.investigation.packs.registry import PACKS, build, default_packs, pack

__all__ = ["PACKS", "build", "default_packs", "pack"]
