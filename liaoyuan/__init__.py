"""燎原：内网智慧党建平台。"""

import os

__version__ = "0.1.0"

# pypinyin's table of phrases takes 44 MB of every process and a quarter of a second of every start; names are read
# character by character, so nobody misses it. It looks at this when it is imported.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
