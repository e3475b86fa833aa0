"""The only place where stored rows become what a model sees: features, labels, days.

`features` maps a lead or one of its history rows to `LeadFeatures`.
"""

from scoring.dataset.features import features_from, features_of

__all__ = ["features_from", "features_of"]
