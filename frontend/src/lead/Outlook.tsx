import { Alert, Group, List, Stack, Text } from "@mantine/core";

import { formatNumber, formatShare } from "../shared/format";
import { localised } from "../shared/prose";
import classes from "./Outlook.module.css";
import type { Explanation } from "./queries";

/** How sure the score is, whether there was enough to learn from, and by when a win would come. */
export function Outlook({ found }: { found: Explanation }) {
  const { interval, familiarity, conversionByDay: days } = found;
  // Mostly the same for all of them: said once.
  const missing = new Set(Object.values(found.unavailable));
  return (
    <Stack gap="xs">
      {familiarity && !familiarity.enough && (
        <Alert
          color="yellow"
          variant="light"
          title="Not enough data like this lead"
          classNames={{ title: classes.warning ?? "" }}
        >
          {familiarity.unlike.length === 0 ? (
            <Text size="sm">{localised(familiarity.text)}</Text>
          ) : (
            <List size="sm">
              {familiarity.unlike.map((each) => (
                <List.Item key={each.name}>{localised(each.text)}</List.Item>
              ))}
            </List>
          )}
        </Alert>
      )}
      {interval && (
        <Text size="sm">
          Between {formatShare(interval.low)} and {formatShare(interval.high)}: the true chance lies
          in such a range for {formatShare(interval.level, 0)} of leads.
        </Text>
      )}
      {days && days.length > 0 && (
        <figure className={classes.days}>
          <Text component="figcaption" size="sm" fw={550}>
            Chance of a win within so many days
          </Text>
          <Group grow gap="xs" align="flex-end" component="dl" my={4}>
            {days.map(({ day, probability }) => (
              <div key={day} className={classes.day}>
                <dt>{formatNumber(day, 0)} days</dt>
                <dd>
                  {formatShare(probability)}
                  <span className={classes.bar} style={{ width: `${100 * probability}%` }} />
                </dd>
              </div>
            ))}
          </Group>
        </figure>
      )}
      {[...missing].map((each) => (
        <Text key={each} size="xs" c="dimmed">
          How sure it is, or by when it is won: {each}.
        </Text>
      ))}
    </Stack>
  );
}
