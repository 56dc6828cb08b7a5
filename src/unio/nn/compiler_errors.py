"""What goes wrong when torch compiles code, told as a user can mend it."""

from torch._dynamo.exc import BackendCompilerFailed
from torch._inductor.exc import CppCompileError
from torch._inductor.runtime.cache_dir_utils import cache_dir

from unio.core import UnioError

__all__ = ["COMPILER_ERRORS", "compiler_failure"]

COMPILER_ERRORS = (BackendCompilerFailed, CppCompileError)
"""What a function raises while it is being compiled, before anything of it has run."""


def compiler_failure(error: BackendCompilerFailed | CppCompileError) -> UnioError:
    """The error to raise in the place of torch's."""
    cause = error.inner_exception if isinstance(error, BackendCompilerFailed) else error
    lines = str(cause).strip().splitlines() or [type(cause).__name__]
    return UnioError(
        "the model cannot be compiled",
        got=lines[-1 if isinstance(cause, CppCompileError) else 0],  # the compiler's output comes last
        expected="a C++ compiler (g++) that works, and whole files from it",
        fix="install one, or run without compiling; if a run was killed while it compiled, "
        f"remove {cache_dir()} (it is made anew)",
    )
