"""Files that come in through a page: held in memory and never larger than the setting allows."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from openfls.record.errors import BadInput


class BoundedUpload(FileUploadHandler):
    """Takes the files of one form into memory; what goes beyond the limit is read to its end and dropped."""

    _total = 0

    def new_file(self, *args: Any, **keywords: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **keywords)
        self._file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Add a piece, or give up on the form's files."""
        self._total += len(raw_data)
        if self._total > settings.UPLOAD_BYTES:
            if self.request is not None:
                self.request.upload_too_large = True
            raise StopUpload(connection_reset=False)
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The whole file."""
        self._file.seek(0)
        return InMemoryUploadedFile(
            self._file, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )


def uploaded(request: HttpRequest, name: str) -> tuple[str, bytes]:
    """The name and the bytes of the file that a form sent.

    Raises:
        BadInput: there is none, or it is larger than the setting allows.
    """
    if getattr(request, "upload_too_large", False):
        megabytes = settings.UPLOAD_BYTES // (1024 * 1024)
        raise BadInput(
            f"The file is larger than {megabytes} MB. Split it, or load it with `openfls load`, which has no limit"
        )
    file = request.FILES.get(name)
    if file is None:
        raise BadInput("Choose a file")
    return file.name or "file", file.read()
