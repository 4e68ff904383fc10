import pytest

from kawasan.core.language import in_words
from kawasan.enterprises import services
from kawasan.enterprises.tests import factories
from kawasan.reports import queries

pytestmark = pytest.mark.django_db


def test_a_sale_that_was_taken_back_is_no_sale_of_the_case(programme, ani):
    enterprise = factories.enterprise(factories.participant(programme))
    factories.entry(enterprise, "sale", 90_000)
    services.reverse_entry(entry=factories.entry(enterprise, "sale", 20_000), by=ani)
    event = next(event for event in queries.case(enterprise.owner) if event.icon == "store")
    assert in_words(event.details[0]) == "Sales in the cash book: Rp90,000"
