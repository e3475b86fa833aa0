import { Anchor, Slider, Table, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";

import { count, formatDay, formatMoney, formatNumber } from "../shared/format";
import { GradeBadge, Score } from "../shared/Score";
import { Empty, Failed, Loading } from "../shared/states";
import { leadTitle } from "../shared/types";
import { Panel } from "./Panel";
import { useWorklist } from "./queries";

const MOST = 100;

/** Whom to call today, if there is time for so many calls. */
export function Worklist({ onOpen }: { onOpen: (id: string) => void }) {
  const [capacity, setCapacity] = useState(10);
  const [asked] = useDebouncedValue(capacity, 150);
  const { data: list, error, refetch } = useWorklist(asked);
  if (error) return <Failed error={error} onRetry={refetch} />;
  return (
    <Panel
      title="Today's calls"
      says={
        list &&
        `${count(list.calls.length, "call")} should bring ${formatNumber(list.expectedWins, 1)} wins` +
          (list.expectedValue === null ? "." : ` worth ${formatMoney(list.expectedValue)}.`) +
          (list.unscored > 0 ? ` ${count(list.unscored, "open lead")} not scored yet.` : "")
      }
      aside={
        <div style={{ flex: "0 1 18rem" }}>
          <Text size="sm" id="capacity">
            Time for {count(capacity, "call")}
          </Text>
          <Slider
            min={1}
            max={MOST}
            value={capacity}
            onChange={setCapacity}
            thumbLabel="Calls there is time for"
          />
        </div>
      }
    >
      {!list && <Loading what="Loading the worklist" />}
      {list?.calls.length === 0 && (
        <Empty title="Nobody to call">No open lead has a score yet: add leads, they are scored at once.</Empty>
      )}
      {list && list.calls.length > 0 && (
        <Table.ScrollContainer
          minWidth={320}
          mah="22rem"
          scrollAreaProps={{ viewportProps: { tabIndex: 0, "aria-label": "Calls" } }}
        >
          <Table stickyHeader highlightOnHover verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Lead</Table.Th>
                <Table.Th>Score</Table.Th>
                <Table.Th visibleFrom="xs">Grade</Table.Th>
                <Table.Th>Expected value</Table.Th>
                <Table.Th visibleFrom="sm">Last contact</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.calls.map((call) => (
                <Table.Tr key={call.id}>
                  <Table.Td>
                    <Anchor component="button" size="sm" fw={600} ta="left" onClick={() => onOpen(call.id)}>
                      {leadTitle(call)}
                    </Anchor>
                    <Text size="xs" c="dimmed">
                      {call.name ? call.company : call.id}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Score score={call.score} probability={call.conversionProbability} />
                  </Table.Td>
                  <Table.Td visibleFrom="xs">
                    <GradeBadge grade={call.grade} />
                  </Table.Td>
                  <Table.Td className="numbers">
                    {call.valueStandsIn && "≈ "}
                    {formatMoney(call.expectedValue)}
                  </Table.Td>
                  <Table.Td visibleFrom="sm">{formatDay(call.lastContact)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  );
}
