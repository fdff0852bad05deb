"""What the script of the desk says. Names in braces are filled in by it."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _


def words_for_script() -> Mapping[str, str]:
    return {
        "keptHere": _("Kept on this device; the site cannot be reached"),
        "tooLarge": _("This has become too long to be kept by the site. It is kept on this device; make it shorter."),
        "loggedOut": _("You are not logged in any more. Your words are kept on this device."),
        "logIn": _("Log in in a new tab"),
        "thenSave": _("then come back and save."),
        "here": _("There are words on this device that never reached the site, from {time}."),
        "takeUp": _("Take them up"),
        "throwAway": _("Throw them away"),
        "previewFails": _("The preview cannot be made now. What you write is not touched by that."),
        "uploading": _("Uploading {name} …"),
        "uploadFails": _("{name} could not be uploaded: {reason}"),
        "noAnswer": _("the site did not answer"),
        "alt": _("Describe the picture"),
        "altAsked": _("Say in a few words what the picture shows, for those who cannot see it."),
        "matches": _("Suggestions"),
        "found": _("Suggestions: {count}"),
        "takeTheirs": _("Take theirs"),
        "taken": _("Theirs is in the text now."),
        "notFound": _("The passage is not in the text any more. Copy what you need."),
        "table": _("| Column | Column |\n| --- | --- |\n| Cell | Cell |"),
    }
