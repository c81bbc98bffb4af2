"""Every setting is documented and every document of settings is true."""

from liaoyuan.config.options import Options
from scripts import generated


def test_every_setting_has_a_description() -> None:
    assert not [field for field, info in Options.model_fields.items() if not info.description]


def test_the_page_of_settings_is_up_to_date() -> None:
    page = generated.ROOT / "docs" / "operations" / "settings.md"
    assert page.read_text() == generated.settings_page(), "run: make format"


def test_the_api_snapshot_is_up_to_date() -> None:
    page = generated.ROOT / "docs" / "api" / "openapi.json"
    assert page.read_text() == generated.openapi(), "run: make format, and look at what changed"
