"""Values of the record as FHIR R4 on UK Core profiles: plain dictionaries, ready to be written as JSON.

Nothing here reads a database, a clock or a socket. What is not known is left out or carries a data-absent-reason; it
never becomes a normal value. A code stands only where its source was checked (`data/observations.csv`); everything else
is words and a code of our own (`systems`).
"""
