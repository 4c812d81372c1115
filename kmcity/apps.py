from django.apps import AppConfig


class KmcityConfig(AppConfig):
    name = "kmcity"
