"""The training of practitioners: topics and questions read from their files, papers, marks, certificates.

No accreditation by any body is claimed anywhere.
"""
