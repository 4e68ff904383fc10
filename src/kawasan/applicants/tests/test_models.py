"""What a person may be."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from kawasan.applicants.tests import factories
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db


def test_nobody_is_born_on_a_day_that_is_still_to_come(programme: Programme) -> None:
    person = factories.person(programme, 1)
    person.birth_date = datetime.date(2090, 1, 1)
    with pytest.raises(ValidationError, match="birth_date"):
        person.full_clean()
