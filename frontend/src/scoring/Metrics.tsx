import { Table, Text } from "@mantine/core";

import { NOTHING, SURE } from "../shared/format";
import { type ModelDetail, modelTypeLabel } from "../shared/types";
import { type Figures, type Metric, METRICS, measured, onSameLeads } from "./metricWords";
import { Panel } from "./Panel";

interface Props {
  model: ModelDetail;
  other?: ModelDetail | undefined;
}

interface Column {
  title: string;
  figures: Figures;
}

/** The version, and the one beside it. */
type Columns = readonly [Column, ...Column[]];

/** How good a version is on later data than it learned from, and what each figure means. */
export function Metrics({ model, other }: Props) {
  const shared = other ? onSameLeads(model, other) : null;
  const first = { title: columnTitle(model), figures: shared?.[0] ?? model.metrics };
  const columns: Columns = other
    ? [first, { title: columnTitle(other), figures: shared?.[1] ?? other.metrics }]
    : [{ ...first, title: "Value" }];
  const isMeasured = METRICS.some(({ name }) =>
    columns.some(({ figures }) => measured(figures, name)),
  );
  return (
    <Panel title="How good it is" says={`${measuredOn(other, shared)} In brackets: where the figure lies, ${SURE}.`}>
      {isMeasured ? (
        <Table.ScrollContainer
          minWidth={other ? 340 : 240}
          scrollAreaProps={{ viewportProps: { tabIndex: 0, "aria-label": "Metrics" } }}
        >
          <FiguresTable columns={columns} />
        </Table.ScrollContainer>
      ) : (
        <Text size="sm">
          Nobody knows yet: that takes outcomes. Record what became of your leads, then train.
        </Text>
      )}
    </Panel>
  );
}

function measuredOn(other: ModelDetail | undefined, shared: [Figures, Figures] | null): string {
  if (!other) return "Measured on later leads than it learned from.";
  return shared
    ? "Both measured on the same leads, which are later than those that they learned from."
    : "Each measured on other leads, later than those that it learned from: a small difference says little.";
}

function FiguresTable({ columns }: { columns: Columns }) {
  return (
    <Table verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Metric</Table.Th>
          {columns.map(({ title }) => (
            <Table.Th key={title}>{title}</Table.Th>
          ))}
          <Table.Th visibleFrom="sm">
            {columns.length > 1 ? `What it means for ${columns[0].title}` : "What it means"}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {METRICS.map((metric) => (
          <Row key={metric.name} metric={metric} columns={columns} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ metric, columns }: { metric: Metric; columns: Columns }) {
  const [{ figures }] = columns;
  const found = measured(figures, metric.name);
  const meaning =
    found === null || found.value === null
      ? "Not measured."
      : metric.meaning(found.value, found, figures);
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {metric.label}
        <Text size="xs" c="dimmed" fw={400} hiddenFrom="sm">
          {meaning}
        </Text>
      </Table.Th>
      {columns.map((column) => (
        <Table.Td key={column.title}>
          <Figure metric={metric} figures={column.figures} />
        </Table.Td>
      ))}
      <Table.Td visibleFrom="sm">
        <Text size="sm" c="dimmed">
          {meaning}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

function Figure({ metric, figures }: { metric: Metric; figures: Figures }) {
  const found = measured(figures, metric.name);
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
