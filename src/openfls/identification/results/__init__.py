"""Results of laboratories, scanners and clinics: which code means what, and how its unit becomes ours."""

from openfls.identification.results.catalogue import Catalogue, our_catalogue
from openfls.identification.results.interpret import Raw, Understood, interpret

__all__ = ["Catalogue", "Raw", "Understood", "interpret", "our_catalogue"]
