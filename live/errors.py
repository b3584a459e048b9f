"""The one kind of error that is meant for a person."""


class UserError(Exception):
    """Something a person can put right: one line that names the thing and the remedy.

    The command line prints `soundglass: <line>` and exits with code 2; the running show puts the
    line on the screen and goes on.
    """
