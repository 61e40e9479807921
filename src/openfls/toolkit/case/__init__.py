"""A case: what somebody has said about one area, and the scenario that it makes."""
