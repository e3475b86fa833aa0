import { Badge, Group, Text } from "@mantine/core";

import { formatDay, formatMoment } from "../shared/format";
import { localised } from "../shared/prose";
import { type ModelDetail, modelTypeLabel } from "../shared/types";
import { Panel } from "./Panel";

/** Which version answers, what it learned from, and why it was chosen. */
export function ModelCard({ model }: { model: ModelDetail }) {
  const learned =
    model.trainingFrom && model.trainingTo
      ? `Learned from leads of ${formatDay(model.trainingFrom)} to ${formatDay(model.trainingTo)}. `
      : model.learned.leads > 0
        ? "Learned from leads without days. "
        : "";
  return (
    <Panel
      title={`Version ${model.number}: ${modelTypeLabel(model.modelType)}`}
      says={`${learned}Says how likely a lead is won within ${model.outcomeWindowDays} days.`}
      aside={
        <Group gap={6} align="flex-start">
          {model.champion && (
            <Badge tt="none" variant="filled" color="violet" autoContrast>
              Champion
            </Badge>
          )}
        </Group>
      }
    >
      <Text size="sm">{localised(model.learned.text)}</Text>
      <Text size="sm">
        {localised(model.promotionReason) || "Never promoted: it answers only when its type is asked for."}
      </Text>
      <Text size="xs" c="dimmed">
        Trained {formatMoment(model.createdAt)}
        {model.promotedAt && `, promoted ${formatMoment(model.promotedAt)}`}
      </Text>
    </Panel>
  );
}
