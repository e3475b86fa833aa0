import { Button, Group, Paper, Progress, Stack, Text } from "@mantine/core";

import { isOver } from "../api/index";
import { count } from "../shared/format";
import { Failed, Loading } from "../shared/states";
import { modelTypeLabel } from "../shared/types";
import { useBatch, useCancelBatch } from "./queries";

const WORDS = {
  queued: "Waiting for a worker",
  running: "Scoring",
  succeeded: "Done",
  failed: "It did not work",
  cancelled: "Stopped",
} as const;

/** How far a batch is, and its results once it is there. */
export function BatchProgress({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: batch, error, refetch } = useBatch(id);
  const cancel = useCancelBatch(id);
  if (error) return <Failed error={error} onRetry={refetch} />;
  if (!batch) return <Loading what="Loading the batch" />;
  const share = batch.state === "succeeded" ? 100 : batch.total ? (100 * batch.done) / batch.total : 0;
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between">
          <Text fw={600} aria-live="polite">
            {WORDS[batch.state]}
          </Text>
          {batch.modelVersion !== null && (
            <Text size="sm" c="dimmed">
              version {batch.modelVersion}, {modelTypeLabel(batch.modelType ?? "").toLowerCase()}
            </Text>
          )}
        </Group>
        <Progress
          value={share}
          aria-label="How much is scored"
          animated={batch.state === "running"}
          color={batch.state === "failed" ? "red" : "violet"}
        />
        <Text size="sm" className="numbers">
          {count(batch.scored, "lead")} scored
          {batch.rejected > 0 && `, ${count(batch.rejected, "row")} rejected`}
          {batch.repeated > 0 && `, ${count(batch.repeated, "row")} repeated`}
        </Text>
        {batch.error && (
          <Text size="sm" role="alert">
            {batch.error}
          </Text>
        )}
        <Group>
          {batch.results && (
            <Button component="a" href={`${batch.results}?format=csv`} download size="xs">
              Download the results
            </Button>
          )}
          {batch.rejectedRows && batch.rejected > 0 && (
            <Button
              component="a"
              href={`${batch.rejectedRows}?format=csv`}
              download
              size="xs"
              variant="default"
            >
              Rejected rows
            </Button>
          )}
          {!isOver(batch.state) && (
            <Button
              size="xs"
              variant="default"
              loading={cancel.isPending}
              onClick={() => cancel.mutate()}
            >
              Stop
            </Button>
          )}
          <Button size="xs" variant="subtle" onClick={onClose}>
            Another file
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
