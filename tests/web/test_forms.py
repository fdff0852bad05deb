"""What every form does: trims, asks for what is missing, and says what is wrong beside the field."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.kernel.errors import InvalidInputError
from app.web.forms import Form, fail

PAGE = '{% import "_macros/forms.html" as forms %}{{ forms.open("/x", form) }}{{ forms.field(form.title) }}'


class Sample(Form):
    title = StringField("Title", validators=[InputRequired(_l("Please fill this in.")), Length(max=10)])
    text = TextAreaField("Text")
    count = IntegerField("Count", validators=[InputRequired("How many?")])
    secret = PasswordField("Secret")

    def validate_text(self, field: TextAreaField) -> None:
        if field.data == "bad":
            fail(_l("Not that."))


@pytest.fixture
def sent(app: Flask) -> type[Sample]:
    return Sample


def filled_in(app: Flask, **typed: str) -> Sample:
    with app.test_request_context(method="POST", data={"count": "1", **typed}):
        form = Sample()
        form.validate_on_submit()
        return form


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Trunk \t", "Trunk"), ("Tr\x00unk", "Trunk"), ("a  b", "a  b"), ("\u3000流水线\u3000", "流水线")],
)
def test_white_space_around_means_nothing(app: Flask, typed: str, kept: str) -> None:
    form = filled_in(app, title=typed)

    assert (form.title.data, form.errors) == (kept, {})


def test_a_password_is_taken_as_typed(app: Flask) -> None:
    assert filled_in(app, title="x", secret=" with space ").secret.data == " with space "


@pytest.mark.parametrize("typed", ["", " ", "\t\r\n", "\u3000", "\x00"])
def test_only_white_space_is_nothing(app: Flask, typed: str) -> None:
    form = filled_in(app, title=typed)

    assert [str(error) for error in form.title.errors] == ["Please fill this in."]
    assert form.first_invalid == "title"


def test_optional_text_may_stay_empty(app: Flask) -> None:
    form = filled_in(app, title="x", text=" ")

    assert (form.text.data, form.errors) == ("", {})


def test_a_number_that_is_none_is_said(app: Flask) -> None:
    form = filled_in(app, title="x", count="many")

    assert form.first_invalid == "count"


def test_a_check_of_a_field_speaks_the_readers_language(app: Flask) -> None:
    assert filled_in(app, title="x", text="bad").text.errors == ["Not that."]


def test_an_error_of_the_service_stands_beside_its_field(app: Flask) -> None:
    form = filled_in(app, title="x")

    form.blame(InvalidInputError(_l("Taken."), field="title"))
    form.blame(InvalidInputError("In general."))
    form.blame(InvalidInputError("No such field.", field="nonsense"))

    assert form.title.errors == ["Taken."]
    assert form.form_errors == ["In general.", "No such field."]
    assert form.first_invalid == "title"


@pytest.mark.parametrize("title", ["", "far too long a title"])
def test_what_is_wrong_is_shown_linked_and_announced(app: Flask, title: str) -> None:
    with app.app_context(), app.test_request_context(method="POST", data={"title": title, "count": "1"}):
        form = Sample()
        form.validate_on_submit()
        page = render_template_string(PAGE, form=form)

    message = str(form.title.errors[0])
    assert page.count(message) == 2
    assert 'role="alert"' in page
    assert 'href="#title"' in page
    assert 'data-first-invalid="title"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="title-error"' in page
    assert f'value="{title}"' in page
