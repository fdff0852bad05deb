"""What is typed about a link."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import Length
from wtforms.widgets import URLInput

from app.training.materials.models import Material
from app.training.materials.rules import AUDIENCE_NAMES, MAX_TITLE, MAX_URL, Audience
from app.training.materials.service import Link
from app.web.forms import REQUIRED, Form


class MaterialForm(Form):
    title = StringField(
        _l("Title"), validators=[REQUIRED, Length(max=MAX_TITLE, message=_l("Use at most 120 characters."))]
    )
    url = StringField(
        _l("Address"),
        validators=[REQUIRED, Length(max=MAX_URL, message=_l("Use at most 1,000 characters."))],
        widget=URLInput(),
        render_kw={"autocomplete": "off"},
    )
    audience = SelectField(
        _l("Who sees it"), choices=[SelectChoice(audience.value, name) for audience, name in AUDIENCE_NAMES.items()]
    )

    @property
    def link(self) -> Link:
        """What the valid form says."""
        return Link(title=self.title.data, url=self.url.data, audience=Audience(self.audience.data))


def typed(material: Material) -> dict[str, str]:
    """A link as the form holds it."""
    return {"title": material.title, "url": material.url, "audience": material.audience}
