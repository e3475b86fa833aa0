import { Button, Group, Paper, Select, Text } from "@mantine/core";
import { useState } from "react";
import { useNavigate } from "react-router";

import { may } from "../app/session";
import { count } from "../shared/format";
import { type Lead, MODEL_TYPES, type ModelType } from "../shared/types";

/** More would make an address that no server takes. */
const MOST = 50;

/** What to do with the selected leads. */
export function SelectionBar({ leads, onClear }: { leads: readonly Lead[]; onClear: () => void }) {
  const [modelType, setModelType] = useState<ModelType>("auto");
  const navigate = useNavigate();
  if (leads.length === 0) return null;
  const score = () => {
    const params = new URLSearchParams(leads.map((lead) => ["lead_id", lead.id]));
    if (modelType !== "auto") params.append("model", modelType);
    void navigate(`/scoring?${params}`);
  };
  return (
    <Paper withBorder p="xs" role="region" aria-label="Selected leads">
      <Group gap="xs">
        <Text size="sm" fw={600} aria-live="polite">
          {count(leads.length, "lead")} selected
        </Text>
        {may("POST", "predict") && (
          <>
            <Select
              aria-label="Model type"
              size="xs"
              data={[...MODEL_TYPES]}
              value={modelType}
              allowDeselect={false}
              onChange={(value) => setModelType(value ?? "auto")}
            />
            <Button size="xs" onClick={score} disabled={leads.length > MOST}>
              Score
            </Button>
            {leads.length > MOST && (
              <Text size="xs" c="dimmed">
                At most {MOST} at a time; for more, use Bulk.
              </Text>
            )}
          </>
        )}
        <Button size="xs" variant="subtle" onClick={onClear}>
          Clear the selection
        </Button>
      </Group>
    </Paper>
  );
}
