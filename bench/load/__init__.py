"""The load of a whole region: many people, many co-ordinators, two cores. `python bench/load` says how it went."""
