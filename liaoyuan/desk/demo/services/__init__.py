"""What the demonstration does: load the brigade, prepare log-ins, keep the map alive."""

from liaoyuan.desk.demo.services.heartbeat import beat
from liaoyuan.desk.demo.services.loading import load, loaded, unfinished

__all__ = ["beat", "load", "loaded", "unfinished"]
