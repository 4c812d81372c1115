"""Writing a file so that nobody ever sees half of it."""

import os
import tempfile
from pathlib import Path


def write_whole(file: Path, content: bytes) -> None:
    """Put *content* into *file* at once, readable by its owner only.

    Until then it lies beside it under a name that begins with a dot.
    """
    # mkstemp makes its file with mode 0600.
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(handle, "wb") as output:
            output.write(content)
            output.flush()
            os.fsync(output.fileno())
        os.replace(draft, file)
    except BaseException:
        os.unlink(draft)
        raise
