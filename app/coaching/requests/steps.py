"""The one gateway through which the state of a request changes, and what goes with every step: the revision, and a line in its
history.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.coaching.load import lock_loads
from app.coaching.models import CoachingRequest, RequestWord
from app.coaching.queries import NO_SUCH_REQUEST
from app.coaching.rules import ASK_STEPS, Ask, AskStep
from app.kernel.errors import ConflictError, NotFoundError
from app.kernel.state import WrongStepError

# What stands in the history and changes no state.
ASKED, REMINDED = "ask", "remind"


def lock(session: Session, request_id: int) -> CoachingRequest:
    """The request as it is, and as it stays until this transaction ends; and nobody else gives coaches anything meanwhile.
    Raises NotFoundError.
    """
    lock_loads(session)
    if session.execute(select(CoachingRequest.id).where(CoachingRequest.id == request_id).with_for_update()).first():
        parts = [joinedload(CoachingRequest.team), joinedload(CoachingRequest.capability)]
        return session.get_one(CoachingRequest, request_id, populate_existing=True, options=parts)
    raise NotFoundError(NO_SUCH_REQUEST)


def take_step(
    session: Session,
    request: CoachingRequest,
    step: AskStep,
    *,
    actor_id: int | None = None,
    text: str = "",
    now: datetime,
) -> None:
    """Change the state. Raises ConflictError where the step is not possible any more."""
    try:
        state = ASK_STEPS.after(Ask(request.state), step)
    except WrongStepError:
        raise ConflictError(_TOO_LATE[Ask(request.state)]) from None
    if state != request.state:
        request.state, request.state_since = state, now
    request.revision += 1
    write_down(session, request, step, actor_id=actor_id, text=text, now=now)


def write_down(
    session: Session, request: CoachingRequest, step: str, *, actor_id: int | None, text: str = "", now: datetime
) -> None:
    """A line in the history."""
    word = RequestWord(
        request_id=request.id, step=step, state=request.state, text=text.strip(), author_id=actor_id, at=now
    )
    session.add(word)
    session.flush()


_TOO_LATE = {
    Ask.OPEN: _l("The question is answered already. Look at what the request says now."),
    Ask.ASKED: _l("The team has been asked already. Wait for its answer, accept, or decline."),
    Ask.STRANDED: _l("The request is with no coach at the moment."),
    Ask.ACCEPTED: _l("A coach has accepted this request already."),
    Ask.WITHDRAWN: _l("The team has withdrawn this request."),
}
