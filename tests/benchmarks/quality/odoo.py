"""Odoo's predictive lead scoring: naive Bayes on counts of each value of each field.

After `_pls_get_naive_bayes_probabilities` in addons/crm/models/crm_lead.py of github.com/odoo/odoo
(seen in version 17): 0.1 is added to every count, values that are missing or were never seen are
passed over, and the answer stays between 0.01 % and 99.99 %.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

ADDED = 0.1
LEAST = 0.0001


def naive_bayes(past: pd.DataFrame, label: np.ndarray, later: pd.DataFrame) -> np.ndarray:
    """Probabilities (n,) for `later`; every value is a word, as Odoo stores it."""
    share = label.mean()
    odds = np.full(len(later), np.log(share / (1 - share)))
    for name in past.columns:
        seen = past[name].notna() & (past[name].astype(str) != "")
        words = past[name][seen].astype(str)
        won = words[label[seen] == 1].value_counts()
        lost = words[label[seen] == 0].value_counts()
        counts = pd.DataFrame({"won": won, "lost": lost}).fillna(0.0) + ADDED
        if counts.empty:
            continue
        ratio = np.log(counts["won"] / counts["won"].sum()) - np.log(
            counts["lost"] / counts["lost"].sum()
        )
        odds += later[name].astype(str).map(ratio).fillna(0.0).to_numpy()
    return np.asarray(np.clip(1 / (1 + np.exp(-odds)), LEAST, 1 - LEAST))
