"""The type checker that jaxtyping calls in tests: shapes and dtypes of arrays, and nothing else.

Pyright has checked every other type already; a checker of all of them would want protocols to be
checkable at run time. Switched on for all of unio by ``--jaxtyping-packages`` in the
Makefile; tests marked ``compiled`` run without, as ``torch.compile`` cannot look through the checks.
"""

import functools
import inspect
import types
from collections.abc import Callable
from typing import Any, Union, get_args, get_origin

from jaxtyping import AbstractArray

__all__ = ["check_shapes"]


def check_shapes(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function``, raising ``TypeError`` for an array that is not as its annotation says."""
    hints = {name: hint for name, hint in function.__annotations__.items() if _has_shape(hint)}
    if not hints:
        return function
    signature = inspect.signature(function)

    @functools.wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs)
        for name, value in given.arguments.items():
            if name in hints:
                _check(value, hints[name], f"{function.__qualname__}: argument {name}")
        result = function(*args, **kwargs)
        if "return" in hints:
            _check(result, hints["return"], f"{function.__qualname__}: result")
        return result

    return checked


def _has_shape(hint: Any) -> bool:
    if isinstance(hint, type):
        return issubclass(hint, AbstractArray)
    return _is_union(hint) and any(_has_shape(member) for member in get_args(hint))


def _is_union(hint: Any) -> bool:
    return get_origin(hint) in (Union, types.UnionType)


def _check(value: Any, hint: Any, where: str) -> None:
    members = get_args(hint) if _is_union(hint) else (hint,)
    shapes = [member for member in members if _has_shape(member)]
    if not hasattr(value, "shape") or any(isinstance(value, shape) for shape in shapes):
        return  # None and other members of a union are pyright's
    raise TypeError(f"{where}: got {value.dtype} {tuple(value.shape)}, expected {hint}")
