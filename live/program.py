"""The program `soundglass` from its first moment to its last: `live.cli` does the work between.

Signals are taken before anything else is loaded, and the process leaves by
`engine.system.signals.exit_now`.
"""

from __future__ import annotations

import sys

from engine.system import signals

TYPE_CHECKING = False  # typing would be most of the time until signals are taken
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> NoReturn:
    """Run `soundglass` with the arguments of the process; does not return."""
    code = 1
    try:
        signals.take_signals()
        sys.argv[0] = "soundglass"  # what a desktop knows its window by
        from live.cli import main as run

        code = run()
        signals.mark_finished()
    except SystemExit as end:
        signals.mark_finished()
        code = _code(end.code)
    except BaseException as error:
        signals.mark_finished()
        if not signals.end_requested():
            _tell(error)
    signals.exit_now(signals.exit_code(code))


def _code(given: object) -> int:
    if given is None:
        return 0
    return given if isinstance(given, int) else 1


def _tell(error: BaseException) -> None:
    """As Python does for an exception that nobody takes."""
    import traceback

    traceback.print_exception(error)


if __name__ == "__main__":
    main()
