"""A view of DRF that checks the key and does nothing else: what a request costs at the least."""

from __future__ import annotations

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadscoring.access.authentication import ApiKeyAuthentication
from leadscoring.access.permissions import MatrixPermission


class EmptyView(APIView):
    """POST /api/predict: an empty object."""

    resource = "predict"
    authentication_classes = [ApiKeyAuthentication]
    permission_classes = [MatrixPermission]

    def post(self, request: Request) -> Response:
        return Response({})


urlpatterns = [path("api/predict", EmptyView.as_view())]
