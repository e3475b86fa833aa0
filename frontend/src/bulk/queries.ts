import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { data } from "../api";
import { api } from "../app/api";
import type { ModelType } from "../shared/types";
import { batchQuery, type Mapping, mediaTypeOf } from "./table";

const POLL_MS = 2_000;
const OVER = ["succeeded", "failed", "cancelled"];

export const isOver = (state: string) => OVER.includes(state);

export function useBatch(id: string | null) {
  return useQuery({
    queryKey: ["batch", id],
    queryFn: ({ signal }) =>
      data(api.GET("/api/batches/{id}", { params: { path: { id: id ?? "" } }, signal })),
    enabled: id !== null,
    // Live messages tell of each chunk; this tells of the start and the end, and if none come.
    refetchInterval: ({ state }) => (state.data && isOver(state.data.state) ? false : POLL_MS),
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
      data(
        api.POST("/api/batches", {
          params: { query: { ...batchQuery(mapping), modelType, name: file.name.slice(0, 200) } },
          headers: { "Content-Type": mediaTypeOf(file.name) ?? "text/csv" },
          body: file as unknown as string,
          bodySerializer: (body) => body,
        }),
      ),
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
