"""Static files by the hash of what is in them, so that browsers may keep them for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Of the dashboard's build; vite.config.ts's `base` names it too.
DASHBOARD = "dashboard/"


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Leaves the dashboard's files their names: they have a hash already, and name one another.

    Hashed again, its entry would load a second copy of what its chunks load by the first name.
    """

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        """Hash and compress what collectstatic has copied; compress the dashboard's files."""
        built = {name for name in paths if name.startswith(DASHBOARD)}
        others = {name: found for name, found in paths.items() if name not in built}
        yield from super().post_process(others, *args, **options)
        if not options.get("dry_run"):
            for name, compressed in self.compress_files(built):
                yield name, compressed, True

    def stored_name(self, name: str) -> str:
        """The name that a page has to ask for."""
        if name.startswith(DASHBOARD):
            return name
        stored: str = super().stored_name(name)
        return stored
