"""Reading radiology reports: which fractures a report's text affirms, and where in the text it says so."""
