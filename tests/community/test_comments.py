"""Comments: who writes, changes, hides and is told what."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.community.comments import service
from app.community.comments.models import Comment
from app.community.comments.policy import can_edit, can_hide, can_mark_answered, can_remove, can_see_hidden
from app.community.comments.queries import load_talk
from app.community.comments.rules import MAX_COMMENT, MOST_AN_HOUR, THREADS
from app.community.subjects import Ref, get_subject
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.notifications.models import Notice
from tests.community.people import House
from tests.factories.case_studies import make_case_study, make_story
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
PRACTICE = Ref("practice", "short-branches")
PAGE = "/practices/short-branches"
WRITE = "/comments/on/practice/short-branches"
LogIn = Callable[[User], FlaskClient]


def say(
    text: str, author: User, *, thread: int | None = None, form: str = "1", now: datetime = NOW, ref: Ref = PRACTICE
) -> int:
    """Write a comment as the view does, and return its id."""
    words, author_id = service.words_of(text), author.id
    with transaction() as session:
        actor = session.get_one(User, author_id)
        subject = get_subject(ref, actor, "en")
        comment, _new = service.write(session, subject, words, thread_id=thread, form_key=form, actor=actor, now=now)
        return comment.id


def notices() -> list[tuple[str, str]]:
    """(name, kind) of every notice, in the order in which they were made."""
    rows = db.session.execute(select(User.name, Notice.kind).join(User, User.id == Notice.user_id).order_by(Notice.id))
    return [(name, kind) for name, kind in rows]


@pytest.fixture(autouse=True)
def context(app: Flask) -> object:
    """Subjects have addresses."""
    with app.test_request_context():
        yield


def test_who_may_do_what(house: House) -> None:
    comment = db.session.get_one(Comment, say("Fine.", house.colleague))
    people = {"owner": house.owner, "author": house.colleague, "outsider": house.outsider, "editor": house.editor}
    may = {
        name: (
            can_edit(user, comment, NOW + timedelta(minutes=14)),
            can_edit(user, comment, NOW + timedelta(minutes=15)),
            can_remove(user, comment),
            can_hide(user),
            can_see_hidden(user, comment),
            can_mark_answered(user, {house.owner.id}),
        )
        for name, user in people.items()
    }
    assert may == {
        "owner": (False, False, False, False, False, True),
        "author": (True, False, True, False, True, False),
        "outsider": (False, False, False, False, False, False),
        "editor": (False, False, False, True, True, True),
    }


def test_a_member_writes_and_visitors_read(house: House, log_in: LogIn, client: FlaskClient) -> None:
    assert "Nobody has said anything yet" in client.get(PAGE).text
    answer = log_in(house.outsider).post(WRITE, data={"after": "0", "text": "We **merge** instead."})
    comment_id = db.session.execute(select(Comment.id)).scalar_one()
    assert (answer.status_code, answer.location) == (303, f"{PAGE}#comment-{comment_id}")
    page = client.get(PAGE).text
    assert "1 comment<" in page
    assert "<strong>merge</strong> instead." in page
    assert "Uma Outsider" in page
    assert "Log in to comment" in page
    assert "<textarea" not in page
    assert client.post(WRITE, data={"text": "x"}).status_code == 303
    assert db.session.execute(select(Comment)).scalars().all() == [db.session.get_one(Comment, comment_id)]


def test_the_same_form_sent_twice_is_one_comment(house: House) -> None:
    first = say("Once.", house.outsider, form="7")
    assert say("Once.", house.outsider, form="7") == first
    assert say("Once.", house.outsider, form="8") != first
    assert say("Something else in another tab.", house.outsider, form="7") != first
    assert say("Once.", house.colleague, form="7") != first
    assert [name for name, _kind in notices()] == ["Otto Owner"] * 4


def test_an_answer_to_an_answer_stays_in_the_thread(house: House) -> None:
    first = say("How?", house.outsider)
    answer = say("So.", house.owner, thread=first)
    again = say("Thank you.", house.outsider, thread=answer)
    other = say("Another thing.", house.colleague)
    talk = load_talk(PRACTICE, 1)
    assert [(thread.first.id, [each.id for each in thread.answers]) for thread in talk.threads] == [
        (other, []),
        (first, [answer, again]),
    ]


def test_an_answer_belongs_to_the_page_of_its_thread(house: House) -> None:
    make_practice("elsewhere")
    first = say("How?", house.outsider)
    with pytest.raises(NotFoundError):
        say("So.", house.owner, thread=first, ref=Ref("practice", "elsewhere"))


def test_comments_stand_where_pages_show_them(house: House) -> None:
    with pytest.raises(NotFoundError):
        say("Nice team.", house.outsider, ref=Ref("team", house.team.slug))


def test_the_owner_and_those_in_the_thread_are_told_once_each(house: House) -> None:
    first = say("How?", house.outsider)
    say("So.", house.owner, thread=first)
    say("I see.", house.colleague, thread=first)
    assert notices() == [
        ("Otto Owner", "comment"),
        ("Uma Outsider", "comment answer"),
        ("Otto Owner", "comment answer"),
        ("Uma Outsider", "comment answer"),
    ]


def test_the_team_of_a_case_study_is_told(house: House, log_in: LogIn) -> None:
    capability = make_framework().areas[0].capabilities[0]
    story = make_case_study(house.owner, make_story(house.team, capability), house.editor)
    with transaction() as session:
        for row in session.execute(select(Notice)).scalars():
            session.delete(row)
    say("Impressive.", house.outsider, ref=Ref("case-study", story.slug))
    assert sorted(notices()) == [("Cora Colleague", "comment"), ("Otto Owner", "comment")]
    assert "Impressive." in log_in(house.outsider).get(f"/case-studies/{story.slug}").text
    words = log_in(house.owner).get("/notices").text
    assert f"Uma Outsider commented on {story.title}" in words


def test_a_notice_leads_to_the_comment_on_its_page(house: House, client: FlaskClient) -> None:
    ids = [say(f"Thread {number}", make_user(f"Person {number}")) for number in range(THREADS + 1)]
    assert client.get(f"/comments/{ids[-1]}").location == f"{PAGE}#comment-{ids[-1]}"
    assert client.get(f"/comments/{ids[0]}").location == f"{PAGE}?comments=2#comment-{ids[0]}"
    assert client.get("/comments/9999").status_code == 404
    first, second = client.get(PAGE).text, client.get(f"{PAGE}?comments=2").text
    assert ("Thread 0<" in first, "Thread 20<" in first) == (False, True)
    assert ("Thread 0<" in second, "Thread 20<" in second) == (True, False)
    assert f'href="{PAGE}?comments=2#comments"' in first
    assert f'href="{PAGE}#comments"' in second


def test_addresses_of_pages_hold_nothing_that_somebody_else_asked_for(house: House, client: FlaskClient) -> None:
    for number in range(THREADS + 1):
        say(f"Thread {number}", make_user(f"Person {number}"))
    client.get(f"{PAGE}?evil=1")
    assert "evil" not in client.get(f"{PAGE}?lang=en").text


def test_words_are_changed_while_they_are_fresh(house: House, log_in: LogIn, clock: time_machine.Coordinates) -> None:
    comment_id = say("Tpyo", house.outsider)
    author = log_in(house.outsider)
    assert author.post(f"/comments/{comment_id}/edit", data={"text": "Typo"}).status_code == 303
    assert "<p>Typo</p>" in author.get(PAGE).text
    assert "changed" in author.get(PAGE).text
    assert log_in(house.owner).post(f"/comments/{comment_id}/edit", data={"text": "Mine"}).status_code == 403
    clock.shift(timedelta(minutes=15))
    assert author.post(f"/comments/{comment_id}/edit", data={"text": "Late"}).status_code == 409
    assert "can be changed for 15 minutes" in author.get(f"/comments/{comment_id}/edit").text
    assert "<p>Typo</p>" in author.get(PAGE).text


def test_what_is_taken_back_is_gone_unless_answers_hang_on_it(house: House) -> None:
    alone, asked = say("Alone", house.outsider), say("Asked", house.outsider)
    answer = say("Answered", house.owner, thread=asked)
    for comment_id, actor in ((alone, house.outsider), (asked, house.outsider)):
        with transaction() as session:
            service.remove(session, comment_id, actor=session.get_one(User, actor.id), now=NOW)
    talk = load_talk(PRACTICE, 1)
    assert [(each.first.id, each.first.source, each.first.html) for each in talk.threads] == [(asked, "", "")]
    assert talk.comments == 1
    with transaction() as session:
        service.remove(session, answer, actor=session.get_one(User, house.owner.id), now=NOW)
    assert db.session.execute(select(Comment)).scalars().all() == []


def test_a_line_says_that_it_was_taken_back(house: House, log_in: LogIn, client: FlaskClient) -> None:
    asked = say("Secret words", house.outsider)
    say("Answered", house.owner, thread=asked)
    assert log_in(house.editor).post(f"/comments/{asked}/delete").status_code == 403
    assert log_in(house.outsider).post(f"/comments/{asked}/delete").status_code == 303
    page = client.get(PAGE).text
    assert "Removed by its author." in page
    assert "Secret words" not in page


def test_an_editor_hides_with_a_reason_that_only_the_author_and_editors_read(
    house: House, log_in: LogIn, client: FlaskClient
) -> None:
    comment_id = say("Customer Miller has the account 4711.", house.outsider)
    editor, author = log_in(house.editor), log_in(house.outsider)
    assert author.get(f"/comments/{comment_id}/hiding").status_code == 403
    assert editor.post(f"/comments/{comment_id}/hiding", data={"reason": ""}).status_code == 422
    assert editor.post(f"/comments/{comment_id}/hiding", data={"reason": "Names a customer"}).status_code == 303
    for browser in (client, log_in(house.owner), log_in(house.colleague)):
        page = browser.get(PAGE).text
        assert "An editor has hidden this comment." in page
        assert ("4711" in page, "Names a customer" in page) == (False, False)
    for browser in (author, editor):
        page = browser.get(PAGE).text
        assert ("4711" in page, "Names a customer" in page) == (True, True)
    assert ("Uma Outsider", "comment hidden") in notices()
    assert editor.post(f"/comments/{comment_id}/restoring").status_code == 303
    assert "4711" in client.get(PAGE).text


def test_the_owner_says_that_a_question_is_answered(house: House, log_in: LogIn, client: FlaskClient) -> None:
    comment_id = say("How?", house.outsider)
    address = f"/comments/{comment_id}/answered"
    assert log_in(house.colleague).post(address, data={"answered": "y"}).status_code == 403
    owner = log_in(house.owner)
    assert "This is answered" in owner.get(PAGE).text
    assert "This is answered" not in log_in(house.colleague).get(PAGE).text
    assert owner.post(address, data={"answered": "y"}).status_code == 303
    assert re.search(r"Answered\s*</span>", client.get(PAGE).text)
    assert owner.post(address, data={"answered": ""}).status_code == 303
    assert not re.search(r"Answered\s*</span>", client.get(PAGE).text)


def test_who_writes_too_much_takes_a_break(house: House, log_in: LogIn, clock: time_machine.Coordinates) -> None:
    for number in range(MOST_AN_HOUR):
        say(f"Comment {number}", house.outsider)
    answer = log_in(house.outsider).post(WRITE, data={"after": "0", "text": "One more"})
    assert answer.status_code == 422
    assert "Take a break" in answer.text
    assert "One more</textarea>" in answer.text
    say("Another person", house.colleague)
    clock.shift(timedelta(hours=1, seconds=1))
    assert log_in(house.outsider).post(WRITE, data={"after": "0", "text": "One more"}).status_code == 303


def test_what_is_empty_or_too_long_comes_back_with_what_was_typed(house: House, log_in: LogIn) -> None:
    browser = log_in(house.outsider)
    assert browser.post(WRITE, data={"text": "  "}).status_code == 422
    answer = browser.post(WRITE, data={"text": "x" * (MAX_COMMENT + 1)})
    assert answer.status_code == 422
    assert "x" * 100 in answer.text
    with pytest.raises(InvalidInputError):
        service.words_of("x" * (MAX_COMMENT + 1))


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("# Big", "<p><strong>Big</strong></p>"),
        ("![x](https://elsewhere.example/spy.png)", "<p><img"),
        ("<script>alert(1)</script>Hi", "\n<p>Hi</p>"),
        ('<a href="javascript:alert(1)" id="h-what">Hi</a>', "<p><a"),
    ],
)
def test_comments_hold_nothing_that_acts_or_belongs_to_the_page(source: str, html: str) -> None:
    said = service.words_of(source).html
    assert said.startswith(html)
    assert not re.search(r"<h\d|script|elsewhere|\sid=|javascript", said)


def test_a_comment_on_what_is_gone_is_gone_too(house: House, client: FlaskClient) -> None:
    comment_id = say("Fine.", house.outsider)
    with transaction() as session:
        session.delete(session.merge(house.practice))
    assert client.get(f"/comments/{comment_id}").status_code == 404


@pytest.mark.slow
def test_a_page_of_thirty_comments_asks_as_often_as_one_of_three(
    house: House, log_in: LogIn, count_queries: list[str]
) -> None:
    browser = log_in(house.editor)

    def queries() -> int:
        count_queries.clear()
        assert browser.get(PAGE).status_code == 200
        return len(count_queries)

    first = say("First", house.outsider)
    say("Answer", house.owner, thread=first)
    few = queries()
    for number in range(15):
        thread = say(f"Thread {number}", make_user(f"Person {number}"))
        say("Answer", house.owner, thread=thread)
    assert queries() == few


def test_actions_on_others_comments_are_refused_in_the_service(house: House) -> None:
    comment_id, words, subject = say("Fine.", house.outsider), service.words_of("No"), get_subject(PRACTICE, None, "en")
    with pytest.raises(ForbiddenError), transaction() as session:
        service.edit(session, comment_id, subject, words, actor=house.editor, now=NOW)
    with pytest.raises(ForbiddenError), transaction() as session:
        service.restore(session, comment_id, actor=house.outsider)
    with transaction() as session:
        service.hide(session, comment_id, subject, reason="No", actor=house.editor, now=NOW)
    with pytest.raises(ConflictError), transaction() as session:
        service.hide(session, comment_id, subject, reason="No", actor=house.editor, now=NOW)


def test_unknown_teams_do_not_own_a_practice(house: House) -> None:
    make_team("Others", house.outsider)
    assert get_subject(PRACTICE, None, "en").owner_ids == {house.owner.id}


def test_whoever_is_mentioned_is_told_once_and_not_again_for_the_thread(house: House, log_in: LogIn) -> None:
    handles = {"owner": house.owner.handle, "colleague": house.colleague.handle}
    first = say(f"@{handles['owner']} is this right? See [[short-branches]].", house.outsider)
    assert notices() == [("Otto Owner", "mention")]
    page = log_in(house.colleague).get(PAGE).text
    assert f'href="{PAGE}"' in page.partition('id="comments"')[2]
    data = {"text": f"@{handles['owner']} @{handles['colleague']} is this right?"}
    assert log_in(house.outsider).post(f"/comments/{first}/edit", data=data).status_code == 409
    with transaction() as session:
        actor = session.get_one(User, house.outsider.id)
        subject = get_subject(PRACTICE, None, "en")
        service.edit(session, first, subject, service.words_of(data["text"]), actor=actor, now=NOW)
    assert notices() == [("Otto Owner", "mention"), ("Cora Colleague", "mention")]
