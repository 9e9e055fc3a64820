"""The one exception whose text is safe to show to a person."""


class RolecallError(Exception):
    """Says in plain words what happened and what to do next.

    The text goes to the person as it is, so it never holds a secret, a path of
    the server that they did not name themselves, or a stack trace.
    """


class UsageError(RolecallError):
    """A command that does not parse: says which, and how it is written."""


class FieldError(RolecallError):
    """A form field that was refused; `field` is the name of the field to ask again."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class StoreError(RolecallError):
    """The database could not be used; whether what was asked for was done is not known.

    `detail` is for the operator: what happened, where, and the remedy. It names files
    and servers, and never a password.
    """

    def __init__(self, detail: str) -> None:
        super().__init__("I cannot get at my memory just now. Please try again in a minute.")
        self.detail = detail
