"""Forms about accounts and teams."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, EmailInput, ListWidget, PasswordInput

from app.accounts.rules import MAX_PASSWORD_LENGTH, ROLE_NAMES, Role, normalize_email
from app.kernel.clock import is_zone, list_zones
from app.kernel.errors import InvalidInputError
from app.web.forms import REQUIRED, Form, fail
from app.web.i18n import LANGUAGE_NAMES

ROLE_CHOICES = [SelectChoice(role.value, name) for role, name in ROLE_NAMES.items()]


def _email_field(autocomplete: str) -> StringField:
    return StringField(
        _l("E-mail"),
        validators=[REQUIRED],
        widget=EmailInput(),
        render_kw={"autocomplete": autocomplete, "maxlength": 254, "spellcheck": "false"},
    )


class EmailForm(Form):
    """Any form with an address in it. The field holds the normal form once the form is valid."""

    email = _email_field("username")

    def validate_email(self, field: StringField) -> None:
        try:
            field.data = normalize_email(field.data)
        except InvalidInputError as error:
            fail(error)


def _fresh_password(label: object) -> PasswordField:
    return PasswordField(
        label,
        validators=[REQUIRED, Length(max=MAX_PASSWORD_LENGTH, message=_l("Use at most 256 characters."))],
        widget=PasswordInput(),
        render_kw={"autocomplete": "new-password", "minlength": 10, "maxlength": MAX_PASSWORD_LENGTH},
    )


class LoginForm(EmailForm):
    password = PasswordField(_l("Password"), validators=[REQUIRED], render_kw={"autocomplete": "current-password"})
    remember = BooleanField(_l("Keep me logged in on this device"))
    next = HiddenField()


class AskForm(EmailForm):
    """Asks for a link by mail: to join, or to reset a password."""

    email = _email_field("email")


class ProfileFields(Form):
    name = StringField(
        _l("Name"),
        validators=[REQUIRED, Length(max=80, message=_l("Use at most 80 characters."))],
        render_kw={"autocomplete": "name"},
    )
    language = SelectField(_l("Language"), choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()])
    time_zone = StringField(
        _l("Time zone"), validators=[REQUIRED], render_kw={"list": "time-zones", "autocomplete": "off"}
    )

    zones = list_zones()

    def validate_time_zone(self, field: StringField) -> None:
        if not is_zone(field.data):
            fail(_l("Choose a time zone from the list, such as Asia/Shanghai."))


class ProfileForm(ProfileFields):
    pass


class JoinForm(ProfileFields):
    """For an address that the link has proved."""

    password = _fresh_password(_l("Password"))


class FirstAdministratorForm(EmailForm, JoinForm):
    pass


class ResetForm(Form):
    password = _fresh_password(_l("New password"))


class PasswordForm(Form):
    present = PasswordField(
        _l("Present password"), validators=[REQUIRED], render_kw={"autocomplete": "current-password"}
    )
    password = _fresh_password(_l("New password"))


class RolesForm(Form):
    roles = SelectMultipleField(
        _l("Roles"),
        choices=ROLE_CHOICES,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    @property
    def chosen(self) -> set[Role]:
        return {Role(value) for value in self.roles.data or ()}


class InvitationForm(EmailForm):
    email = _email_field("off")
    role = SelectField(_l("Role"), choices=[SelectChoice("", _l("Member")), *ROLE_CHOICES])


class TeamForm(Form):
    name = StringField(_l("Name"), validators=[REQUIRED, Length(max=120, message=_l("Use at most 120 characters."))])
    organisation = StringField(
        _l("Department or company"), validators=[Optional(), Length(max=120, message=_l("Use at most 120 characters."))]
    )
    about = TextAreaField(
        _l("What the team does"), validators=[Optional(), Length(max=2000, message=_l("Use at most 2,000 characters."))]
    )
    is_benchmark = BooleanField(_l("Benchmark team: leads the way and publishes what it did"))


class MembershipForm(EmailForm):
    email = _email_field("off")
    is_lead = BooleanField(_l("Leads the team"))
