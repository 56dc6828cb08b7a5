"""Errors a user can cause, each saying what happened, what was got, what was expected and how to fix it."""

__all__ = [
    "CheckpointError",
    "ConfigError",
    "InputError",
    "MissingExtraError",
    "UnioError",
    "WeightsError",
]


class UnioError(Exception):
    """A user's mistake or a broken file, told in one line.

    The command line prints the message alone and exits with status 2; a library user
    catches this class.

    Example::

        UnioError("box outside the picture", got="y2=900", expected="0 <= y <= 400", fix="use pixels")
        # box outside the picture: got y2=900; expected 0 <= y <= 400; fix: use pixels
    """

    def __init__(
        self,
        what: str,
        *,
        got: object = None,
        expected: object = None,
        fix: str | None = None,
    ) -> None:
        self.what = what
        self.got = got
        self.expected = expected
        self.fix = fix
        details = [
            f"{label}{value}"
            for label, value in (("got ", got), ("expected ", expected), ("fix: ", fix))
            if value is not None
        ]
        super().__init__(" ".join(f"{what}: {'; '.join(details)}".split()) if details else what)


class ConfigError(UnioError):
    """A configuration has an unknown key, an ill-typed value, or values that cannot go together."""


class InputError(UnioError):
    """A picture, sound, text, box or other input given by the user cannot be used."""


class WeightsError(UnioError):
    """Weights have a missing, unexpected, wrong-shaped or unreadable tensor."""


class CheckpointError(UnioError):
    """A training checkpoint is incomplete, damaged, or belongs to another run."""


class MissingExtraError(UnioError):
    """An optional package is not installed; the message names the extra that brings it."""

    def __init__(self, package: str, *, extra: str) -> None:
        super().__init__(
            f"the package {package!r} is not installed",
            fix=f"pip install 'unio[{extra}]'",
        )
