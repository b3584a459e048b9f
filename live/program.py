"""The program `soundglass` from its first moment to its last: `live.cli` does the work between.

Signals are taken before anything else is loaded, and the process leaves by
`engine.system.ending.exit_now`.
"""

from __future__ import annotations

import sys

from engine.system import ending

TYPE_CHECKING = False  # typing would be most of the time until signals are taken
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> NoReturn:
    """Run `soundglass` with the arguments of the process; does not return."""
    code = 1
    try:
        ending.take_signals()
        sys.argv[0] = "soundglass"  # what a desktop knows its window by
        from live.cli import main as run

        code = run()
        ending.mark_finished()
    except SystemExit as end:
        ending.mark_finished()
        code = _code(end.code)
    except BaseException as error:
        ending.mark_finished()
        if not ending.end_requested():
            _tell(error)
    ending.exit_now(ending.exit_code(code))


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
