import { Anchor, Button, Group } from "@mantine/core";

import { may, session } from "../app/session";
import { Empty } from "../shared/states";

/** In place of the list on an installation that has no leads yet. */
export function NoLeads({ onAdd }: { onAdd: () => void }) {
  return (
    <Empty title="No leads yet">
      Leads are scored within seconds of their arrival, from the first one on. Add them here, import a
      table, or let your CRM send them to {may("GET", "docs") ? <Anchor href="/api/docs">the API</Anchor> : "the API"}.
      <Group justify="center" gap="xs" mt="md">
        {may("POST", "leads") && <Button onClick={onAdd}>Add the first lead</Button>}
        {session.importUrl && (
          <Button component="a" href={session.importUrl} variant="default">
            Import a table
          </Button>
        )}
      </Group>
    </Empty>
  );
}

/** In place of the list where there are leads, but none that the filters let through. */
export function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <Empty title="No lead matches these filters">
      <Button variant="default" mt="xs" onClick={onClear}>
        Show all leads
      </Button>
    </Empty>
  );
}
