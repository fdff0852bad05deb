"""What hangs in the exhibition and how it turns. It comes with the address, so that a screen can be set up by a bookmark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectChoice, SelectField

from app.capabilities.models import Capability
from app.case_studies.exhibition.rules import Stop
from app.web.forms import Form
from app.web.i18n import language

SECONDS = (10, 15, 20, 30, 45, 60, 120)
USUAL_SECONDS = 20
BOTH = "both"
FILTERS = ("area", "capability", "team")


@dataclass(frozen=True)
class Settings:
    """What was chosen; of the filters, empty means all."""

    area: str
    capability: str
    team: str
    seconds: int
    both_languages: bool
    both_themes: bool

    def fits(self, stop: Stop, capability: Capability | None) -> bool:
        """Does the story hang in this exhibition? `capability` is the one that it is about."""
        return (
            self.team in {"", stop.team}
            and self.capability in {"", capability.slug if capability else ""}
            and self.area in {"", capability.area.slug if capability else ""}
        )

    @property
    def params(self) -> dict[str, Any]:
        """The same as parameters of an address."""
        said = {
            **{name: getattr(self, name) for name in FILTERS},
            "seconds": str(self.seconds) if self.seconds != USUAL_SECONDS else "",
            "languages": BOTH if self.both_languages else "",
            "themes": BOTH if self.both_themes else "",
        }
        return {name: value for name, value in said.items() if value}


class ExhibitionForm(Form):
    """Sent with GET, so it holds no token."""

    area = SelectField(_l("Area"))
    capability = SelectField(_l("Capability"))
    team = SelectField(_l("Team"))
    seconds = SelectField(_l("A poster stays for"))
    languages = SelectField(
        _l("Languages"),
        choices=[SelectChoice("", _l("Yours where there is one")), SelectChoice(BOTH, _l("Both in turn"))],
    )
    themes = SelectField(
        _l("Colours"),
        choices=[SelectChoice("", _l("As this browser has them")), SelectChoice(BOTH, _l("Light and dark in turn"))],
    )

    def offer(self, stops: Sequence[Stop], capabilities: Sequence[Capability]) -> ExhibitionForm:
        """Fill in what there is a story of."""
        there = {stop.capability_id for stop in stops}
        shown = [each for each in capabilities if each.id in there]
        areas = {each.area.slug: each.area.name.in_(language()) for each in shown}
        teams = sorted({stop.team: stop.team_name for stop in stops}.items(), key=lambda pair: pair[1])
        offered = {
            "area": list(areas.items()),
            "capability": [(each.slug, each.name.in_(language())) for each in shown],
            "team": teams,
        }
        for name, pairs in offered.items():
            self[name].choices = [SelectChoice("", _l("All")), *(SelectChoice(value, label) for value, label in pairs)]
        self.seconds.choices = [
            SelectChoice(str(number), ngettext("%(num)s second", "%(num)s seconds", number)) for number in SECONDS
        ]
        return self

    @property
    def settings(self) -> Settings:
        """What was chosen, be it something of which there is nothing any more; for nonsense what is usual."""
        seconds = self.seconds.data or ""
        return Settings(
            **{name: (self[name].data or "")[:80] for name in FILTERS},
            seconds=int(seconds) if seconds in map(str, SECONDS) else USUAL_SECONDS,
            both_languages=self.languages.data == BOTH,
            both_themes=self.themes.data == BOTH,
        )
