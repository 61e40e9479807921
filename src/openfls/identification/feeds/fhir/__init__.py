"""FHIR R4: bundles, single resources and lines of them, read resource by resource."""
