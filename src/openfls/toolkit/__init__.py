"""The case for a service: the benefits calculator and its kit."""
