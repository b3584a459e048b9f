"""Command-line options made from the settings, and the merge: defaults < file < command line."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from engine.system.terminal import say
from live.errors import UserError
from live.paths.names import expand_path
from live.settings.check import check_value
from live.settings.model import SPECS, Settings
from live.settings.spec import SettingSpec
from live.suggest import did_you_mean

SOUNDS = (
    "a sound file (WAV, FLAC, OGG, MP3, M4A, ...), a film with sound, - for standard input, or "
    "demo; exit code 3: a part of it could not be read"
)
"""Help for the one word that names what is to be heard."""
_UNSET: Any = argparse.SUPPRESS


class OneLineParser(argparse.ArgumentParser):
    """An argument parser whose every complaint is a single `UserError` line with a suggestion."""

    def __init__(self, command: str, description: str, example: str) -> None:
        super().__init__(
            prog=f"soundglass {command}",
            description=description,
            epilog=f"example{'s' if len(example.splitlines()) > 1 else ''}:\n"
            + "\n".join(f"  {line.strip()}" for line in example.strip().splitlines()),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    def print_help(self, file: Any = None) -> None:
        """Print the help; one that cannot be printed is an OSError, not silence."""
        say(self.format_help().rstrip("\n"))

    def error(self, message: str) -> NoReturn:
        """Raise the complaint instead of printing usage over several lines."""
        end = "" if message.endswith((".", "?")) else "."
        raise UserError(f"{message}{end} See {self.prog} --help.")

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Return the parsed arguments.

        Raises:
            UserError: an unknown option (with the nearest one that exists) or a wrong value.
        """
        known, unknown = self.parse_known_args(list(arguments))
        if unknown:
            name = unknown[0].split("=")[0]
            if name.startswith("-") and len(name) > 1:
                options = [option for option in self._option_string_actions if option[1:2] == "-"]
                self.error(f"there is no option {name}.{did_you_mean(name, options)}")
            self.error(f"there is one word too many: {name}")
        return known


def add_settings(
    parser: argparse.ArgumentParser, names: Sequence[str], *, save: bool = True
) -> None:
    """Add one option for each named setting, and --settings and (with `save`) --save-settings."""
    group = parser.add_argument_group("settings")
    for name in names:
        _add(group, SPECS[name])
    group.add_argument(
        "--settings",
        metavar="FILE",
        type=expand_path,
        default=None,
        help="read settings from this TOML file (the options' names; default: soundglass/"
        "settings.toml in your configuration folder, if it is there)",
    )
    group.add_argument(
        "--profile",
        metavar="NAME",
        default=None,
        help="read settings from a named profile, such as the one that soundglass tune writes; it "
        "wins over --settings, and the options here over it",
    )
    if save:
        group.add_argument(
            "--save-settings",
            metavar="FILE",
            type=expand_path,
            default=None,
            help="write the settings as they now are to a TOML file, and stop",
        )


def gather_settings(parsed: argparse.Namespace, **fixed: Any) -> Settings:
    """Return the settings: defaults, settings file, profile, command line, then `fixed`.

    Raises:
        UserError: a value of a file or of the command line is not allowed, or there is no such
            profile.
    """
    from live.settings.file import default_settings_path, read_settings_file

    chosen: Path | None = parsed.settings
    if chosen is None and os.path.lexists(default_settings_path()):
        chosen = default_settings_path()
    values = read_settings_file(chosen) if chosen else {}
    if parsed.profile is not None:
        from live.settings.profiles import read_profile

        values |= read_profile(parsed.profile)
    for spec in SPECS.values():
        if hasattr(parsed, spec.attribute):
            given = getattr(parsed, spec.attribute)
            values[spec.attribute] = check_value(spec, given, f"--{spec.name}")
    return Settings(**(values | fixed))


def _add(group: argparse._ArgumentGroup, spec: SettingSpec) -> None:
    default = "none" if spec.default in (None, ()) else spec.default
    if spec.kind is bool:
        group.add_argument(
            f"--{spec.name}",
            dest=spec.attribute,
            action=argparse.BooleanOptionalAction,
            default=_UNSET,
            help=spec.help,
        )
        return
    if spec.kind is tuple:
        group.add_argument(
            f"--{spec.name}",
            dest=spec.attribute,
            metavar=spec.metavar,
            action="append",
            default=_UNSET,
            help=f"{spec.help} (default {default})".replace("%", "%%"),
        )
        return
    span = f"; {spec.allowed}" if spec.kind in (int, float) else ""
    shown = f"{default:g}" if isinstance(default, float) else default
    group.add_argument(
        f"--{spec.name}",
        dest=spec.attribute,
        metavar=spec.metavar or "|".join(spec.choices),
        nargs="?" if spec.implied else None,
        const=spec.implied or None,
        type=_number_reader(spec) if spec.kind in (int, float) else str,
        default=_UNSET,
        help=f"{spec.help} (default {shown}{span})".replace("%", "%%"),
    )


def _number_reader(spec: SettingSpec) -> Any:
    """Return a reader of numbers; what is no number goes on as text, for the one check to name."""

    def read(text: str) -> int | float | str:
        try:
            return spec.kind(text)
        except ValueError:
            return text

    return read
