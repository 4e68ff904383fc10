from django.urls import path

from kawasan.areas import ogc_views, views

app_name = "areas"
urlpatterns = [
    path("area/", views.area, name="area"),
    path("area/resources/", views.resources, name="resources"),
    path("area/new/resource/", views.add_resource, name="add_resource"),
    path("area/resources/<str:code>/change/", views.change_resource, name="change_resource"),
    path("area/boundaries/", views.boundaries, name="boundaries"),
    path("area/boundaries.geojson", views.boundaries_geojson, name="boundaries_geojson"),
    path("area/boundaries/store/", views.store_boundaries, name="store_boundaries"),
    path("area/boundaries/remove/", views.remove_boundaries, name="remove_boundaries"),
    path("area/area.geojson", views.geojson, name="geojson"),
    path("ogc/", ogc_views.landing, name="ogc"),
    path("ogc/conformance", ogc_views.conformance, name="ogc_conformance"),
    path("ogc/api", ogc_views.api, name="ogc_api"),
    path("ogc/collections", ogc_views.collections, name="ogc_collections"),
    path("ogc/collections/<str:name>", ogc_views.collection, name="ogc_collection"),
    path("ogc/collections/<str:name>/items", ogc_views.items, name="ogc_items"),
    path("ogc/collections/<str:name>/items/<str:fid>", ogc_views.item, name="ogc_item"),
]
