"""What is wrong in people's data."""


def register() -> None:
    """Called once from ``AppConfig.ready``."""
