/** What is known of one lead. */

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { type components, data } from "../api/index";
import { api } from "../app/api";
import type { Lead, ModelType } from "../shared/types";
import type { Aim } from "./aims";

type PredictLead = components["schemas"]["PredictLead"];
export type Changes = components["schemas"]["LeadFields"];
export type Explanation = components["schemas"]["ExplanationResponse"];

export const leadKey = (id: string) => ["lead", id] as const;

export function useLead(id: string) {
  return useQuery({
    queryKey: leadKey(id),
    queryFn: ({ signal }) =>
      data(api.GET("/api/leads/{id}", { params: { path: { id } }, signal })),
  });
}

export function useExplanation(id: string, modelType: ModelType = "auto") {
  return useQuery({
    queryKey: [...leadKey(id), "explanation", modelType],
    queryFn: ({ signal }) =>
      data(
        api.GET("/api/leads/{id}/explanation", {
          params: { path: { id }, query: { modelType } },
          signal,
        }),
      ),
  });
}

export function useScores(id: string) {
  return useInfiniteQuery({
    queryKey: [...leadKey(id), "scores"],
    queryFn: ({ signal, pageParam }) =>
      data(
        api.GET("/api/leads/{id}/scores", {
          params: { path: { id }, query: pageParam === null ? {} : { before: pageParam } },
          signal,
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
  });
}

/** The score if the lead were otherwise. The answer shown is always that of the latest changes. */
export function useWhatIf(lead: Lead, changes: Changes, isWanted: boolean) {
  return useQuery({
    queryKey: [...leadKey(lead.id), "what-if", lead.revision, changes],
    queryFn: ({ signal }) =>
      data(api.POST("/api/what-if", { body: { lead: predictLead(lead), changes }, signal })),
    enabled: isWanted,
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  });
}

/** The smallest changes with which the model expects this grade; with no grade nothing is asked. */
export function useProposals(lead: Lead, targetGrade: Aim | undefined) {
  return useQuery({
    queryKey: [...leadKey(lead.id), "proposals", lead.revision, targetGrade],
    queryFn: ({ signal }) =>
      data(
        api.POST("/api/what-if", {
          body: { lead: predictLead(lead), ...(targetGrade && { targetGrade }) },
          signal,
        }),
      ),
    enabled: targetGrade !== undefined,
  });
}

/** A stored lead as a request describes it: what is not known is not said. */
export function predictLead(lead: Lead): PredictLead {
  const { id, name, company, industry, size, email, position, lastContact } = lead;
  const { budget, previousPurchases, interactions, attributes } = lead;
  const fields = {
    ...{ name, company, industry, size, email, position, lastContact },
    ...{ budget, previousPurchases, interactions, attributes },
  };
  return { id, ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) };
}
