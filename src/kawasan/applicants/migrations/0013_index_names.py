from itertools import islice
from typing import Any

from django.db import migrations

from kawasan.applicants.services.names import index_pairs

CHUNK = 5_000


def index_all(apps: Any, _schema_editor: Any) -> None:
    """Have everybody found by name who is there already."""
    rows = (
        apps.get_model("applicants", "Person").objects.values_list("programme_id", "pk", "name").order_by("programme")
    )
    for programme in dict.fromkeys(rows.values_list("programme_id", flat=True)):
        named = rows.filter(programme=programme).values_list("pk", "name").iterator()
        while chunk := list(islice(named, CHUNK)):
            index_pairs(programme, chunk)


class Migration(migrations.Migration):
    dependencies = [("applicants", "0012_found_by_name")]

    operations = [migrations.RunPython(index_all, migrations.RunPython.noop)]
