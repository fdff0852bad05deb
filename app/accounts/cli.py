"""`flask users …`"""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from app.accounts import service
from app.accounts.queries import get_by_email
from app.accounts.rules import Role, normalize_email
from app.config import Config
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import DomainError, InvalidInputError
from app.kernel.types import LANGUAGES

ROLES = click.Choice([role.value for role in Role])
group = AppGroup("users", help="Accounts, for those who have a shell.")


@group.command("create")
@click.argument("email")
@click.option("--name", required=True, help="How the person is called on every page.")
@click.option("--role", "roles", multiple=True, type=ROLES, help="May be given several times.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Default: the site's.")
@click.password_option(help="Asked for when it is not given.")
def create(email: str, name: str, roles: tuple[str, ...], language: str | None, password: str) -> None:
    """Create an account."""
    config: Config = current_app.config["GUILDHALL"]
    try:
        email, name = normalize_email(email), _checked_name(name)
        secret = service.make_hash(password, email)
        with transaction() as session:
            user = service.create_account(
                session,
                email=email,
                name=name,
                password_hash=secret,
                language=language or config.default_language,
                time_zone=config.default_time_zone,
                now=utc_now(),
            )
            for role in roles:
                service.give_role(session, user, Role(role))
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{email} can log in now.")


def _checked_name(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= 80:
        raise InvalidInputError("A name has between 1 and 80 characters.", field="name")
    return name


@group.command("give-role")
@click.argument("email")
@click.argument("role", type=ROLES)
def give_role(email: str, role: str) -> None:
    """Give somebody a role."""
    try:
        user = get_by_email(normalize_email(email))
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    with transaction() as session:
        service.give_role(session, user, Role(role))
    click.echo(f"{user.name} is {role} now.")
