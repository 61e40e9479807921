"""What other systems reach: FHIR, tokens, and CDS Hooks. Thin: each address asks `service.sharing` and writes JSON."""
