"""Language and time: Chinese source strings, Shanghai time on screen, UTC in the database."""

from pathlib import Path

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [Path(__file__).resolve().parents[2] / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
FILTERS_EMPTY_CHOICE_LABEL = "全部"
FORMAT_MODULE_PATH = ["liaoyuan.config.formats"]
