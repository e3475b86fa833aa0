/** The training that the user has asked for last. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { type components, data, isOver } from "../api/index";
import { api } from "../app/api";
import { may } from "../app/session";
import { pollInterval } from "../shared/jobs";
import { toast } from "../shared/toast";

type Job = components["schemas"]["JobAnswer"];

const KEY = ["training"] as const;

/** It is found again after a reload of the page; null if there was none. */
export function useTraining() {
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      const query = { kind: "retrain", limit: 1 } as const;
      const { jobs } = await data(api.GET("/api/jobs", { params: { query }, signal }));
      return jobs[0] ?? null;
    },
    enabled: may("GET", "jobs"),
    refetchInterval: ({ state }) => pollInterval(state.data),
  });
}

/** Shows what a training has made as soon as it is over. */
export function useVersionsOnceTrained(job: Job | null | undefined) {
  const queryClient = useQueryClient();
  const isRunning = job ? !isOver(job.state) : false;
  const wasRunning = useRef(isRunning);
  useEffect(() => {
    if (wasRunning.current && !isRunning) {
      void queryClient.invalidateQueries({ queryKey: ["models"] });
    }
    wasRunning.current = isRunning;
  }, [isRunning, queryClient]);
}

export function useStartTraining() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => data(api.POST("/api/jobs", { body: { kind: "retrain" } })),
    onSuccess: (job) => queryClient.setQueryData<Job | null>(KEY, job),
    onError: (error) => toast(error.message, { isProblem: true }),
  });
}

export function useStopTraining(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => data(api.DELETE("/api/jobs/{id}", { params: { path: { id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: KEY }),
  });
}
