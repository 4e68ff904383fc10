app_name = "value_chain"
urlpatterns = []
