import { Stack, Text } from "@mantine/core";

import { formatTenths, formatWhole } from "../shared/format";
import { localised } from "../shared/prose";
import { Failed, Loading } from "../shared/states";
import { type Reason, modelTypeLabel } from "../shared/types";
import classes from "./LeadDrawer.module.css";
import { Outlook } from "./Outlook";
import { useExplanation } from "./queries";

const MOST = 10;

/** Why the lead has its score: what each field adds or takes, from the score of an unknown lead. */
export function Reasons({ id }: { id: string }) {
  const { data: found, error, refetch } = useExplanation(id);
  if (error) return <Failed error={error} onRetry={refetch} />;
  if (!found) return <Loading what="Loading the reasons" />;
  const hidden = found.reasons.slice(MOST);
  const rest = found.explanation.rest + hidden.reduce((sum, each) => sum + each.points, 0);
  return (
    <Stack gap="sm">
      <Outlook found={found} />
      <Text size="sm" c="dimmed">
        A lead of which nothing is known would score {formatWhole(found.explanation.base)}. What is
        known of this one makes it {found.score} (version {found.modelVersion},{" "}
        {modelTypeLabel(found.modelType).toLowerCase()}).
      </Text>
      <ReasonList reasons={found.reasons.slice(0, MOST)} />
      {Math.abs(rest) >= 0.05 && (
        <Text size="sm" c="dimmed">
          Everything else together: {formatTenths(rest)}
        </Text>
      )}
    </Stack>
  );
}

export function ReasonList({ reasons }: { reasons: readonly Reason[] }) {
  const largest = Math.max(1, ...reasons.map((each) => Math.abs(each.points)));
  return (
    <ul className={classes.reasons} aria-label="Reasons">
      {reasons.map(({ name, text, points }) => {
        const share = (100 * Math.abs(points)) / largest;
        return (
          <li key={name} className={classes.reason}>
            <span>{localised(text.replace(/: [+−-]?[\d.,]+$/, ""))}</span>
            <span
              className={classes.axis}
              data-way={points < 0 ? "down" : "up"}
              aria-hidden="true"
            >
              <span style={points < 0 ? { right: "100%", width: `${share}%` } : { width: `${share}%` }} />
            </span>
            <span className={classes.points}>{formatTenths(points)}</span>
          </li>
        );
      })}
    </ul>
  );
}
