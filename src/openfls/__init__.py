"""openfls: the working system of a Fracture Liaison Service."""

__version__ = "0.1.0"
