import { Badge, Text, Tooltip } from "@mantine/core";

import { formatPoints, formatShare, NOTHING } from "./format";
import classes from "./Score.module.css";
import type { Grade, Status } from "./types";
import { statusLabel } from "./types";

const GRADE_COLOURS: Record<Grade, string> = { A: "teal", B: "lime", C: "yellow", D: "gray" };
const STATUS_COLOURS: Record<Status, string> = {
  open: "blue",
  won: "teal",
  lost: "red",
  disqualified: "gray",
};

/** A score with a bar as long as it is; the probability behind it on hover. */
export function Score({
  score,
  probability,
}: {
  score: number | null;
  probability?: number | null;
}) {
  if (score === null) return <Text c="dimmed">{NOTHING}</Text>;
  return (
    <Tooltip
      label={`${formatShare(probability)} sure to be won`}
      disabled={probability === null || probability === undefined}
    >
      <div className={classes.score}>
        <span className={classes.number}>{score}</span>
        <span className={classes.track} aria-hidden="true">
          <span className={classes.bar} style={{ width: `${score}%` }} />
        </span>
      </div>
    </Tooltip>
  );
}

export function GradeBadge({ grade }: { grade: Grade | null }) {
  if (grade === null) return <Text c="dimmed">{NOTHING}</Text>;
  return (
    <Badge
      color={GRADE_COLOURS[grade]}
      variant="light"
      radius="sm"
      className={classes.badge ?? ""}
      aria-label={`Grade ${grade}`}
    >
      {grade}
    </Badge>
  );
}

export function StatusBadge({ status }: { status: Status }) {
  return (
    <Badge
      color={STATUS_COLOURS[status]}
      variant="light"
      radius="sm"
      tt="none"
      className={classes.badge ?? ""}
    >
      {statusLabel(status)}
    </Badge>
  );
}

/** The points since the score before: up, down, or as it was. */
export function Trend({ points }: { points: number | null | undefined }) {
  if (points === null || points === undefined) return <Text c="dimmed">{NOTHING}</Text>;
  const way = points > 0 ? "up" : points < 0 ? "down" : "same";
  const arrow = { up: "▲", down: "▼", same: "=" }[way];
  return (
    <span className={classes.trend} data-way={way}>
      <span aria-hidden="true">{arrow}</span> {formatPoints(points)}
    </span>
  );
}
