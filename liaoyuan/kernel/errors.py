"""Errors that carry a sentence for the user. The web layer turns them into pages, field errors and problem details."""


class DomainError(Exception):
    """A rule refused. ``message`` says what is wrong and what to do; ``field`` names the form field, if any."""

    status = 422
    title = "不符合规则"

    def __init__(self, message: str, *, field: str = "", clause: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.clause = clause

    @property
    def sentence(self) -> str:
        """The message with its clause, for where the clause has no place of its own: at a form's field."""
        return f"{self.message}（{self.clause}）" if self.clause else self.message


class NotPermitted(DomainError):
    """Inside one's scope, but without the capability: 403 with the reason."""

    status = 403
    title = "没有权限"


class NotInScope(DomainError):
    """Unknown or outside one's scope: both look the same, 404."""

    status = 404
    title = "没有找到"

    def __init__(self, message: str = "没有找到您要的内容，或者它不在您的管理范围内。") -> None:
        super().__init__(message)


class Conflict(DomainError):
    """Somebody else changed it meanwhile, or it is already done: 409, nothing was written."""

    status = 409
    title = "与现状冲突"
