"""`flask people`: make accounts of staff from the command line."""

import click

import clock
from commands.on_database import on_database
from extensions import db
from services import accounts, passwords, staff

people = click.Group("people", help="Accounts of staff.")


@people.command("add")
@click.argument("email")
@click.argument("name")
@click.option("--administrator", is_flag=True)
@click.option("--instructor-of", "slugs", multiple=True, help="Address of a course; may repeat.")
@click.option("--time-zone", default="America/New_York", show_default=True)
@click.password_option()
@on_database
def add_person(
    email: str,
    name: str,
    administrator: bool,
    slugs: tuple[str, ...],
    time_zone: str,
    password: str,
) -> None:
    """Make a confirmed account, with the roles given."""
    fault = passwords.find_fault(password)
    if fault:
        raise click.ClickException(fault)
    person = staff.ensure_person(
        accounts.Registration(email, passwords.hash_password(password), name, time_zone, ""),
        clock.now(),
    )
    staff.grant_roles(person, administrator=administrator, instructor_of=slugs)
    db.session.commit()
    click.echo(f"{person.email}: account {person.id} is ready")
