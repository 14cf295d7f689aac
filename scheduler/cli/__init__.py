"""The ``aftercare`` command. Each subcommand is loaded when it is called, so that ``--help`` is quick."""

import importlib
from typing import Any, Final

import click

from scheduler.config import BadSetting
from scheduler.errors import SchedulerError

COMMANDS: Final = {
    "backup": ("scheduler.cli.backup:backup", "Write all data into a file, or verify such a file."),
    "check": ("scheduler.cli.check:check", "Say what a production installation still lacks."),
    "db": ("scheduler.cli.db:db", "Make and upgrade the tables."),
    "demo": ("scheduler.cli.demo:demo", "Make the demonstration center."),
    "feed": ("scheduler.cli.feed:feed", "Make, list and turn off calendars."),
    "import": ("scheduler.cli.import_:import_", "Read lists of people and of meetings."),
    "person": ("scheduler.cli.person:person", "Make persons, give and take roles."),
    "restore": ("scheduler.cli.restore:restore", "Bring a backup back."),
    "schedule": ("scheduler.cli.schedule:schedule", "Extend the plan."),
    "serve": ("scheduler.cli.serve:serve", "Serve the pages."),
    "worker": ("scheduler.cli.worker:worker", "Deliver messages and do the daily work."),
}
"""Where each subcommand stands, and its line in the list: nothing is loaded to show it."""


def told(error: Exception) -> str | None:
    """The one line that a person at the terminal is told, or none where the error is a mistake of ours."""
    from sqlalchemy.exc import OperationalError

    if isinstance(error, (BadSetting, SchedulerError)):
        return str(error)
    if isinstance(error, OperationalError):
        return "The database does not answer: " + str(error.orig).strip().partition("\n")[0]
    return None


class LazyGroup(click.Group):
    """A group that knows its subcommands by name, and turns what they are refused into one clear line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            line = told(error)
            if line is None:
                raise
            raise click.ClickException(line) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="aftercare-scheduler")
def main() -> None:
    """Run and look after an Aftercare Scheduler. Settings come from AFTERCARE_* (docs/settings.md)."""
