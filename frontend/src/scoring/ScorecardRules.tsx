import { Button, Table, Text } from "@mantine/core";

import { session } from "../app/session";
import { formatPoints, formatShare, formatWhole } from "../shared/format";
import { Panel } from "./Panel";
import { type Card, columnLabel, conditionWords } from "./scorecardWords";

/** The rules by which a scorecard answers; who may, goes on to change them. */
export function ScorecardRules({ card }: { card: Card }) {
  return (
    <Panel
      title="The scorecard's rules"
      says={
        `A lead gets the points of every rule that it meets. With ${formatWhole(card.averagePoints)} ` +
        `points ${formatShare(card.expectedRate)} are expected to be won; ` +
        `${formatWhole(card.pointsToDouble)} more double the odds.`
      }
      aside={
        session.scorecardUrl && (
          <Button component="a" href={session.scorecardUrl} size="xs" variant="default">
            Change the rules
          </Button>
        )
      }
    >
      {card.rules.length === 0 ? (
        <Text size="sm">There are none: every lead is expected to be won as often as the average.</Text>
      ) : (
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>If</Table.Th>
              <Table.Th ta="right">Points</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {card.rules.map((rule, at) => (
              <Table.Tr key={at}>
                <Table.Td>
                  <Text span size="sm" fw={600}>
                    {columnLabel(rule.column)}
                  </Text>{" "}
                  {conditionWords(rule.condition)}
                </Table.Td>
                <Table.Td ta="right" className="numbers">
                  {formatPoints(rule.points)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}
