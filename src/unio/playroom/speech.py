"""Spoken words by espeak-ng, as the package ``espeakng-loader`` brings it (the extra ``speech``).

The library is driven through ctypes; no system package is needed.
"""

import ctypes
import importlib
import sys
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
from jaxtyping import Int16

from unio.core import InputError, MissingExtraError
from unio.media import resample
from unio.playroom.sound import SAMPLE_RATE
from unio.schema import Waveform

__all__ = ["VOICES", "can_speak", "say"]

VOICES = ("en-us", "en-us+m3", "en-us+m7", "en-us+f2", "en-us+f4", "en", "en+m1", "en+f3")
"""Voices that the playroom speaks with: espeak-ng's names, American and British, of men and women."""

_OWN_RATE = 22050
_RETRIEVE_AT_ONCE = 2
_RATE, _PITCH = 1, 3
_CHARACTERS = 1
_SLOWEST, _FASTEST = 80, 450
_QUIET = 0.01
"""Share of the loudest sample below which a sound has not begun or is over."""
_PEAK = 0.6
_LOCK = Lock()

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def can_speak() -> bool:
    """Whether the package that speaks is installed."""
    try:
        _load_package()
    except MissingExtraError:
        return False
    return True


@lru_cache(maxsize=256)
def say(text: str, *, voice: str = VOICES[0], words_a_minute: int = 170, pitch: int = 50) -> Waveform:
    """A text spoken aloud: 16 kHz, its peak at 0.6, without silence at either end. Pure in its arguments.

    ``pitch`` is 0 to 100, 50 as the voice is made. Raises ``MissingExtraError`` if ``espeakng-loader`` is not
    installed, and ``InputError`` for a voice that espeak-ng does not know, a rate outside 80 to 450, or a
    text without a word.
    """
    if not _SLOWEST <= words_a_minute <= _FASTEST:
        raise InputError(
            "cannot speak at this rate",
            got=words_a_minute,
            expected=f"{_SLOWEST} to {_FASTEST} words a minute",
        )
    package = _load_package()
    with _LOCK:
        samples = _synthesise(package, text, voice, words_a_minute, pitch)
    loud = np.flatnonzero(np.abs(samples) > _QUIET * np.abs(samples).max(initial=1))
    if not len(loud):
        raise InputError("nothing to say", got=repr(text), expected="a text with a word")
    spoken = samples[loud[0] : loud[-1] + 1].astype(np.float32)
    spoken *= np.float32(_PEAK / np.abs(spoken).max())
    return resample(Waveform(samples=spoken, rate=_OWN_RATE), rate=SAMPLE_RATE)


def _load_package() -> Any:
    try:
        return importlib.import_module("espeakng_loader")
    except ImportError as error:
        raise MissingExtraError("espeakng-loader", extra="speech") from error


def _synthesise(
    package: Any, text: str, voice: str, words_a_minute: int, pitch: int
) -> Int16[np.ndarray, " samples"]:
    """The library's own samples, 16 bits at 22,050 Hz.

    espeak-ng's oscillators and noise go on from one text to the next, so that a text would sound a little
    different each time. A library that has just been loaded (4 ms) always begins alike.
    """
    pieces: list[Int16[np.ndarray, " samples"]] = []

    def keep(wave: Any, count: int, _events: Any) -> int:
        if wave and count > 0:
            pieces.append(np.ctypeslib.as_array(wave, (count,)).copy())
        return 0

    callback = _Callback(keep)
    library = ctypes.CDLL(package.get_library_path())
    try:
        library.espeak_Initialize(_RETRIEVE_AT_ONCE, 0, package.get_data_path().encode(), 0)
        library.espeak_SetSynthCallback(callback)
        if library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise InputError("espeak-ng has no such voice", got=repr(voice), expected="such as 'en-us+f2'")
        library.espeak_SetParameter(_RATE, words_a_minute, 0)
        library.espeak_SetParameter(_PITCH, pitch, 0)
        spoken = text.encode()
        size = ctypes.c_size_t(len(spoken) + 1)
        library.espeak_Synth(spoken, size, 0, _CHARACTERS, 0, 1, None, None)
        library.espeak_Terminate()
    finally:
        _unload(library)
    return np.concatenate(pieces) if pieces else np.zeros(0, np.int16)


def _unload(library: ctypes.CDLL) -> None:
    module: Any = importlib.import_module("_ctypes")  # ctypes itself has no name for it
    if sys.platform == "win32":
        module.FreeLibrary(library._handle)
    else:
        module.dlclose(library._handle)
