import { Button, Drawer, Group, Stack, Tabs, Text, Title } from "@mantine/core";
import { lazy, Suspense, useState } from "react";

import { may } from "../app/session";
import { useDialog } from "../shared/dialog";
import { formatMoney, formatShare } from "../shared/format";
import { GradeBadge, StatusBadge } from "../shared/Score";
import { Failed, Loading } from "../shared/states";
import { type Lead, leadTitle } from "../shared/types";
import { Details } from "./Details";
import classes from "./LeadDrawer.module.css";
import { OutcomeMenu } from "./OutcomeMenu";
import { useLead } from "./queries";
import { Reasons } from "./Reasons";
import { ScoreHistory } from "./ScoreHistory";
import { WhatIf } from "./WhatIf";

const LeadForm = lazy(() => import("../leads/LeadForm"));

/** Everything about one lead, beside whatever page it was opened from. */
export default function LeadDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: lead, error, refetch } = useLead(id);
  const dialog = useDialog();
  return (
    <Drawer
      opened
      onClose={onClose}
      // A click on the dimmed page closes it, one on a message beside it does not.
      closeOnClickOutside={false}
      overlayProps={{ onClick: onClose }}
      position="right"
      size="34rem"
      title={
        <Title order={2} size="h4">
          {lead ? leadTitle(lead) : id}
        </Title>
      }
      {...dialog}
    >
      {error && <Failed error={error} onRetry={refetch} />}
      {!error && !lead && <Loading what="Loading the lead" />}
      {lead && <LeadPanel lead={lead} />}
    </Drawer>
  );
}

function LeadPanel({ lead }: { lead: Lead }) {
  const [isEditing, setEditing] = useState(false);
  const maySeeWhy = may("GET", "explanation");
  return (
    <Stack gap="md">
      <Group gap="md" align="center" wrap="nowrap">
        <div className={classes.score} data-testid="score">
          {lead.score ?? "–"}
        </div>
        <Stack gap={4}>
          <Group gap="xs">
            <GradeBadge grade={lead.grade} />
            <StatusBadge status={lead.status} />
          </Group>
          <Text size="sm" c="dimmed">
            {lead.conversionProbability === null
              ? "Not scored yet"
              : `${formatShare(lead.conversionProbability)} likely to be won, ` +
                `${formatMoney(lead.expectedValue)} expected`}
          </Text>
        </Stack>
      </Group>
      <Group gap="xs">
        {may("POST", "outcomes") && <OutcomeMenu lead={lead} />}
        {may("PATCH", "leads") && (
          <Button size="xs" variant="default" onClick={() => setEditing(true)}>
            Change
          </Button>
        )}
      </Group>
      <Tabs defaultValue={maySeeWhy ? "why" : "details"} keepMounted={false}>
        <Tabs.List>
          {maySeeWhy && <Tabs.Tab value="why">Why</Tabs.Tab>}
          {may("POST", "what-if") && <Tabs.Tab value="what-if">What if</Tabs.Tab>}
          {maySeeWhy && <Tabs.Tab value="history">History</Tabs.Tab>}
          <Tabs.Tab value="details">Details</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="why" pt="md">
          <Reasons id={lead.id} />
        </Tabs.Panel>
        <Tabs.Panel value="what-if" pt="md">
          <WhatIf key={`${lead.id}/${lead.revision}`} lead={lead} />
        </Tabs.Panel>
        <Tabs.Panel value="history" pt="md">
          <ScoreHistory id={lead.id} />
        </Tabs.Panel>
        <Tabs.Panel value="details" pt="md">
          <Details lead={lead} />
        </Tabs.Panel>
      </Tabs>
      <Suspense>
        {isEditing && <LeadForm lead={lead} onClose={() => setEditing(false)} />}
      </Suspense>
    </Stack>
  );
}
