import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { data, startBatch } from "../api/index";
import { api } from "../app/api";
import { pollInterval } from "../shared/jobs";
import type { ModelType } from "../shared/types";
import { batchQuery, type Mapping, mediaTypeOf } from "./table";

export function useBatch(id: string | null) {
  return useQuery({
    queryKey: ["batch", id],
    queryFn: ({ signal }) =>
      data(api.GET("/api/batches/{id}", { params: { path: { id: id ?? "" } }, signal })),
    enabled: id !== null,
    refetchInterval: ({ state }) => pollInterval(state.data),
  });
}

export function useBatches() {
  return useQuery({
    queryKey: ["batches"],
    queryFn: ({ signal }) =>
      data(api.GET("/api/batches", { params: { query: { limit: 10 } }, signal })),
  });
}

export function useStartBatch() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ file, mapping, modelType }: { file: File; mapping: Mapping; modelType: ModelType }) =>
      startBatch(api, {
        file,
        mediaType: mediaTypeOf(file.name) ?? "text/csv",
        query: { ...batchQuery(mapping), modelType, name: file.name.slice(0, 200) },
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["batches"] }),
  });
}

export function useCancelBatch(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => api.DELETE("/api/batches/{id}", { params: { path: { id } } }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["batch", id] }),
  });
}
