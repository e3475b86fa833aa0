import { QueryClient } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";

import { applyMessage } from "./apply";

it("shows a new score in the list at once and leaves other leads alone", () => {
  const queryClient = new QueryClient();
  const key = ["leads", "page", {}, null];
  const other = { id: "2", score: 5 };
  queryClient.setQueryData(key, { leads: [{ id: "1", score: 10, budget: 100 }, other], next: null });
  applyMessage(queryClient, {
    kind: "score.updated",
    cursor: "7",
    payload: {
      ...{ id: "1", score: 40, previousScore: 10, grade: "A" },
      ...{ conversionProbability: 0.4, modelVersion: 2 },
    },
  });
  const page = queryClient.getQueryData<{ leads: unknown[] }>(key);
  expect(page?.leads[0]).toMatchObject({ score: 40, trend: 30, grade: "A", expectedValue: 40 });
  expect(page?.leads[1]).toBe(other);
});

it("reloads everything after a gap, and nothing for what it does not know", () => {
  const queryClient = new QueryClient();
  const invalidate = vi.spyOn(queryClient, "invalidateQueries");
  applyMessage(queryClient, { kind: "something.new", cursor: "1", payload: {} });
  expect(invalidate).not.toHaveBeenCalled();
  applyMessage(queryClient, { kind: "resync", cursor: "2", payload: {} });
  expect(invalidate).toHaveBeenCalledWith({ queryKey: [] });
});
