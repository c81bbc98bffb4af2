"""What is wrong with a parameter of the API, in Chinese: pydantic knows English only."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_WORDS = {
    "missing": gettext_lazy("缺少这个参数。"),
    "extra_forbidden": gettext_lazy("没有这个参数。"),
    "json_invalid": gettext_lazy("不是合法的 JSON。"),
    "string_type": gettext_lazy("应为文字。"),
    "string_unicode": gettext_lazy("应为 UTF-8 文字。"),
    "string_too_short": gettext_lazy("至少 {min_length} 个字。"),
    "string_too_long": gettext_lazy("最多 {max_length} 个字。"),
    "string_pattern_mismatch": gettext_lazy("格式不对。"),
    "too_short": gettext_lazy("至少 {min_length} 项。"),
    "too_long": gettext_lazy("最多 {max_length} 项。"),
    "list_type": gettext_lazy("应为列表。"),
    "greater_than": gettext_lazy("应大于 {gt}。"),
    "greater_than_equal": gettext_lazy("应不小于 {ge}。"),
    "less_than": gettext_lazy("应小于 {lt}。"),
    "less_than_equal": gettext_lazy("应不大于 {le}。"),
    "bool_type": gettext_lazy("应为 true 或 false。"),
    "bool_parsing": gettext_lazy("应为 true 或 false。"),
    "finite_number": gettext_lazy("应为有限的数。"),
    "enum": gettext_lazy("应为 {expected} 之一。"),
    "literal_error": gettext_lazy("应为 {expected} 之一。"),
}
_FAMILIES = {
    "int": gettext_lazy("应为整数。"),
    "float": gettext_lazy("应为数字。"),
    "decimal": gettext_lazy("应为数字。"),
    "date": gettext_lazy("应为日期，如 2026-03-05。"),
    "datetime": gettext_lazy("应为日期和时间，如 2026-03-05T08:00:00。"),
    "uuid": gettext_lazy("应为完整的编号（UUID）。"),
}


def parameter_words(kind: str, context: Mapping[str, Any]) -> str:
    """The sentence for an error of pydantic: its ``type`` and its ``ctx`` (the bound that was broken).

    A kind nobody has worded yet still answers in Chinese, without saying more than that the value does not fit.
    """
    words = _WORDS.get(kind) or _FAMILIES.get(kind.split("_", maxsplit=1)[0])
    if words is None:
        return _("值不符合要求。")
    return str(words).format(**{key: str(value).replace(" or ", "、") for key, value in context.items()})
