from django.urls import URLPattern, path

from kawasan.areas import figure_views, ogc_views, views

app_name = "areas"


def figures(kind: str, one: str) -> list[URLPattern]:
    """The list of a kind of figures, and how one of them is added, changed and removed."""
    at, given = f"area/{kind.replace('_', '-')}/", {"kind": kind}
    return [
        path(at, figure_views.figures, given, name=kind),
        path(f"{at}add/", figure_views.add_figure, given, name=f"add_{one}"),
        path(f"{at}<int:pk>/", figure_views.change_figure, given, name=f"change_{one}"),
        path(f"{at}<int:pk>/remove/", figure_views.remove_figure, given, name=f"remove_{one}"),
    ]


urlpatterns = [
    path("area/", views.area, name="area"),
    path("area/potential/", views.potential, name="potential"),
    path("area/potential/<str:sector>/", views.sector, name="sector"),
    path("area/assets/", views.assets, name="assets"),
    path("area/assets/<str:place>/<int:year>/", views.place_assets, name="place_assets"),
    path("area/resources/", views.resources, name="resources"),
    path("area/new/resource/", views.add_resource, name="add_resource"),
    path("area/resources/<str:code>/", views.resource, name="resource"),
    path("area/resources/<str:code>/change/", views.change_resource, name="change_resource"),
    path("area/boundaries/", views.boundaries, name="boundaries"),
    path("area/boundaries.geojson", views.boundaries_geojson, name="boundaries_geojson"),
    path("area/boundaries/store/", views.store_boundaries, name="store_boundaries"),
    path("area/boundaries/remove/", views.remove_boundaries, name="remove_boundaries"),
    path("area/resources/<str:code>/remove/", views.remove_resource, name="remove_resource"),
    path("area/resources/<str:code>/photo/", views.set_photo, name="set_photo"),
    path("area/resources/<str:code>/photo/remove/", views.remove_photo, name="remove_photo"),
    path("area/resources/<str:code>/photo.jpg", views.photo, name="photo"),
    path("area/kinds/", views.kinds, name="kinds"),
    path("area/new/kind/", views.add_kind, name="add_kind"),
    path("area/kinds/<str:code>/change/", views.change_kind, name="change_kind"),
    path("area/kinds/<str:code>/remove/", views.remove_kind, name="remove_kind"),
    *figures("sector_figures", "sector_figure"),
    *figures("asset_indicators", "asset_indicator"),
    *figures("asset_values", "asset_value"),
    path("area/area.geojson", views.geojson, name="geojson"),
    path("ogc/", ogc_views.landing, name="ogc"),
    path("ogc/conformance", ogc_views.conformance, name="ogc_conformance"),
    path("ogc/api", ogc_views.api, name="ogc_api"),
    path("ogc/collections", ogc_views.collections, name="ogc_collections"),
    path("ogc/collections/<str:name>", ogc_views.collection, name="ogc_collection"),
    path("ogc/collections/<str:name>/items", ogc_views.items, name="ogc_items"),
    path("ogc/collections/<str:name>/items/<str:fid>", ogc_views.item, name="ogc_item"),
]
