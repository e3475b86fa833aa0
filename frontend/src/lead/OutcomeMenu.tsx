import { Button, Group, Popover, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useState } from "react";

import { ApiError } from "../api/index";
import { Failed } from "../shared/states";
import { type Lead, type Result, STATUSES } from "../shared/types";
import { OUTCOME_LIMITS, problem, wireValue } from "../shared/validation";
import { useOutcomes } from "./outcomes";

const RESULTS = STATUSES.filter((each) => each.value !== "open");

/** Asks what became of the lead. */
export function OutcomeMenu({ lead }: { lead: Lead }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} width={320} trapFocus withArrow position="bottom-start">
      <Popover.Target>
        <Button size="xs" onClick={() => setOpen(!isOpen)} aria-expanded={isOpen}>
          {lead.outcome ? "Change the outcome" : "Record the outcome"}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <OutcomeForm lead={lead} onDone={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

function OutcomeForm({ lead, onDone }: { lead: Lead; onDone: () => void }) {
  const [result, setResult] = useState<Result>(lead.outcome?.result ?? "won");
  const [day, setDay] = useState(lead.outcome?.occurredOn ?? localDay());
  const [value, setValue] = useState(String(lead.outcome?.value ?? lead.budget ?? ""));
  const record = useOutcomes(lead);
  const wrong = {
    occurredOn: problem(day, OUTCOME_LIMITS["occurredOn"] ?? {}),
    value: problem(value, OUTCOME_LIMITS["value"] ?? {}),
  };
  const said = record.error instanceof ApiError ? record.error.fields : {};
  const submit = (event: React.SyntheticEvent) => {
    event.preventDefault();
    if (wrong.occurredOn ?? wrong.value) return;
    const amount = result === "won" ? wireValue(value, OUTCOME_LIMITS["value"] ?? {}) : null;
    record.mutate({ result, occurredOn: day, value: amount as number | null }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="Outcome"
          data={RESULTS.map(({ value: each, label }) => ({ value: each, label }))}
          value={result}
          onChange={(next) => setResult(next as Result)}
        />
        <TextInput
          type="date"
          size="xs"
          label="On"
          value={day}
          error={wrong.occurredOn ?? said["outcomes.0.occurredOn"]}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        {result === "won" && (
          <TextInput
            size="xs"
            label="Value"
            inputMode="decimal"
            value={value}
            error={wrong.value ?? said["outcomes.0.value"]}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
        )}
        {record.error && Object.keys(said).length === 0 && <Failed error={record.error} />}
        <Group justify="flex-end">
          <Button size="xs" type="submit" loading={record.isPending}>
            Save the outcome
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Today where the reader is, as the API writes it. */
function localDay(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
