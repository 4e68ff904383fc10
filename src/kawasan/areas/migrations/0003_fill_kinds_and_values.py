"""Kinds of resources that were text become rows, and the value of an indicator becomes that of the whole area."""

import re

from django.db import migrations, models

ENGLISH = {
    "air": "water",
    "bahan": "materials",
    "bantuan": "grants",
    "bengkel": "workshops",
    "dapur": "kitchens",
    "hasil hutan bukan kayu": "forest products other than timber",
    "hijauan": "fodder",
    "ikan": "fish and seafood",
    "keahlian": "skills",
    "kelompok": "groups",
    "kios": "kiosks",
    "kredit": "credit",
    "lahan": "land",
    "lapak": "stalls",
    "lembaga": "institutions",
    "lembaga warga": "residents' associations",
    "limbah organik": "organic waste",
    "penduduk": "inhabitants",
    "studio": "studios",
    "tenaga kerja": "workforce",
    "toko": "shops",
}
"""What the code knew of the kinds that folders wrote as text."""


def make_kinds(apps, schema_editor):
    """One kind for each capital, word and unit in use, so that every resource fits its kind."""
    Kind = apps.get_model("areas", "ResourceKind")
    kinds = {}
    for resource in apps.get_model("areas", "Resource").objects.order_by("pk"):
        word = resource.kind_text.strip() or resource.capital
        key = (resource.programme_id, resource.capital, word.lower(), resource.unit)
        if key not in kinds:
            code = _free_code(word, {k.code for k in kinds.values() if k.programme_id == resource.programme_id})
            kinds[key] = Kind.objects.create(
                programme_id=resource.programme_id,
                code=code,
                capital=resource.capital,
                name=word,
                name_en=ENGLISH.get(word.lower(), ""),
                unit=resource.unit,
            )
        resource.kind = kinds[key]
        resource.save(update_fields=("kind",))


def _free_code(word, taken):
    stem = re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")[:50] or "jenis"
    code, number = stem, 1
    while code in taken:
        number += 1
        code = f"{stem}-{number}"
    return code


def correct_use(apps, schema_editor):
    """More use than there is could be entered before; what is known for sure is that there was as much as was used."""
    for resource in apps.get_model("areas", "Resource").objects.filter(used__gt=models.F("quantity")):
        resource.quantity = resource.used
        resource.save(update_fields=("quantity",))


def make_values(apps, schema_editor):
    """The one value that an indicator had was that of the whole area in the year of the programme."""
    Place, Value = apps.get_model("areas", "Place"), apps.get_model("areas", "AssetValue")
    for indicator in apps.get_model("areas", "AssetIndicator").objects.select_related("programme").order_by("pk"):
        indicator.direction = "more" if indicator.worst < indicator.best else "less"
        indicator.save(update_fields=("direction",))
        programme = indicator.programme
        places = Place.objects.filter(programme=programme).order_by("code")
        if place := places.filter(code=programme.area_code).first() or places.first():
            Value.objects.create(
                programme=programme,
                indicator=indicator,
                place=place,
                year=programme.year,
                value=indicator.value,
                source=indicator.source,
            )


class Migration(migrations.Migration):
    dependencies = [("areas", "0002_kinds_figures_and_values")]

    operations = [
        migrations.RunPython(make_kinds, migrations.RunPython.noop),
        migrations.RunPython(correct_use, migrations.RunPython.noop),
        migrations.RunPython(make_values, migrations.RunPython.noop),
    ]
