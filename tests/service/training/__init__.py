"""Tests of training as a service keeps it."""
