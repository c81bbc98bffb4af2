"""What the rule book says of clauses: every row that a screen names stands in a text, every address opens a page."""

from django.urls import resolve, reverse

from liaoyuan.foundation.regulations.citations import citations, screens
from liaoyuan.foundation.regulations.selectors import documents
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.citations import clauses_of

# Apps with screens on which somebody acts under a clause.
_ACTING = {"admission", "orglife", "notices", "units", "members", "whereabouts", "duties"}


def test_every_row_that_a_screen_names_stands_in_a_text_and_its_address_resolves() -> None:
    known = {fact for document in documents() for clause in document.clauses.values() for fact in clause.facts}
    for screen in screens():
        assert screen.facts, screen.label
        assert not set(screen.facts) - known, (screen.label, sorted(set(screen.facts) - known))
        assert resolve(reverse(screen.route)).view_name == screen.route


def test_every_acting_app_names_its_screens() -> None:
    assert {screen.route.partition(":")[0] for screen in screens()} == _ACTING


def test_every_cited_clause_exists_and_every_link_resolves() -> None:
    known = {(document.id, number) for document in documents() for number in document.clauses}
    cited = citations()
    assert cited
    for where, rows in cited.items():
        assert where in known
        for one in rows:
            assert resolve(one.url).view_name


def test_every_duty_rule_rests_on_a_clause_of_the_book() -> None:
    for rule in registry.all_rules():
        assert list(clauses_of(rule)), rule.id
