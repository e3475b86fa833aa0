import { Checkbox, Text } from "@mantine/core";
import { columnVisibilityFeature, createColumnHelper, tableFeatures } from "@tanstack/react-table";

import { formatDay, formatMoney, NOTHING } from "../shared/format";
import { localised } from "../shared/prose";
import { GradeBadge, Score, StatusBadge, Trend } from "../shared/Score";
import { type Lead, leadTitle } from "../shared/types";
import classes from "./LeadTable.module.css";

/** A row of the list; its lead comes when its page does. */
export interface Row {
  index: number;
  lead: Lead | undefined;
}

/** What the columns need of the list around them. */
export interface ListActions {
  open: (lead: Lead) => void;
  selected: ReadonlySet<string>;
  toggle: (lead: Lead) => void;
}

export interface ColumnMeta {
  label: string;
  /** Of the grid that the row is. */
  width: string;
  /** The name that the API orders by. */
  sort?: string;
  /** A label for those who do not see what the column is. */
  isHidden?: boolean;
}

export const features = tableFeatures({ columnVisibilityFeature });
const helper = createColumnHelper<typeof features, Row>();

type Cell = (lead: Lead, actions: ListActions) => React.ReactNode;

export interface LeadColumn {
  id: string;
  meta: ColumnMeta;
  show: Cell;
}

function column(id: string, meta: ColumnMeta, show: Cell): LeadColumn {
  return { id, meta, show };
}

function TopReason({ text }: { text: string }) {
  return (
    <Text size="sm" truncate title={text}>
      {text}
    </Text>
  );
}

export const columns = [
  column("select", { label: "Select", width: "1.5rem", isHidden: true }, (lead, { selected, toggle }) => (
    <Checkbox
      size="xs"
      checked={selected.has(lead.id)}
      onChange={() => toggle(lead)}
      aria-label={`Select ${leadTitle(lead)}`}
    />
  )),
  column("lead", { label: "Lead", width: "minmax(11rem, 2fr)" }, (lead, { open }) => (
    <div className={classes.lead}>
      <button type="button" className={classes.open} onClick={() => open(lead)}>
        {leadTitle(lead)}
      </button>
      <Text size="xs" c="dimmed" truncate>
        {[lead.name ? lead.company : null, lead.industry].filter(Boolean).join(" · ") || lead.id}
      </Text>
    </div>
  )),
  column("score", { label: "Score", width: "8rem", sort: "score" }, (lead) => (
    <Score score={lead.score} probability={lead.conversionProbability} />
  )),
  column("grade", { label: "Grade", width: "4rem" }, (lead) => <GradeBadge grade={lead.grade} />),
  column("trend", { label: "Trend", width: "5rem" }, (lead) => <Trend points={lead.trend} />),
  column("reason", { label: "Top reason", width: "minmax(11rem, 2fr)" }, (lead) => (
    <TopReason text={lead.topReason ? localised(lead.topReason.text) : NOTHING} />
  )),
  column("expected", { label: "Expected value", width: "8.5rem", sort: "expectedValue" }, (lead) => (
    <span className={classes.number}>{formatMoney(lead.expectedValue)}</span>
  )),
  column("budget", { label: "Budget", width: "7.5rem", sort: "budget" }, (lead) => (
    <span className={classes.number}>{formatMoney(lead.budget)}</span>
  )),
  column("owner", { label: "Owner", width: "8rem" }, (lead) => lead.owner ?? NOTHING),
  column("contact", { label: "Last contact", width: "8rem", sort: "lastContact" }, (lead) =>
    formatDay(lead.lastContact),
  ),
  column("status", { label: "Outcome", width: "7.5rem" }, (lead) => (
    <StatusBadge status={lead.status} />
  )),
];

export const columnDefs = columns.map(({ id }) => helper.display({ id }));

/** Beside every lead, whatever else is hidden. */
export const ALWAYS = new Set(["select", "lead", "score"]);
