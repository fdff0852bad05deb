"""The parent of all forms: CSRF token, trimmed text, and where to put the cursor when something is wrong."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, PasswordField
from wtforms.validators import ValidationError

from app.kernel.errors import InvalidInputError


def trimmed(value: Any) -> Any:
    """White space around what was typed means nothing; NUL characters cannot be stored."""
    return value.replace("\x00", "").strip() if isinstance(value, str) else value


class Form(FlaskForm):  # type: ignore[misc]
    """A form that parses and checks, and never reads or writes the database."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def bind_field(self, form: FlaskForm, unbound_field: Any, options: dict[str, Any]) -> Field:
            filters = list(unbound_field.kwargs.get("filters", ()))
            if not issubclass(unbound_field.field_class, PasswordField):
                filters.append(trimmed)
            return unbound_field.bind(
                form=form, filters=filters, **{k: v for k, v in options.items() if k != "filters"}
            )

    def process(self, *args: Any, **kwargs: Any) -> None:
        super().process(*args, **kwargs)
        for field in self:
            # InputRequired looks at what was sent, and nothing but white space is nothing.
            if field.raw_data and field.data == "":
                field.raw_data = [""]

    @property
    def first_invalid(self) -> str | None:
        """The id of the first field with an error: the page puts the cursor there."""
        return next((field.id for field in self if field.errors), None)

    def blame(self, error: InvalidInputError) -> None:
        """Show an error of the service beside the field it names, or above the form."""
        target = self._fields.get(error.field or "")
        if target is None:
            self.form_errors.append(str(error))
        else:
            target.errors = [*target.errors, str(error)]


def fail(message: object) -> None:
    """Refuse a field's value from inside a `validate_…` method."""
    raise ValidationError(str(message))
