import { Title } from "@mantine/core";

export function LeadList() {
  return <Title order={1}>Leads</Title>;
}
