"""Rules, dry runs, statistics, burden and parameters on screen."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from liaoyuan.foundation.inbox.models import Item
from liaoyuan.foundation.regulations.models import ParameterOverride
from liaoyuan.foundation.regulations.services.overrides import override_set
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty, DutyState, Reminder
from liaoyuan.organisation.duties.rules.closing import closing
from liaoyuan.organisation.duties.selectors.burden import burden
from liaoyuan.organisation.duties.selectors.dryrun import dry_run
from liaoyuan.organisation.duties.selectors.rulebook import rule_lines
from liaoyuan.organisation.duties.services import duties_evaluate, reminders_send
from liaoyuan.organisation.duties.tests.conftest import SYSTEM, TODAY, Scene, apply_on, happened

TALK = registry.rule("DM-03")
PARAMETER = reverse("duties:parameter", args=["admission.talk_within"])


def text(response) -> str:  # type: ignore[no-untyped-def]
    return re.sub(r"\s+", " ", response.content.decode())


def page_of(rule: str) -> str:
    return reverse("duties:rule", args=[rule])


def test_every_rule_has_a_page_with_its_clause_and_origin(client: Client, scene: Scene) -> None:
    scene.house.login(client, "branch_secretary")
    for rule in registry.all_rules():
        page = client.get(page_of(rule.id))
        assert page.status_code == 200, rule.id
        assert rule.title in text(page)
        assert "《" in text(page), rule.id
        assert "%(" not in text(page)
    assert client.get(page_of("XX-99")).status_code == 404


def test_why_one_month(client: Client, scene: Scene) -> None:
    house = scene.house
    page = text(house.login(client, "member").get(page_of("DM-03")))
    assert "1个月" in page
    assert "《中国共产党发展党员工作细则（2026年）》第7条（已核对原文）" in page
    assert "#admission-2014-7" in page  # the older text, for cases begun under it
    assert "试算" not in page  # a member runs none
    override_set(
        actor=SYSTEM, parameter_id="admission.talk_within", path=house.battalion_a.path, unit_id=house.battalion_a.pk,
        unit_name="甲营党委", value="P15D", since=date(2026, 11, 1), reason="营党委决定从严",
    )  # fmt: skip
    there = text(house.login(client, "branch_secretary").get(page_of("DM-03")))
    assert "15天" in there
    assert "甲营党委自2026-11-01起调整：营党委决定从严" in there
    elsewhere = text(house.login(client, "branch_secretary_b").get(page_of("DM-03")))
    assert "营党委决定从严" not in elsewhere


def test_a_dry_run_tells_who_would_be_reminded_and_why(scene: Scene) -> None:
    actor = scene.house.actor("branch_secretary")
    run = dry_run(actor, TALK, date(2026, 11, 25))
    names = {row.one.name: row for row in run.rows}
    assert set(names) == {"甲申请", "甲逾期"}
    assert (run.total, run.now) == (2, 1)
    assert names["甲申请"].now
    assert names["甲申请"].who == "甲指导员（书记）"
    assert names["甲逾期"].climbs
    assert "第7条" in names["甲申请"].why
    before = dry_run(actor, TALK, date(2026, 10, 24))
    assert [row.one.name for row in before.rows] == ["甲逾期"]


def test_a_dry_run_names_at_most_two_hundred_and_says_how_many(
    client: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liaoyuan.organisation.duties.selectors.dryrun.MOST", 1)
    monkeypatch.setattr("liaoyuan.organisation.duties.views.rule_pages.MOST", 1)
    page = text(scene.house.login(client, "branch_secretary").get(page_of("DM-03"), {"on": "2026-11-25"}))
    assert "应办 2 件，其中当天提醒 1 件" in page
    assert "只列前 1 件" in page
    assert "甲申请递交" in page
    assert "甲逾期递交" not in page


def test_a_dry_run_of_a_guarded_rule_asks_for_the_files_too(scene: Scene) -> None:
    house = scene.house
    happened(house.people["member"], "discipline.warning", date(2026, 11, 1))
    rule = registry.rule("DP-02")
    assert dry_run(house.actor("branch_secretary"), rule, TODAY).total == 1
    assert dry_run(house.actor("branch_secretary_b"), rule, TODAY).total == 0
    assert dry_run(house.actor("group_leader"), rule, TODAY).total == 0


@pytest.mark.parametrize("on", ["", "昨天", "1066-01-01", "2099-01-01", "2026-02-30", "\x00"])
def test_a_day_that_cannot_be_run_is_refused_in_words(client: Client, scene: Scene, on: str) -> None:
    response = scene.house.login(client, "branch_secretary").get(page_of("DM-03"), {"on": on})
    assert response.status_code == 422
    assert response.context["form"].errors["on"]


def test_closing_statistics_are_silent_about_few() -> None:
    def span(days: int, due: int = 10, number: int = 1, *, missed: bool = False) -> tuple[date, date, date, int, bool]:
        first = date(2026, 1, 1)
        closed, last = (date.fromordinal(first.toordinal() + add) for add in (days, due))
        return first, closed, last, number, missed

    few = closing([span(3), span(40)])
    assert (few.count, few.median, few.tail, few.share, few.in_time, few.dated) == (2, None, None, None, 1, 2)
    some = closing([span(2), span(4), span(6), span(8), span(12)])
    assert (some.median, some.tail, some.share) == (6, None, 80)
    many = closing([span(1, number=18), span(9), span(99)])
    assert (many.count, many.median, many.tail, many.share) == (20, 1, 1, 95)
    told = closing([span(2, number=4), span(2, missed=True)])  # whatever day a correction gave it
    assert (told.missed, told.in_time, told.dated, told.share) == (1, 4, 5, 80)
    early = closing([(date(2026, 1, 5), date(2026, 1, 1), None, 5, False)])
    assert (early.median, early.dated, early.share) == (0, 0, None)


def test_the_rule_page_tells_what_is_not_in_the_figures(client: Client, scene: Scene) -> None:
    for number in range(6):
        person = apply_on(scene.house.branch_a, f"谈过{number}", date(2026, 10, 1))
        duties_evaluate()
        happened(person, "admission.talk", date(2026, 10, 11 + number), mode="电话", who="甲")
    duties_evaluate()
    page = text(scene.house.login(client, "branch_secretary").get(page_of("DM-03")))
    assert "6 件" in page
    assert "12.5 天" in page
    assert "不足 20 件，不作统计" in page
    assert "100%" in page
    assert "还没办结的 2 件（逾期 1 件）不在上面的数里" in page
    other = text(scene.house.login(client, "branch_secretary_b").get(page_of("DM-03")))
    assert "您的范围内没有办结过" in other


def test_the_rules_page_counts_ones_own_reach(client: Client, scene: Scene, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    scene.house.login(client, "branch_secretary")
    client.get(reverse("duties:rules"))
    with django_assert_max_num_queries(12):
        page = text(client.get(reverse("duties:rules")))
    assert "?rule=DM-03&amp;state=late" in page
    other = text(scene.house.login(client, "branch_secretary_b").get(reverse("duties:rules")))
    assert "?rule=DM-03&amp;state=late" not in other


def test_the_page_says_in_which_hours_nothing_goes_out(
    client: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.house.login(client, "branch_secretary")
    assert "22:00 至 06:30 不向站外发，之后补发（全平台的设置）" in text(client.get(page_of("DM-03")))
    own = {"18:00-08:00": "18:00 至 08:00 不向站外发，之后补发（这条规则自定）", "none": "没有，随时可发"}
    for quiet, words in own.items():
        rules = tuple(replace(one, quiet=quiet) for one in registry.all_rules())
        monkeypatch.setattr(registry, "all_rules", lambda rules=rules: rules)
        assert words in text(client.get(page_of("DM-03")))
    Reminder.objects.all().delete()
    Item.objects.all().delete()
    Duty.objects.unscoped("test").update(told="")
    reminders_send()
    assert set(Item.objects.filter(key__startswith="duty:").values_list("quiet", flat=True)) == {"none"}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("MT-01", "每季度1次"), ("MT-05", "每月1次"), ("MT-08", "每年1次"), ("ED-01", "每年32学时"),
        ("DF-13", "每月一次"), ("DM-07", "每6个月一次"), ("BR-02", "超过50人"), ("BR-07", "满7人"),
        ("TR-02", "超过6个月"), ("DM-03", "1个月"), ("ED-03", "每年一次，提前7天"), ("TB-06", ""),
        ("BR-11", "届满前6个月"),
    ],
)  # fmt: skip
def test_a_term_is_said_as_people_say_it(client: Client, scene: Scene, rule: str, words: str) -> None:
    line = next(one for one in rule_lines(scene.house.actor("branch_secretary")) if one.rule.id == rule)
    assert line.often == words
    if words:
        assert words in text(scene.house.login(client, "branch_secretary").get(page_of(rule)))


def test_no_bare_number_stands_for_a_term(client: Client, scene: Scene) -> None:
    page = text(scene.house.login(client, "branch_secretary").get(reverse("duties:rules")))
    assert not re.search(r'data-label="期限">\d*(</td>|<span| <span)', page)
    assert "每季度1次" in page
    override_set(
        actor=SYSTEM, parameter_id="branch.theme_days_per_month", path=scene.house.battalion_a.path,
        unit_id=scene.house.battalion_a.pk, unit_name="甲营党委", value=2, since=date(2026, 11, 1), reason="从严",
    )  # fmt: skip
    assert "每月2次" in text(client.get(reverse("duties:rules")))
    other = text(scene.house.login(client, "branch_secretary_b").get(reverse("duties:rules")))
    assert "每月2次" not in other


# —— burden ——


def test_the_burden_counts_this_week_for_the_first_holder(scene: Scene) -> None:
    house = scene.house
    found = burden(house.actor("branch_secretary"))
    load = next(load for load in found.loads if load.name == "甲指导员")
    # Two talks (four fields, ten minutes each): one due this week is on Wednesday after Sunday's week, one is overdue.
    rules = Duty.objects.unscoped("t").filter(path__startswith=house.branch_a.path, state=DutyState.OPEN)
    due = rules.filter(due__lte=date(2026, 11, 22)).exclude(rule__in=["ED-01", "ED-02", "DF-13", "DM-11"])
    assert load.items == due.count()
    assert load.minutes == sum(registry.rule(one.rule).minutes for one in due)
    assert not any(load.name.startswith("乙") for load in found.loads)


def test_what_closed_by_itself_asked_for_no_field(scene: Scene) -> None:
    house = scene.house
    before = burden(house.actor("branch_secretary"), house.branch_a.pk).everybody
    happened(scene.late, "admission.talk", date(2026, 11, 20), mode="电话", who="甲")
    duties_evaluate()
    after = burden(house.actor("branch_secretary"), house.branch_a.pk).everybody
    assert (after.items, after.minutes) == (before.items, before.minutes)
    assert after.fields == before.fields - TALK.fields


def test_the_burden_costs_a_constant_number_of_queries(scene: Scene, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    actor = scene.house.actor("organisation_clerk")
    with django_assert_num_queries(6):
        burden(actor)
    for number in range(5):
        apply_on(scene.house.branch_a, f"又一人{number}", date(2026, 9, 1))
    duties_evaluate()
    with django_assert_num_queries(6):
        burden(actor)


def test_the_burden_page_says_what_its_numbers_mean(client: Client, scene: Scene) -> None:
    house = scene.house
    page = text(house.login(client, "branch_secretary").get(reverse("duties:burden")))
    assert "分钟是每条规则写明的估计数，不是测出来的" in page
    assert "甲指导员" in page
    for unit, code in ((str(house.branch_b.pk), 404), ("x", 404), (str(house.branch_a.pk), 200)):
        assert client.get(reverse("duties:burden"), {"unit": unit}).status_code == code


# —— parameters ——

GOOD = {"unit": "L-A", "value": "15天", "since": "2026-11-22", "until": "", "reason": "旅党委决定"}


def test_a_clerk_sets_a_term_and_everything_is_counted_anew(client: Client, scene: Scene) -> None:
    scene.house.login(client, "organisation_clerk")
    page = text(client.post(PARAMETER, GOOD, follow=True))
    row = ParameterOverride.objects.unscoped("t").get()
    assert (row.value, row.unit_name, row.path) == ("P15D", "甲营党委", scene.house.battalion_a.path)
    assert "甲营党委" in page
    assert "旅党委决定" in page
    assert DBTaskResult.objects.filter(task_path__endswith="duties.tasks.evaluate").count() == 1
    duties_evaluate()
    assert scene.duty(scene.applicant).due == date(2026, 11, 9)
    assert scene.duty(scene.other).due == date(2026, 11, 25)
    assert "执行中" in text(client.get(reverse("duties:parameters")))


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"value": "很久"}, "value", "请写成“30天”“1个月”“1年6个月”这样的时长"),
        ({"value": "P"}, "value", "请写成"),
        ({"value": "-3天"}, "value", "请写成"),
        ({"value": "99999999天"}, "value", "请写成"),
        ({"value": "0天"}, "value", "时长“0天”应大于 0"),
        ({"value": "P0M"}, "value", "时长“0天”应大于 0"),
        ({"value": "51年"}, "value", "时长“51年”应不超过 50 年"),
        ({"value": ""}, "value", "这个字段"),
        ({"unit": "没有"}, "unit", "没有找到这个组织"),
        ({"since": "明天"}, "since", "有效的日期"),
        ({"until": "2026-11-01"}, "until", "止期不能早于起期"),
        ({"reason": " "}, "reason", "这个字段"),
        ({"reason": "x" * 301}, "reason", "300"),
    ],
)
def test_a_bad_parameter_is_refused_at_its_field(
    client: Client, scene: Scene, change: dict[str, str], field: str, words: str
) -> None:
    response = scene.house.login(client, "organisation_clerk").post(PARAMETER, {**GOOD, **change})
    assert response.status_code == 422
    assert words in "".join(response.context["form"].errors[field])
    assert not ParameterOverride.objects.unscoped("t").exists()


@pytest.mark.parametrize(
    ("parameter", "value", "stored"),
    [
        ("admission.talk_within", "1年6个月", "P1Y6M"),
        ("admission.talk_within", "P2M", "P2M"),
        ("branch.branch_members_most", "60", 60),
        ("branch.quorum_at_least", "2/3", "2/3"),
        ("branch.quorum_at_least", "80%", "4/5"),
        ("branch.quorum_at_least", "0.5", "1/2"),
        ("posting.counts_first_day", "yes", True),
        ("posting.counts_first_day", "no", False),
        ("dues.bands", "3000:0.5% *:1%", "3000:0.5% *:1%"),
        ("posting.working_days", "1", 1),
        ("branch.branch_members_most", "0", 0),
        ("admission.activist_review_every", "1天", "P1D"),
        ("admission.activist_review_every", "50年", "P50Y"),
    ],
)
def test_each_type_is_typed_as_people_say_it(
    client: Client, scene: Scene, parameter: str, value: str, stored: object
) -> None:
    scene.house.login(client, "organisation_clerk")
    url = reverse("duties:parameter", args=[parameter])
    response = client.post(url, {**GOOD, "value": value})
    assert response.status_code == 302, response.context["form"].errors
    assert ParameterOverride.objects.unscoped("t").get().value == stored
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("branch.quorum_at_least", "3/2"), ("branch.quorum_at_least", "1/0"), ("branch.quorum_at_least", "1e9999999"),
        ("branch.branch_members_most", "-1"), ("branch.branch_members_most", "五十"),
        ("branch.branch_members_most", "99999999999999999999"), ("posting.counts_first_day", "maybe"),
        ("dues.bands", "5000:1% 3000:2% *:3%"), ("dues.bands", "1e99999:1% *:2%"), ("dues.bands", "*:abc%"),
        ("dues.bands", "3000:0.5%"), ("dues.bands", "..:1% *:2%"), ("posting.working_days", "0"),
        ("admission.candidate_posting", "0"), ("admission.activist_review_every", "0天"),
    ],
)  # fmt: skip
def test_bad_values_of_every_type_are_refused(client: Client, scene: Scene, parameter: str, value: str) -> None:
    response = scene.house.login(client, "organisation_clerk").post(
        reverse("duties:parameter", args=[parameter]), {**GOOD, "value": value}
    )
    assert response.status_code == 422
    assert response.context["form"].errors["value"]
    assert not ParameterOverride.objects.unscoped("t").exists()


def test_a_second_setting_of_the_same_day_is_a_conflict_at_its_field(client: Client, scene: Scene) -> None:
    scene.house.login(client, "organisation_clerk")
    client.post(PARAMETER, GOOD)
    response = client.post(PARAMETER, {**GOOD, "value": "20天"})
    assert response.status_code == 422
    assert "请先撤销那一条" in "".join(response.context["form"].errors["since"])


def test_ending_an_override_brings_the_text_back(client: Client, scene: Scene) -> None:
    scene.house.login(client, "organisation_clerk")
    client.post(PARAMETER, GOOD)
    row = ParameterOverride.objects.unscoped("t").get()
    url = reverse("duties:override_end", args=[row.pk])
    assert client.post(url, {"on": "2026-11-22", "reason": " "}).status_code == 422
    assert client.post(url, {"on": "2026-11-21", "reason": "不再需要"}).status_code == 302
    assert not ParameterOverride.objects.unscoped("t").exists()  # never bound at all
    assert client.get(url).status_code == 404


def test_nobody_sets_a_term_beyond_his_reach(client: Client, scene: Scene) -> None:
    house = scene.house
    for persona in ("branch_secretary", "battalion_secretary", "inspector"):
        house.login(client, persona)
        assert client.post(PARAMETER, GOOD).status_code == 403
    assert not ParameterOverride.objects.unscoped("t").exists()
    house.login(client, "organisation_clerk")
    assert client.get(reverse("duties:parameter", args=["no.such"])).status_code == 404
    assert client.get(reverse("duties:parameter", args=["nothing"])).status_code == 404
