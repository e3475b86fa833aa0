import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";

import { formatDay, formatMoney, formatMoment, formatWhole, NOTHING } from "../shared/format";
import type { Lead } from "../shared/types";
import classes from "./LeadDrawer.module.css";

/** What is stored of a lead, the team's own columns too. */
export function Details({ lead }: { lead: Lead }) {
  const facts: [string, ReactNode][] = [
    ["Id", lead.id],
    ["Company", lead.company],
    ["Industry", lead.industry],
    ["Company size", lead.size],
    ["E-mail", lead.email && <Anchor href={`mailto:${lead.email}`} size="sm">{lead.email}</Anchor>],
    ["Position", lead.position],
    ["Budget", formatMoney(lead.budget)],
    ["Last contact", formatDay(lead.lastContact)],
    ["Interactions", formatWhole(lead.interactions)],
    ["Previous purchases", formatWhole(lead.previousPurchases)],
    ["Owner", lead.owner],
    ["Known since", formatDay(lead.seenOn)],
    ["Outcome value", lead.outcome ? formatMoney(lead.outcome.value) : null],
    ["Last change", formatMoment(lead.updatedAt)],
    ...Object.entries(lead.attributes).map(([name, value]): [string, ReactNode] => [
      name.replaceAll("_", " "),
      value === null ? null : String(value),
    ]),
  ];
  return (
    <dl className={classes.facts}>
      {facts.map(([label, value]) => (
        <Fact key={label} label={label} value={value ?? NOTHING} />
      ))}
    </dl>
  );
}

function Fact({ label, value }: { label: string; value: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}
