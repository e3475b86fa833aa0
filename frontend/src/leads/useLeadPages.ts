import { keepPreviousData, useQueries } from "@tanstack/react-query";
import { useState } from "react";

import { data } from "../api/index";
import { api } from "../app/api";
import type { Lead } from "../shared/types";
import { type Cursors, learned, pagesAround, START } from "./cursors";
import type { LeadFilters } from "./search";

export const PAGE = 200;
const AHEAD = 2;

export interface LeadPages {
  /** Rows that there are for sure; more come as one scrolls. */
  rows: number;
  /** How many leads the filters let through; undefined until it is known. */
  total: number | undefined;
  lead: (index: number) => Lead | undefined;
  isLoading: boolean;
  error: Error | null;
  retry: () => void;
}

/** The leads around the rows on screen. Pages out of sight are let go, so that any number will do. */
export function useLeadPages(filters: LeadFilters, first: number, last: number): LeadPages {
  const key = JSON.stringify(filters);
  const [known, setKnown] = useState<{ key: string; cursors: Cursors }>({ key, cursors: START });
  let cursors = known.key === key ? known.cursors : START;
  const wanted = pagesAround(first, last, PAGE, AHEAD).filter((page) => page < cursors.length);
  const results = useQueries({
    queries: wanted.map((page) => ({
      queryKey: ["leads", "page", filters, cursors[page] ?? null],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        readPage(filters, cursors[page] ?? null, signal),
      gcTime: 60_000,
      // The rows stay on screen while they are ordered otherwise.
      placeholderData: page === 0 ? keepPreviousData : undefined,
    })),
  });
  const loaded = new Map(wanted.map((page, at) => [page, results[at]]));
  for (const [page, result] of loaded) {
    if (result?.data && !result.isPlaceholderData) {
      cursors = learned(cursors, page, result.data.next);
    }
  }
  // What the pages say of the next ones is part of what this render knows.
  if (known.key !== key || known.cursors !== cursors) setKnown({ key, cursors });
  const total = useLatest(loaded.get(0)?.data?.total);
  const failed = results.find((result) => result.error);
  return {
    rows: rowsKnown(cursors, loaded.get(cursors.length - 1)?.data),
    total,
    lead: (index) => loaded.get(Math.floor(index / PAGE))?.data?.leads[index % PAGE],
    isLoading: loaded.get(0)?.isPending ?? false,
    error: failed?.error ?? null,
    retry: () => {
      for (const result of results) if (result.error) void result.refetch();
    },
  };
}

/** The value that was known last: the first page, which tells it, may be out of sight. */
function useLatest<T>(value: T | undefined): T | undefined {
  const [latest, setLatest] = useState(value);
  if (value !== undefined && value !== latest) setLatest(value);
  return value ?? latest;
}

/** All pages but the last are full; one that has not come yet is taken for full. */
function rowsKnown(cursors: Cursors, last: { leads: readonly Lead[] } | undefined): number {
  return (cursors.length - 1) * PAGE + (last?.leads.length ?? PAGE);
}

function readPage(filters: LeadFilters, cursor: string | null, signal: AbortSignal) {
  return data(
    api.GET("/api/leads", {
      params: {
        query: {
          ...filters,
          limit: PAGE,
          ...(cursor === null
            ? { include: "total,trend,reason" }
            : { cursor, include: "trend,reason" }),
        },
      },
      signal,
    }),
  );
}
