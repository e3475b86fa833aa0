"""The only place where stored rows become what a model sees: features, labels, days.

`features` maps a lead or one of its history rows to `LeadFeatures`; `days` decides which days
of a lead's life are training rows and what their labels are; `training` reads them all.
"""

from scoring.dataset.features import COLUMNS, features_from, features_of
from scoring.dataset.training import Dataset, training_examples

__all__ = ["COLUMNS", "Dataset", "features_from", "features_of", "training_examples"]
