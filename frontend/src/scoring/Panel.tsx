import { Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

interface Props {
  title: string;
  /** What it says, in a sentence. */
  says?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}

/** A part of the dashboard, with its title and what it says. */
export function Panel({ title, says, aside, children }: Props) {
  const id = useId();
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={id} miw={0}>
      <Stack gap="sm">
        <div
          style={{ display: "flex", justifyContent: "space-between", gap: "1rem", flexWrap: "wrap" }}
        >
          <div style={{ flex: "1 1 14rem" }}>
            <Title order={2} size="h5" id={id}>
              {title}
            </Title>
            {says && (
              <Text size="sm" c="dimmed" component="div">
                {says}
              </Text>
            )}
          </div>
          {aside}
        </div>
        {children}
      </Stack>
    </Paper>
  );
}
