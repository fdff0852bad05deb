"""Why an upload is not taken, as a sentence that says what to do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.kernel.errors import ConflictError, DomainError, InvalidInputError

REFUSALS = {
    "no-picture": _l(
        "This is no picture that can be shown here. PNG, JPEG, WebP and GIF can; save it as one of these."
    ),
    "broken": _l(
        "This file cannot be read to its end. Save it again with the program it comes from, and choose it once more."
    ),
    "pixels": _l("This picture has more than 50 million pixels. Make it smaller and choose it once more."),
    "unknown": _l("Files of this type are not taken. PDF, Word, Excel, PowerPoint, OpenDocument, text and CSV are."),
    "archive": _l("Archives are not taken, because nobody sees what is in them. Attach the documents themselves."),
    "old-office": _l("This is the old format of Office. Save it as DOCX, XLSX or PPTX, or as a PDF."),
    "macros": _l("This document has macros or controls in it. Save it without, or as a PDF."),
    "bomb": _l("What is packed in this document is far larger than the document. Save it again, or as a PDF."),
    "locked": _l("This document is locked with a password. Save it without one, or say how people get it."),
    "empty": _l("Choose a file first."),
}


class TooLargeError(DomainError):
    """More bytes than are taken."""

    status = 413


class BusyError(DomainError):
    """Too many uploads at this moment."""

    status = 503


def refuse(code: str) -> InvalidInputError:
    return InvalidInputError(REFUSALS[code], field="file")


def too_large(megabytes: int) -> TooLargeError:
    return TooLargeError(
        _l("This file is larger than %(megabytes)s MB. Make it smaller, or link to where it is.", megabytes=megabytes)
    )


def busy() -> BusyError:
    return BusyError(_l("Several files are being looked at just now. Try again in a few seconds."))


def used_up(megabytes: int) -> ConflictError:
    return ConflictError(
        _l(
            "You have uploaded %(megabytes)s MB within a day, which is all that one account may. Go on tomorrow, or make the files smaller.",
            megabytes=megabytes,
        )
    )
