"""Enter, correct and remove resources, their kinds and their photos."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction

from kawasan.areas import rules
from kawasan.areas.models import Resource, ResourceKind
from kawasan.core import photos
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.programmes.models import Programme

SOME = 3  # of what stands in the way of a removal; more would not be read


@transaction.atomic
def add_resource(*, programme: Programme, by: User | None, **answers: Any) -> Resource:
    """Enter a resource of the area."""
    resource = Resource(programme=programme, **answers)
    _refuse_unit_that_does_not_fit(resource)
    resource.full_clean()
    resource.save()
    log("areas.resource_added", resource, by=by)
    return resource


@transaction.atomic
def change_resource(*, resource: Resource, changes: Mapping[str, Any], by: User | None) -> Resource:
    """Correct what is known of a resource; only the changed columns are written."""
    if not changes:
        return resource
    before = set_columns(resource, changes)
    _refuse_unit_that_does_not_fit(resource)
    resource.full_clean()
    resource.save(update_fields=tuple(changes))
    log("areas.resource_changed", resource, by=by, changes=before)
    return resource


@transaction.atomic
def remove_resource(*, resource: Resource, by: User | None) -> None:
    """Take a resource out; its photo goes with it."""
    refuse_use(resource, resource._meta.related_objects)
    log("areas.resource_removed", resource.programme, by=by, deleted=[resource], is_written=False, name=str(resource))
    name = resource.photo
    resource.delete()
    _forget_unused(name)


@transaction.atomic
def set_photo(*, resource: Resource, photo: photos.Photo, by: User | None) -> None:
    """Give a resource a photo in place of the one that it may have."""
    old = resource.photo
    if photo.name == old:
        return
    resource.photo = photo.name
    resource.save(update_fields=("photo",))
    log("areas.photo_set", resource, by=by)
    transaction.on_commit(lambda: photos.keep(photo))
    _forget_unused(old)


@transaction.atomic
def remove_photo(*, resource: Resource, by: User | None) -> None:
    """Take the photo of a resource away, and its file too where no other resource shows it."""
    old = resource.photo
    if not old:
        return
    resource.photo = ""
    resource.save(update_fields=("photo",))
    log("areas.photo_removed", resource, by=by)
    _forget_unused(old)


@transaction.atomic
def add_kind(*, programme: Programme, by: User | None, **answers: Any) -> ResourceKind:
    """Add a kind to the catalogue of a capital."""
    kind = ResourceKind(programme=programme, **answers)
    kind.full_clean()
    kind.save()
    log("areas.kind_added", kind, by=by)
    return kind


@transaction.atomic
def change_kind(*, kind: ResourceKind, changes: Mapping[str, Any], by: User | None) -> ResourceKind:
    """Correct a kind; its unit must still fit the resources that are there."""
    if not changes:
        return kind
    before = set_columns(kind, changes)
    for unit in kind.resources.order_by("unit").values_list("unit", flat=True).distinct():
        if rules.reasons_unit_does_not_fit(unit, kind.name, kind.unit):
            raise Refused(
                Text(
                    _("Resources of this kind are measured in {unit}; change them first, or add another kind."),
                    {"unit": unit},
                )
            )
    kind.full_clean()
    kind.save(update_fields=tuple(changes))
    refuse_use(kind, [found for found in kind._meta.related_objects if not _still_fits(kind, found)])
    log("areas.kind_changed", kind, by=by, changes=before)
    return kind


@transaction.atomic
def remove_kind(*, kind: ResourceKind, by: User | None) -> None:
    """Take a kind that no resource has out of the catalogue."""
    refuse_use(kind, kind._meta.related_objects)
    log("areas.kind_removed", kind.programme, by=by, deleted=[kind], is_written=False, name=str(kind))
    kind.delete()


def set_columns(row: models.Model, changes: Mapping[str, Any]) -> dict[str, list[str]]:
    """Set columns of a row; returns what each was and is, for the log."""
    stored = type(row)._base_manager.get(pk=row.pk)  # a form has set them on the row already
    before = {name: [_said(getattr(stored, name)), _said(value)] for name, value in changes.items()}
    for name, value in changes.items():
        setattr(row, name, value)
    return before


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def _refuse_unit_that_does_not_fit(resource: Resource) -> None:
    kind = resource.kind
    if reasons := rules.reasons_unit_does_not_fit(resource.unit, str(kind), kind.unit):
        raise Refused(*reasons)


def _still_fits(kind: ResourceKind, relation: models.ForeignObjectRel) -> bool:
    """Whether rows that may refer to some kinds only may refer to this one."""
    return ResourceKind.objects.complex_filter(relation.limit_choices_to).filter(pk=kind.pk).exists()


def refuse_use(row: models.Model, relations: Iterable[models.ForeignObjectRel]) -> None:
    """Say what refers to a row by these relations; later stages are followed without being known."""
    users: list[models.Model] = []
    for relation in relations:
        rows: models.QuerySet[Any] = getattr(row, str(relation.get_accessor_name())).all()
        users += rows[: SOME + 1 - len(users)]
    if users:
        named = ", ".join(str(user) for user in users[:SOME]) + (", …" if len(users) > SOME else "")
        raise Refused(Text(_("It is used by: {users}. Change or remove that first."), {"users": named}))


def _forget_unused(name: str) -> None:
    """Delete a photo's file once the change is stored, unless another resource shows the same picture."""
    if name and not Resource.objects.filter(photo=name).exists():
        transaction.on_commit(lambda: photos.forget(name))
