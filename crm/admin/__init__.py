"""The sales team's pages. All that is saved goes through the services, so history tells who."""

from crm.admin.leads import LeadAdmin
from crm.admin.outcomes import OutcomeAdmin

__all__ = ["LeadAdmin", "OutcomeAdmin"]
