import { Button, Stack, Text, Timeline } from "@mantine/core";

import type { components } from "../api/index";
import { formatMoment, formatPoints, pointsWords } from "../shared/format";
import { localised } from "../shared/prose";
import { Empty, Failed, Loading } from "../shared/states";
import { modelTypeLabel } from "../shared/types";
import classes from "./LeadDrawer.module.css";
import { useScores } from "./queries";

type Entry = components["schemas"]["PastScoreEntry"];
type Receipt = components["schemas"]["Receipt"];

/** Each score the lead has had, and what changed from one to the next. */
export function ScoreHistory({ id }: { id: string }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useScores(id);
  if (error) return <Failed error={error} onRetry={refetch} />;
  if (!data) return <Loading what="Loading the history" />;
  const entries = data.pages.flatMap((page) => page.scores);
  if (entries.length === 0) return <Empty title="No scores yet" />;
  return (
    <Stack gap="md">
      {entries.length > 1 && <Spark entries={entries} />}
      <Timeline bulletSize={26} lineWidth={2}>
        {entries.map((entry) => (
          <Timeline.Item
            key={entry.id}
            bullet={<Text size="xs">{entry.score}</Text>}
            title={entry.receipt ? pointsWords(entry.receipt.change) : "First score"}
          >
            <Text size="xs" c="dimmed">
              {formatMoment(entry.predictedAt)} · version {entry.modelVersion},{" "}
              {modelTypeLabel(entry.modelType).toLowerCase()}
            </Text>
            {entry.receipt && <ReceiptLines receipt={entry.receipt} />}
          </Timeline.Item>
        ))}
      </Timeline>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Older scores
        </Button>
      )}
    </Stack>
  );
}

function ReceiptLines({ receipt }: { receipt: Receipt }) {
  const lines = [...receipt.data, ...receipt.model].map((each) => localised(each.text));
  if (Math.abs(receipt.base) >= 0.5) lines.push(`The model in general: ${formatPoints(receipt.base)}`);
  return (
    <Text size="sm" component="ul" my={4} ps="md">
      {lines.slice(0, 8).map((line) => (
        <li key={line}>{line}</li>
      ))}
    </Text>
  );
}

/** The scores as a line, oldest first. */
function Spark({ entries }: { entries: readonly Entry[] }) {
  const scores = entries.map((each) => each.score).reverse();
  const step = 100 / (scores.length - 1);
  const points = scores.map((score, at) => `${at * step},${38 - 0.36 * score}`).join(" ");
  return (
    <svg
      className={classes.spark}
      viewBox="0 0 100 40"
      preserveAspectRatio="none"
      role="img"
      aria-label={`Scores over time, from ${scores[0]} to ${scores.at(-1)}`}
    >
      <polyline
        points={points}
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
