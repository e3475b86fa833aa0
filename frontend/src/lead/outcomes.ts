/** Records what became of a lead, and takes it back again. */

import { useMutation, useQueryClient } from "@tanstack/react-query";

import { data } from "../api/index";
import { api } from "../app/api";
import { may } from "../app/session";
import { toast } from "../shared/toast";
import { type Lead, leadTitle, type Result, statusLabel } from "../shared/types";
import { leadKey } from "./queries";

export interface NewOutcome {
  result: Result;
  occurredOn: string;
  value: number | null;
}

export function useOutcomes(lead: Lead) {
  const queryClient = useQueryClient();
  const reload = () => {
    void queryClient.invalidateQueries({ queryKey: leadKey(lead.id) });
    void queryClient.invalidateQueries({ queryKey: ["leads"] });
    void queryClient.invalidateQueries({ queryKey: ["worklist"] });
  };
  const undo = useMutation({
    mutationFn: restore,
    onSuccess: () => toast("Taken back."),
    onError: (error) => toast(error.message, { isProblem: true }),
    onSettled: reload,
  });
  return useMutation({
    mutationFn: (outcome: NewOutcome) =>
      data(api.POST("/api/outcomes", { body: { outcomes: [{ id: lead.id, ...outcome }] } })),
    // By the time of an undo, `lead` is the lead with its new outcome.
    onMutate: () => lead,
    onSuccess: (_, { result }, before) => {
      // What was recorded before can be put back; that there was nothing, only by withdrawing.
      const mayUndo = before.outcome !== null || may("DELETE", "outcomes");
      toast(
        `${leadTitle(before)}: ${statusLabel(result).toLowerCase()}.`,
        mayUndo ? { action: { label: "Undo", run: () => undo.mutate(before) } } : {},
      );
      reload();
    },
  });
}

async function restore({ id, outcome }: Lead): Promise<void> {
  if (outcome === null) {
    await api.DELETE("/api/leads/{id}/outcome", { params: { path: { id } } });
    return;
  }
  const { result, occurredOn, value } = outcome;
  await api.POST("/api/outcomes", { body: { outcomes: [{ id, result, occurredOn, value }] } });
}
