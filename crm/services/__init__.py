"""What the business can do with leads: one verb a module, every change with its history."""

from crm.services.cleaning import clean_lead, clean_outcome
from crm.services.columns import CleanedColumns, clean_columns
from crm.services.lead_erase import lead_erase, leads_erase
from crm.services.lead_mention import leads_mention
from crm.services.lead_upsert import UpsertResult, lead_upsert, leads_upsert
from crm.services.outcome_record import (
    RecordResult,
    outcome_record,
    outcome_withdraw,
    outcomes_record,
)
from crm.values import UNSET, Actor, LeadColumns, LeadData, OutcomeData, Unset

__all__ = [
    "UNSET",
    "Actor",
    "CleanedColumns",
    "LeadColumns",
    "LeadData",
    "OutcomeData",
    "RecordResult",
    "Unset",
    "UpsertResult",
    "clean_columns",
    "clean_lead",
    "clean_outcome",
    "lead_erase",
    "lead_upsert",
    "leads_erase",
    "leads_mention",
    "leads_upsert",
    "outcome_record",
    "outcome_withdraw",
    "outcomes_record",
]
