/** Models, the worklist, and what models say of chosen leads. */

import { keepPreviousData, useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";

import { data } from "../api/index";
import { api } from "../app/api";
import { leadKey, predictLead } from "../lead/queries";
import type { Lead, ModelType } from "../shared/types";

export function useModels() {
  return useQuery({
    queryKey: ["models", "list"],
    queryFn: ({ signal }) =>
      data(api.GET("/api/models", { params: { query: { limit: 50 } }, signal })),
  });
}

export function useModel(number: number | undefined) {
  return useQuery({
    queryKey: ["models", number],
    queryFn: ({ signal }) =>
      data(
        api.GET("/api/models/{number}", { params: { path: { number: number ?? 0 } }, signal }),
      ),
    enabled: number !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** The best calls among all open leads, or among those of an owner. */
export function useWorklist(capacity: number, owner: string | null) {
  const query = { capacity, ...(owner !== null && { owner }) };
  return useQuery({
    queryKey: ["worklist", query],
    queryFn: ({ signal }) => data(api.GET("/api/worklist", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function useDistribution() {
  return useQuery({
    queryKey: ["worklist", "distribution"],
    queryFn: ({ signal }) => data(api.GET("/api/score-distribution", { signal })),
  });
}

/** Stored leads by their ids, in the order of the ids; one that is gone is left out. */
export function useLeads(ids: readonly string[]) {
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: leadKey(id),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        data(api.GET("/api/leads/{id}", { params: { path: { id } }, signal })),
    })),
    combine: (results) => ({
      leads: results.flatMap((each) => (each.data ? [each.data] : [])),
      isPending: results.some((each) => each.isPending),
      error: results.find((each) => each.error)?.error ?? null,
    }),
  });
}

/** What a model type says of these leads, as they are stored; nothing is kept of it. */
export function usePredictions(leads: readonly Lead[], modelType: ModelType, isWanted = true) {
  return useQuery({
    queryKey: ["predictions", modelType, leads.map((lead) => [lead.id, lead.revision])],
    queryFn: ({ signal }) =>
      data(
        api.POST("/api/predict", {
          body: { leads: leads.map(predictLead), modelType, store: false, include: ["model"] },
          signal,
        }),
      ),
    enabled: isWanted && leads.length > 0,
  });
}

export function usePromotion() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ number, reason }: { number: number; reason: string }) =>
      data(
        api.POST("/api/models/{number}/promote", { params: { path: { number } }, body: { reason } }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["models"] }),
  });
}
