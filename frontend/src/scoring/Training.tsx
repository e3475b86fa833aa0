import { Alert, Button, Group, Progress, Text } from "@mantine/core";

import { type components, isOver } from "../api/index";
import { may } from "../app/session";
import { formatMoment } from "../shared/format";
import { useStartTraining, useStopTraining, useTraining, useVersionsOnceTrained } from "./training";

type Job = components["schemas"]["JobAnswer"];

/** Asks for a version that has learned from all outcomes so far. */
export function TrainButton() {
  const { data: job } = useTraining();
  const start = useStartTraining();
  if (!may("POST", "jobs")) return null;
  return (
    <Button
      size="xs"
      variant="default"
      disabled={job ? !isOver(job.state) : false}
      loading={start.isPending}
      onClick={() => start.mutate()}
    >
      Train again
    </Button>
  );
}

/** How far the training is that the user has asked for last, and what came of it. */
export function TrainingState() {
  const { data: job } = useTraining();
  useVersionsOnceTrained(job);
  if (!job) return null;
  return isOver(job.state) ? <Ended job={job} /> : <Running job={job} />;
}

function Running({ job }: { job: Job }) {
  const stop = useStopTraining(job.id);
  return (
    <Group gap="sm" wrap="nowrap" role="group" aria-label="Training">
      <div style={{ flex: 1 }}>
        <Text size="sm" aria-live="polite">
          {job.state === "queued" ? job.message || "Waiting for a worker" : job.message || "Begins"}
        </Text>
        <Progress
          value={100 * (job.share ?? 0)}
          aria-label="How far the training is"
          animated
          mt={4}
        />
      </div>
      {may("DELETE", "jobs") && (
        <Button size="xs" variant="subtle" loading={stop.isPending} onClick={() => stop.mutate()}>
          Stop
        </Button>
      )}
    </Group>
  );
}

function Ended({ job }: { job: Job }) {
  if (job.state === "failed") {
    return (
      <Alert color="orange" variant="light" role="alert" title="The last training made no version">
        {job.error}
      </Alert>
    );
  }
  return (
    <Text size="sm" role="status">
      {job.state === "cancelled" ? "Stopped" : "Trained"} {formatMoment(job.finishedAt)}.
    </Text>
  );
}
