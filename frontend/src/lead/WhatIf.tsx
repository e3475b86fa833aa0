import { Button, Group, Slider, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";

import { formatMoney, formatWhole, pointsWords } from "../shared/format";
import { Failed } from "../shared/states";
import type { Lead } from "../shared/types";
import classes from "./LeadDrawer.module.css";
import { type Changes, useWhatIf } from "./queries";
import { Proposals } from "./Proposals";
import { ReasonList } from "./Reasons";
import { daysSince, KNOBS, type KnobName, lastContactOf, mostOf } from "./knobs";

const SETTLE_MS = 80;

/** The score as somebody drags what could be otherwise. Nothing is stored. */
export function WhatIf({ lead }: { lead: Lead }) {
  const [changes, setChanges] = useState<Changes>({});
  const [settled] = useDebouncedValue(changes, SETTLE_MS);
  const isChanged = Object.keys(changes).length > 0;
  const { data: found, error, isPlaceholderData } = useWhatIf(lead, settled, true);
  const isOld = isPlaceholderData || settled !== changes;
  const change = found?.before && found.after && found.after.score - found.before.score;
  return (
    <Stack gap="md">
      <div className={classes.answer} data-old={isOld || undefined} aria-live="polite">
        <span>{found?.before?.score ?? lead.score ?? "–"} now</span>
        <span aria-hidden="true">→</span>
        <strong data-testid="what-if-score">{found?.after?.score ?? "…"}</strong>
        <span>{change === undefined ? "" : pointsWords(change)}</span>
      </div>
      {error && <Failed error={error} />}
      <Proposals lead={lead} onTry={setChanges} />
      {KNOBS.map(({ name, label }) => (
        <Knob
          key={name}
          name={name}
          label={label}
          lead={lead}
          value={changes[name]}
          onChange={(value) => setChanges((now) => ({ ...now, [name]: value }))}
        />
      ))}
      <Group>
        <Button size="xs" variant="default" disabled={!isChanged} onClick={() => setChanges({})}>
          As it is
        </Button>
      </Group>
      {found && (
        <Text size="xs" c="dimmed">
          {found.note}
        </Text>
      )}
      {found?.after && <ReasonList reasons={found.after.reasons.slice(0, 6)} />}
    </Stack>
  );
}

interface KnobProps {
  name: KnobName;
  label: string;
  lead: Lead;
  value: Changes[KnobName];
  onChange: (value: Changes[KnobName]) => void;
}

function Knob({ name, label, lead, value, onChange }: KnobProps) {
  const given = value ?? lead[name];
  const isDay = name === "lastContact";
  const number = typeof given === "string" ? daysSince(given) : given;
  const most = mostOf(name, lead);
  const write = (each: number) =>
    isDay ? `${formatWhole(each)} days ago` : name === "budget" ? formatMoney(each) : formatWhole(each);
  const text = number === null ? "not known" : write(number);
  return (
    <div>
      <Group justify="space-between">
        <Text size="sm" fw={550}>
          {label}
        </Text>
        <Text size="sm" className="numbers">
          {text}
        </Text>
      </Group>
      <Slider
        thumbLabel={label}
        label={write}
        min={0}
        max={most}
        step={most > 1000 ? Math.round(most / 200) : 1}
        value={number ?? 0}
        onChange={(next) => onChange(isDay ? lastContactOf(next) : next)}
        thumbProps={{ "aria-valuetext": text }}
      />
    </div>
  );
}
