import { Title } from "@mantine/core";

export default function LeadScoring() {
  return <Title order={1}>Scoring</Title>;
}
