import { Anchor, Stack, Table, Title } from "@mantine/core";

import { formatMoment, formatWhole } from "../shared/format";
import { useBatches } from "./queries";

/** What was scored lately. */
export function PastBatches({ onOpen }: { onOpen: (id: string) => void }) {
  const { data: list } = useBatches();
  if (!list || list.batches.length === 0) return null;
  return (
    <Stack gap="xs" mt="md">
      <Title order={2} size="h5">
        Your latest files
      </Title>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Started</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Leads</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.batches.map((batch) => (
            <Table.Tr key={batch.id}>
              <Table.Td>
                <Anchor component="button" size="sm" onClick={() => onOpen(batch.id)}>
                  {formatMoment(batch.createdAt)}
                </Anchor>
              </Table.Td>
              <Table.Td>{batch.state}</Table.Td>
              <Table.Td className="numbers">{formatWhole(batch.scored)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
