/** A message -> what the page knows: patched where it says enough, reloaded where it does not. */

import type { QueryClient } from "@tanstack/react-query";

import type { components, Message } from "../api/index";
import { localised } from "../shared/prose";
import { toast } from "../shared/toast";
import { type Lead, modelTypeLabel } from "../shared/types";

type Page = components["schemas"]["LeadsResponse"];
type Batch = components["schemas"]["Batch"];

interface Scored {
  id: string;
  score: number;
  previousScore: number | null;
  grade: Lead["grade"];
  conversionProbability: number;
  modelVersion: number;
}

export function applyMessage(queryClient: QueryClient, { kind, payload }: Message): void {
  const reload = (...queryKey: unknown[]) => void queryClient.invalidateQueries({ queryKey });
  switch (kind) {
    case "score.updated":
      patchLead(queryClient, payload as unknown as Scored);
      reload("lead", payload["id"]);
      reload("worklist");
      break;
    case "scores.updated":
      reload("leads");
      reload("lead");
      reload("worklist");
      break;
    case "model.promoted": {
      const { modelVersion, modelType, reason } = payload as Record<string, string>;
      toast(`Version ${modelVersion} (${modelTypeLabel(modelType ?? "")}) answers now. ${localised(reason ?? "")}`);
      reload();
      break;
    }
    case "batch.progress":
      queryClient.setQueryData<Batch>(["batch", payload["id"]], (batch) =>
        batch && { ...batch, ...(payload as Partial<Batch>) },
      );
      if (payload["done"] === payload["total"]) reload("batch", payload["id"]);
      break;
    case "resync":
      reload();
      break;
  }
}

/** The list's row at once; where it stands in the order, the next look at the page tells. */
function patchLead(queryClient: QueryClient, scored: Scored): void {
  queryClient.setQueriesData<Page>({ queryKey: ["leads", "page"] }, (page) =>
    page?.leads.some((lead) => lead.id === scored.id)
      ? { ...page, leads: page.leads.map((lead) => (lead.id === scored.id ? patched(lead, scored) : lead)) }
      : page,
  );
}

function patched(lead: Lead, scored: Scored): Lead {
  const { score, grade, conversionProbability, modelVersion, previousScore } = scored;
  return {
    ...lead,
    ...{ score, grade, conversionProbability, modelVersion },
    trend: previousScore === null ? null : score - previousScore,
    expectedValue: lead.budget === null ? null : conversionProbability * lead.budget,
  };
}
