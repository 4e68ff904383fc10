from django.urls import path

from kawasan.areas import views

app_name = "areas"
urlpatterns = [
    path("area/", views.area, name="area"),
    path("area/resources/", views.resources, name="resources"),
    path("area/new/resource/", views.add_resource, name="add_resource"),
    path("area/resources/<str:code>/change/", views.change_resource, name="change_resource"),
    path("area/map/", views.map_page, name="map"),
    path("area/boundaries/", views.boundaries, name="boundaries"),
    path("area/boundaries/store/", views.store_boundaries, name="store_boundaries"),
    path("area/boundaries/remove/", views.remove_boundaries, name="remove_boundaries"),
    path("area/area.geojson", views.geojson, name="geojson"),
]
