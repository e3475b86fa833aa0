import { Title } from "@mantine/core";

export default function BulkScoring() {
  return <Title order={1}>Bulk scoring</Title>;
}
