import { Anchor, Slider, Switch, Table, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";

import type { components } from "../api/index";
import { session } from "../app/session";
import { count, formatDay, formatMoney, formatNumber } from "../shared/format";
import { GradeBadge, Score } from "../shared/Score";
import { Empty, Failed, Loading } from "../shared/states";
import { leadTitle } from "../shared/types";
import { Panel } from "./Panel";
import { useWorklist } from "./queries";

type WorklistResponse = components["schemas"]["WorklistResponse"];

const MOST = 100;
const HEIGHT = "22rem";

/** Whom to call today, if there is time for so many calls. */
export function Worklist({ onOpen }: { onOpen: (id: string) => void }) {
  const [capacity, setCapacity] = useState(10);
  const [asked] = useDebouncedValue(capacity, 150);
  const [isMine, setMine] = useState(false);
  const { data: list, error, refetch } = useWorklist(asked, isMine ? session.user : null);
  if (error) return <Failed error={error} onRetry={refetch} />;
  return (
    <Panel
      title="Today's calls"
      says={list ? summary(list) : "\u00a0"}
      aside={
        <div style={{ flex: "0 1 18rem" }}>
          <Switch
            size="xs"
            mb={6}
            label="Only mine"
            checked={isMine}
            onChange={(event) => setMine(event.currentTarget.checked)}
          />
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
      {!list && <Loading what="Loading the worklist" height={HEIGHT} />}
      {list?.calls.length === 0 && (
        <Empty title="Nobody to call">
          {isMine
            ? "None of your open leads has a score. Look at everybody's, or take one over in the admin."
            : "No open lead has a score yet. Add leads: they are scored within seconds."}
        </Empty>
      )}
      {list && list.calls.length > 0 && (
        <Table.ScrollContainer
          minWidth={320}
          mah={HEIGHT}
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

function summary({ calls, expectedWins, expectedValue, unscored }: WorklistResponse): string {
  if (calls.length === 0) return unscored > 0 ? `${count(unscored, "open lead")} not scored yet.` : "\u00a0";
  const worth = expectedValue === null ? "" : ` worth ${formatMoney(expectedValue)}`;
  const waiting = unscored > 0 ? ` ${count(unscored, "open lead")} not scored yet.` : "";
  return `${count(calls.length, "call")} should bring ${formatNumber(expectedWins, 1)} wins${worth}.${waiting}`;
}
