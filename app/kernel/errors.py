"""The one family of errors that a person gets to read.

Each carries a sentence that says what to do, and the HTTP status that the edge answers with. The sentence may be lazy
(translated when it is shown), so it is kept as given.
"""

from __future__ import annotations


class DomainError(Exception):
    """A rule of the house says no. `message` is for the person, `status` for the protocol."""

    status = 409

    def __init__(self, message: object) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class InvalidInputError(DomainError):
    """What was typed cannot be accepted; `field` names where, so that the form can point at it."""

    status = 422

    def __init__(self, message: object, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotFoundError(DomainError):
    """There is no such thing, or this reader may not know that there is."""

    status = 404


class ForbiddenError(DomainError):
    """The thing may be seen, but this person may not do that to it."""

    status = 403


class ConflictError(DomainError):
    """The thing is in a state in which that cannot be done."""

    status = 409
