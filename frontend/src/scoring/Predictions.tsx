import { Anchor, Button, Table, Text } from "@mantine/core";

import { formatPoints, formatShare } from "../shared/format";
import { Score } from "../shared/Score";
import { Failed, Loading } from "../shared/states";
import { leadTitle, type ModelType, modelTypeLabel } from "../shared/types";
import { Panel } from "./Panel";
import { useLeads, usePredictions } from "./queries";

interface Props {
  ids: readonly string[];
  modelType: ModelType;
  other: ModelType | null;
  onOpen: (id: string) => void;
  onClear: () => void;
}

/** What one model type, or two side by side, say of chosen leads as they are now. */
export function Predictions({ ids, modelType, other, onOpen, onClear }: Props) {
  const { leads, isPending, error: unread } = useLeads(ids);
  const first = usePredictions(leads, modelType, !isPending);
  const second = usePredictions(leads, other ?? "auto", !isPending && other !== null);
  const error = first.error ?? (other ? second.error : null) ?? (leads.length ? null : unread);
  const scores = byId(first.data);
  const others = other ? byId(second.data) : null;
  return (
    <Panel
      title="Predictions"
      says={
        first.data &&
        `By version ${first.data.modelVersion}, ${modelTypeLabel(first.data.modelType ?? "").toLowerCase()}, from what is stored of them now. Nothing is kept of it.`
      }
      aside={
        <Button size="xs" variant="subtle" onClick={onClear}>
          Close
        </Button>
      }
    >
      {error && <Failed error={error} />}
      {!error && !first.data && <Loading what="Scoring" />}
      {first.data && (
        <Table.ScrollContainer
          minWidth={320}
          scrollAreaProps={{ viewportProps: { tabIndex: 0, "aria-label": "Predictions" } }}
        >
        <Table highlightOnHover verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Lead</Table.Th>
              <Table.Th>{modelTypeLabel(modelType)}</Table.Th>
              {other && <Table.Th>{modelTypeLabel(other)}</Table.Th>}
              {other && <Table.Th>Difference</Table.Th>}
              <Table.Th visibleFrom="xs">Probability</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {leads.map((lead) => {
              const score = scores.get(lead.id);
              const against = others?.get(lead.id);
              return (
                <Table.Tr key={lead.id}>
                  <Table.Td>
                    <Anchor component="button" size="sm" fw={600} ta="left" onClick={() => onOpen(lead.id)}>
                      {leadTitle(lead)}
                    </Anchor>
                    <Text size="xs" c="dimmed">
                      {lead.company}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Score score={score?.score ?? null} />
                  </Table.Td>
                  {other && (
                    <Table.Td>
                      <Score score={against?.score ?? null} />
                    </Table.Td>
                  )}
                  {other && (
                    <Table.Td className="numbers">
                      {against && score ? formatPoints(against.score - score.score) : ""}
                    </Table.Td>
                  )}
                  <Table.Td visibleFrom="xs" className="numbers">
                    {formatShare(score?.conversionProbability)}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  );
}

interface Answer {
  predictions: { id: number | string; score: number; conversionProbability: number }[];
}

function byId(answer: Answer | undefined) {
  return new Map(answer?.predictions.map((each) => [String(each.id), each]));
}
