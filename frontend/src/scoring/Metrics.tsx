import { Table, Text } from "@mantine/core";

import { NOTHING, SURE } from "../shared/format";
import { type ModelDetail, modelTypeLabel } from "../shared/types";
import { type Metric, METRICS, measured } from "./metricWords";
import { Panel } from "./Panel";

interface Props {
  model: ModelDetail;
  other?: ModelDetail | undefined;
}

/** How good a version is on later data than it learned from, and what each figure means. */
export function Metrics({ model, other }: Props) {
  return (
    <Panel
      title="How good it is"
      says={`Measured on later leads than it learned from. In brackets: where the figure lies, ${SURE}.`}
    >
      {METRICS.some(({ name }) => measured(model, name) ?? (other && measured(other, name))) ? (
        <Figures model={model} other={other} />
      ) : (
        <Text size="sm">
          Nobody knows yet: that takes outcomes. Record what became of your leads, then train.
        </Text>
      )}
    </Panel>
  );
}

function Figures({ model, other }: Props) {
  return (
      <Table.ScrollContainer
        minWidth={other ? 340 : 240}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, "aria-label": "Metrics" } }}
      >
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Metric</Table.Th>
              <Table.Th>{other ? columnTitle(model) : "Value"}</Table.Th>
              {other && <Table.Th>{columnTitle(other)}</Table.Th>}
              <Table.Th visibleFrom="sm">What it means</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {METRICS.map((metric) => (
              <Row key={metric.name} metric={metric} model={model} other={other} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
  );
}

function Row({
  metric,
  model,
  other,
}: {
  metric: Metric;
  model: ModelDetail;
  other: ModelDetail | undefined;
}) {
  const value = measured(model, metric.name)?.value ?? null;
  const meaning = value === null ? "Not measured." : metric.meaning(value, model);
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {metric.label}
        <Text size="xs" c="dimmed" fw={400} hiddenFrom="sm">
          {meaning}
        </Text>
      </Table.Th>
      <Table.Td>
        <Figure metric={metric} model={model} />
      </Table.Td>
      {other && (
        <Table.Td>
          <Figure metric={metric} model={other} />
        </Table.Td>
      )}
      <Table.Td visibleFrom="sm">
        <Text size="sm" c="dimmed">
          {meaning}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

function Figure({ metric, model }: { metric: Metric; model: ModelDetail }) {
  const found = measured(model, metric.name);
  if (!found) return <>{NOTHING}</>;
  return (
    <div className="numbers">
      <Text span fw={600}>
        {metric.format(found.value)}
      </Text>{" "}
      <Text span size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
        ({metric.format(found.low)} – {metric.format(found.high)})
      </Text>
    </div>
  );
}

function columnTitle(model: ModelDetail): string {
  return `${modelTypeLabel(model.modelType)} (${model.number})`;
}
