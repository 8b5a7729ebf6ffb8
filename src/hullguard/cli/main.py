"""`hullguard`: finds the command, and turns errors into sentences and exit codes.

Exit codes: 0 done, 1 findings at or above `--fail-on`, 2 wrong usage, 3 something could not be
read or finished (3 wins over 1).
"""

import importlib
import os
import sys

import click

from hullguard import __version__
from hullguard.model.errors import HullguardError, Misused

INTERRUPTED = 130
NO_HOME = "/nonexistent"
"""The home of users who have none, as Debian's `nobody`: what is kept there cannot be."""
_COMMANDS = {
    "image": ("hullguard.cli.image:image", "Find what is wrong with an image, or list its parts."),
    "db": ("hullguard.cli.db:db", "Fetch, build and inspect the advisory database."),
    "explain": ("hullguard.cli.explain:explain", "Say what a CVE or a rule means and what to do."),
    "demo": ("hullguard.cli.demo:demo", "See a scan at work: no network, nothing to set up."),
}


class LazyGroup(click.Group):
    """Imports a command when it is called: `--version` and `--help` need none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which people meet them."""
        return [*super().list_commands(ctx), *_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in _COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Every command explains itself: hullguard image scan --help",
)
@click.version_option(__version__, "--version", message="hullguard %(version)s")
@click.option("--config", metavar="FILE", help="Configuration to use instead of the usual file.")
@click.pass_context
def cli(context: click.Context, config: str | None) -> None:
    """Find what is wrong with container images, and what to do about it.

    \b
    hullguard demo                          see it at work
    hullguard image scan debian:12          scan an image
    """
    from hullguard.cli.settings import load  # noqa: PLC0415 - --version needs none of it

    context.obj = load(config)
    context.default_map = context.obj.defaults


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit."""
    if os.path.expanduser("~") == "~":  # noqa: PTH111 - pathlib raises: nobody is known by this uid
        os.environ["HOME"] = NO_HOME
    sys.exit(_run(sys.argv[1:] if arguments is None else arguments))


def _run(arguments: list[str]) -> int:
    try:
        ordered = _config_first(arguments)
        return int(cli.main(ordered, prog_name="hullguard", standalone_mode=False) or 0)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("hullguard: stopped.", err=True)
        return INTERRUPTED
    except SystemExit:  # click's own end when the reader went away, as `head` does: no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except HullguardError as fault:
        from hullguard.cli.sentence import sentence  # noqa: PLC0415 - only where it went wrong

        click.echo(sentence(fault), err=True)
        return 2 if isinstance(fault, Misused) else 3


def _config_first(arguments: list[str]) -> list[str]:
    """Let `--config` stand anywhere: it decides on the defaults of every other option."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    for at, argument in enumerate(arguments[:end]):
        taken = 2 if argument == "--config" else 1
        if argument == "--config" or argument.startswith("--config="):
            return arguments[at : at + taken] + arguments[:at] + arguments[at + taken :]
    return arguments
