from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "leadscoring.access"
    label = "access"
    verbose_name = "Access"
