"""The member file's own tabs."""


def register() -> None:
    """Called once from ``AppConfig.ready``."""
