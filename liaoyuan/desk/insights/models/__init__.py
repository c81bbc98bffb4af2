"""The map's ground."""

from liaoyuan.desk.insights.models.base import MapBase

__all__ = ["MapBase"]
