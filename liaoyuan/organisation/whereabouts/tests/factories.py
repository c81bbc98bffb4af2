"""Purposes, postings and check-ins for tests; people and units come from members."""

from datetime import date

import factory

from liaoyuan.kernel import clock
from liaoyuan.organisation.members.tests.factories import PersonFactory, SiteFactory
from liaoyuan.organisation.whereabouts.models import CheckIn, Posting, Purpose

TODAY = date(2026, 11, 22)


class PurposeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Purpose
        django_get_or_create = ("name",)

    name = "驻训"


class PostingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Posting

    person = factory.SubFactory(PersonFactory)
    purpose = factory.SubFactory(PurposeFactory)
    site = factory.SubFactory(SiteFactory, name="西北驻训点", lon=100.45, lat=38.93)
    since = date(2026, 10, 1)
    planned_end = date(2026, 12, 20)


class CheckInFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CheckIn

    person = factory.SubFactory(PersonFactory)
    site = factory.SubFactory(SiteFactory, name="打卡点", lon=103.83, lat=36.06)
    at = factory.LazyFunction(clock.now)
    lon = factory.LazyAttribute(lambda row: row.site.lon)
    lat = factory.LazyAttribute(lambda row: row.site.lat)
