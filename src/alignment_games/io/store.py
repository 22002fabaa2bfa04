"""Files: bounded reading, and writing that leaves a whole file or nothing."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from ..errors import AlignmentGamesError, OutputError, ScenarioError

__all__ = ["prepare_folder", "read_text", "write_whole"]


def read_text(
    path: Path,
    *,
    limit: int,
    error: type[AlignmentGamesError] = ScenarioError,
    kind: str = "a scenario file",
    hint: str = "make one with `alignment-games scenarios new`",
) -> str:
    """Return the text of a regular UTF-8 file of at most `limit` bytes.

    Parameters
    ----------
    path : Path
    limit : int
    error : type, optional
        What to raise.
    kind, hint : str, optional
        What file is wanted and what to do without one, for messages.

    Raises
    ------
    ScenarioError, or `error`
        If there is no such file, it is not a regular file, is larger, or is not text.
    """
    try:
        if not path.is_file():
            what = "is not a regular file" if path.exists() else "does not exist"
            msg = f"`{path}` {what}; give the path of {kind}"
            raise error(msg)
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except (OSError, ValueError) as problem:
        if isinstance(problem, error):
            raise
        reason = problem.strerror if isinstance(problem, OSError) else problem
        msg = f"`{path}` cannot be read: {reason}"
        raise error(msg) from None
    if len(data) > limit:
        msg = f"`{path}` is larger than {limit} bytes, the limit for {kind}"
        raise error(msg)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        msg = f"`{path}` is not UTF-8 text (byte {problem.start}); save it as UTF-8"
        raise error(msg) from None
    if "\0" in text:
        msg = f"`{path}` holds NUL bytes; it is not a text file"
        raise error(msg)
    if not text.strip():
        msg = f"`{path}` is empty; {hint}"
        raise error(msg)
    return text


def prepare_folder(folder: Path) -> None:
    """Make a folder, with its parents, and check that files can be written in it.

    Raises
    ------
    OutputError
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        msg = f"cannot write in the folder `{folder}`: {error.strerror}; choose another"
        raise OutputError(msg) from None


def write_whole(path: Path, write: Callable[[Path], object], *, overwrite: bool = True) -> None:
    """Write a file through a temporary one in its folder, renamed when complete.

    Parameters
    ----------
    path : Path
    write : callable
        Gets the temporary path (with the same ending) and writes the file there.
    overwrite : bool, optional
        Whether an existing file may be replaced.

    Raises
    ------
    OutputError
        If the file exists and may not be replaced, or cannot be written.
    """
    if not overwrite and os.path.lexists(path):
        msg = f"`{path}` exists; choose another name or pass --force to replace it"
        raise OutputError(msg)
    temporary: Path | None = None
    try:
        path = path.resolve()  # a link stays a link; what it points to is replaced
        if path.exists() and not path.is_file():
            msg = f"`{path}` is not a regular file; choose another place"
            raise OutputError(msg)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
        os.close(handle)
        temporary = Path(name)
        write(temporary)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
        temporary = None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        msg = f"cannot write `{path}`: {reason}; choose another place"
        raise OutputError(msg) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
