"""The parent of all forms: CSRF token, trimmed text, and where to put the cursor when something is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import DateField, Field, FieldList, FormField, PasswordField, SelectChoice
from wtforms.validators import InputRequired, ValidationError

from app.kernel.errors import DomainError

REQUIRED = InputRequired(_l("Please fill this in."))
# Whatever is counted from a day, in whatever zone, stays within what calendars know.
YEARS = range(2000, 2100)


def trimmed(value: Any) -> Any:
    """White space around what was typed means nothing; NUL characters cannot be stored."""
    return value.replace("\x00", "").strip() if isinstance(value, str) else value


class Form(FlaskForm):  # type: ignore[misc]
    """A form that parses and checks, and never reads or writes the database."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def bind_field(self, form: FlaskForm, unbound_field: Any, options: dict[str, Any]) -> Field:
            options = {name: value for name, value in options.items() if name != "filters"}
            if issubclass(unbound_field.field_class, FieldList | FormField):
                # A list of rows takes no filters; the fields in a row have theirs.
                return unbound_field.bind(form=form, **options)
            filters = list(unbound_field.kwargs.get("filters", ()))
            if not issubclass(unbound_field.field_class, PasswordField):
                filters.append(trimmed)
            return unbound_field.bind(form=form, filters=filters, **options)

    def process(self, *args: Any, **kwargs: Any) -> None:
        super().process(*args, **kwargs)
        for field in self:
            # InputRequired looks at what was sent, and nothing but white space is nothing.
            if field.raw_data and field.data == "":
                field.raw_data = [""]

    def validate(self, extra_validators: Any = None) -> bool:
        """Errors are plain text afterwards: templates tell texts from lists of rows by their type, and a sentence that is
        translated late would pass for neither.
        """
        is_valid: bool = super().validate(extra_validators)
        for field in self:
            field.errors = [str(error) if isinstance(error, LazyString) else error for error in field.errors]
        return is_valid

    @property
    def first_invalid(self) -> str | None:
        """The id of the first field with an error: the page puts the cursor there."""
        return next((field.id for field in self if field.errors), None)

    def blame(self, error: DomainError) -> None:
        """Show an error of the service beside the field it names, or above the form."""
        target = self._fields.get(getattr(error, "field", None) or "")
        if target is None:
            self.form_errors.append(str(error))
        else:
            target.errors = [*target.errors, str(error)]


class DayField(DateField):  # type: ignore[misc]
    """A day in the years that calendars reach: a browser sends the year 9999 as well, from which nobody can count on."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and self.data.year not in YEARS:
            self.data = None
            raise ValueError(_("Choose a year between 2000 and 2099."))


class Rows(FieldList):  # type: ignore[misc]
    """Rows that are numbered from 0. What a browser does not send, such as a number of a thousand digits, is no row."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        rows = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,3}})-", re.ASCII)
        return (int(match[1]) for name in formdata if (match := rows.match(name)))


def choices(pairs: Iterable[tuple[object, object]], group: str | None = None) -> list[SelectChoice]:
    """(value, label) as choices of a field, under the heading `group`."""
    return [SelectChoice(str(value), label, optgroup=group) for value, label in pairs]


def grouped_choices(none: object, groups: Mapping[str, Iterable[tuple[object, object]]]) -> list[SelectChoice]:
    """`none`, which chooses nothing, and then the choices of each group under its heading."""
    return [*choices([("", none)]), *(each for name, pairs in groups.items() for each in choices(pairs, name))]


def fail(message: object) -> None:
    """Refuse a field's value from inside a `validate_…` method."""
    raise ValidationError(str(message))
