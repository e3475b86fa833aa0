"""What can go wrong in training a model or in reading a stored one."""

from __future__ import annotations


class TooFewExamples(Exception):
    """There is not enough to learn from, or what was learned cannot be trusted."""


class ArtifactError(Exception):
    """A stored model cannot be used."""


class ArtifactCorrupt(ArtifactError):
    """The bytes are not those that were stored."""


class ArtifactFormatUnknown(ArtifactError):
    """The bytes are no model, or one written in a format that this version does not read."""


class ArtifactLibraryMismatch(ArtifactError):
    """The model was written by a library version that the installed one cannot read."""
