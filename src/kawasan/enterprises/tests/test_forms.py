from django.utils.translation import override

from kawasan.enterprises.forms import EntryForm
from kawasan.enterprises.tests import factories
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme


def form(programme: Programme, **typed: str) -> EntryForm:
    enterprise = factories.enterprise(factories.participant(programme))
    return EntryForm(typed or None, programme=programme, enterprise=enterprise, today=today(programme))


def test_a_form_of_a_model_takes_money_with_its_sign_and_the_keyboard_of_digits(programme: Programme) -> None:
    shown = str(form(programme)["amount_idr"])
    assert '<span class="input-group-text">Rp</span>' in shown
    assert 'inputmode="numeric"' in shown
    assert 'type="text"' in shown


def test_what_was_typed_stays_as_typed_beside_its_fault(programme: Programme) -> None:
    bound = form(programme, amount_idr="50,000", what="")
    with override("id"):
        assert "amount_idr" in bound.errors
        assert 'value="50,000"' in str(bound["amount_idr"])
