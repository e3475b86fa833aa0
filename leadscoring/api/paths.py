"""What stands in paths of the API."""

from django.urls import register_converter


class ExternalIdInPath:
    """Any text without NUL, which no id has. Slashes in it arrive percent-decoded."""

    regex = "[^\\x00]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ExternalIdInPath, "external_id")
