import { VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";

import { count } from "../shared/format";
import { Failed } from "../shared/states";
import { columnDefs, columns, features, type ColumnMeta, type ListActions, type Row } from "./columns";
import classes from "./LeadTable.module.css";
import { type LeadFilters, nextOrdering, type Ordering } from "./search";
import { useLeadPages } from "./useLeadPages";

const ROW_HEIGHT = 54;
const PHONE_ROW_HEIGHT = 76;
const OVERSCAN = 16;

interface Props {
  filters: LeadFilters;
  hidden: Record<string, boolean>;
  actions: ListActions;
  onOrder: (ordering: Ordering) => void;
  onTotal: (total: number | undefined) => void;
  /** In its place if there is no row. */
  empty: React.ReactNode;
}

/** The list itself: of any number of leads, only the rows on screen are there. */
export function LeadTable({ filters, hidden, actions, onOrder, onTotal, empty }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const isPhone = useMediaQuery("(max-width: 48rem)");
  const height = isPhone ? PHONE_ROW_HEIGHT : ROW_HEIGHT;
  const [range, setRange] = useState({ first: 0, last: 40 });
  const pages = useLeadPages(filters, range.first, range.last);
  const rows = useVirtualizer({
    count: pages.rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: OVERSCAN,
    onChange: (instance) => {
      const first = instance.range?.startIndex ?? 0;
      const last = instance.range?.endIndex ?? 40;
      setRange((before) =>
        before.first === first && before.last === last ? before : { first, last },
      );
    },
  });
  useEffect(() => rows.measure(), [rows, height]);
  useEffect(() => {
    // Not scrollTo, which answers with a promise in newer browsers.
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [filters]);
  useEffect(() => onTotal(pages.total), [onTotal, pages.total]);

  const shown = rows.getVirtualItems();
  const lines: Row[] = shown.map(({ index }) => ({ index, lead: pages.lead(index) }));
  const table = useTable({
    features,
    columns: columnDefs,
    data: lines,
    state: { columnVisibility: hidden },
  });
  const visible = useMemo(
    () => columns.filter((each) => table.getColumn(each.id)?.getIsVisible() !== false),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the table reads `hidden`
    [table, hidden],
  );
  const template = visible.map((each) => each.meta.width).join(" ");

  if (pages.error && !pages.lead(range.first)) {
    return <Failed error={pages.error} onRetry={pages.retry} />;
  }
  if (!pages.isLoading && pages.rows === 0) return empty;
  return (
    <div
      ref={scroller}
      className={classes.scroll}
      role="table"
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keyboard has to scroll it
      tabIndex={0}
      aria-label={pages.total === undefined ? "Leads" : count(pages.total, "lead")}
      aria-rowcount={pages.total === undefined ? -1 : pages.total + 1}
      aria-busy={pages.isLoading}
    >
      <div role="rowgroup">
        <div
          role="row"
          className={`${classes.row} ${classes.head}`}
          style={{ gridTemplateColumns: template }}
        >
          {visible.map(({ id, meta }) => (
            <Head key={id} meta={meta} ordering={filters.ordering} onOrder={onOrder} />
          ))}
        </div>
      </div>
      <div role="rowgroup" className={classes.body} style={{ height: rows.getTotalSize() }}>
        {shown.map(({ index, start }, at) => {
          const lead = lines[at]?.lead;
          return (
            <div
              key={index}
              role="row"
              aria-rowindex={index + 2}
              data-selected={(lead && actions.selected.has(lead.id)) || undefined}
              data-loading={!lead || undefined}
              className={`${classes.row} ${classes.line}`}
              style={{ gridTemplateColumns: template, height, transform: `translateY(${start}px)` }}
            >
              {visible.map(({ id, show }) => (
                <div key={id} role="cell" className={classes.cell} data-column={id}>
                  {lead ? show(lead, actions) : <div className={classes.ghost} />}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface HeadProps {
  meta: ColumnMeta;
  ordering: Ordering;
  onOrder: (ordering: Ordering) => void;
}

function Head({ meta: { label, sort, isHidden }, ordering, onOrder }: HeadProps) {
  const way = ordering === sort ? "ascending" : ordering === `-${sort}` ? "descending" : "none";
  return (
    <div role="columnheader" aria-sort={sort ? way : undefined}>
      {sort ? (
        <button
          type="button"
          className={classes.sort}
          onClick={() => onOrder(nextOrdering(ordering, sort))}
        >
          {label}
          <span aria-hidden="true">{{ ascending: "↑", descending: "↓", none: "↕" }[way]}</span>
        </button>
      ) : isHidden ? (
        <VisuallyHidden>{label}</VisuallyHidden>
      ) : (
        label
      )}
    </div>
  );
}
