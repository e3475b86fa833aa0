import { Button, Group, Text, Title } from "@mantine/core";
import { useDocumentTitle, useLocalStorage } from "@mantine/hooks";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { useSearchParams } from "react-router";

import { may } from "../app/session";
import { count } from "../shared/format";
import type { Lead } from "../shared/types";
import type { ListActions } from "./columns";
import { Filters } from "./Filters";
import classes from "./LeadList.module.css";
import { LeadTable } from "./LeadTable";
import { NoLeads, NoMatch } from "./NoLeads";
import { isFiltered, readFilters, withFilter } from "./search";
import { SelectionBar } from "./SelectionBar";

const LeadDrawer = lazy(() => import("../lead/LeadDrawer"));
const LeadForm = lazy(() => import("./LeadForm"));

/** All leads with their scores; from here to one of them, or to the dashboard with some. */
export function LeadList() {
  useDocumentTitle("Leads · Lead scoring");
  const [params, setParams] = useSearchParams();
  const [hidden, setHidden] = useLocalStorage<Record<string, boolean>>({
    key: "lead-list-columns",
    defaultValue: { budget: false, owner: false },
  });
  const [selected, setSelected] = useState<ReadonlyMap<string, Lead>>(new Map());
  const [total, setTotal] = useState<number>();
  const [isAdding, setAdding] = useState(false);
  const asked = params.toString();
  const filters = useMemo(() => {
    const own = new URLSearchParams(asked);
    own.delete("lead");
    return readFilters(own);
  }, [asked]);
  // Opening a lead changes the address, too, and must not scroll the list.
  const stable = JSON.stringify(filters);
  const steady = useMemo(() => JSON.parse(stable) as typeof filters, [stable]);

  const open = useCallback(
    (id: string | null) =>
      setParams((now) => {
        const next = new URLSearchParams(now);
        if (id === null) next.delete("lead");
        else next.set("lead", id);
        return next;
      }),
    [setParams],
  );
  const actions: ListActions = useMemo(
    () => ({
      open: (lead) => open(lead.id),
      selected: new Set(selected.keys()),
      toggle: (lead) => setSelected((before) => toggled(before, lead)),
    }),
    [open, selected],
  );
  const change = (changes: Parameters<typeof withFilter>[1]) =>
    setParams((now) => withFilter(now, changes), { replace: true });
  const clear = () => setParams(new URLSearchParams());
  const add = () => setAdding(true);
  const shownLead = params.get("lead");
  return (
    <div className={classes.page}>
      <Group justify="space-between" gap="xs">
        <Group gap="sm" align="baseline">
          <Title order={1} size="h3">
            Leads
          </Title>
          <Text c="dimmed" size="sm" aria-live="polite">
            {total === undefined ? "" : count(total, "lead")}
          </Text>
        </Group>
        {may("POST", "leads") && <Button onClick={add}>Add a lead</Button>}
      </Group>
      <Filters
        filters={steady}
        onChange={change}
        onClear={clear}
        hidden={hidden}
        onHide={setHidden}
      />
      {may("GET", "leads") ? (
        <LeadTable
          filters={steady}
          hidden={hidden}
          actions={actions}
          onOrder={(ordering) => change({ ordering })}
          onTotal={setTotal}
          empty={isFiltered(steady) ? <NoMatch onClear={clear} /> : <NoLeads onAdd={add} />}
        />
      ) : (
        <Text role="alert">Your user may not see leads. Ask an admin for the permission.</Text>
      )}
      <SelectionBar leads={[...selected.values()]} onClear={() => setSelected(new Map())} />
      <Suspense>
        {shownLead !== null && <LeadDrawer id={shownLead} onClose={() => open(null)} />}
        {isAdding && <LeadForm onClose={() => setAdding(false)} onSaved={open} />}
      </Suspense>
    </div>
  );
}

function toggled(before: ReadonlyMap<string, Lead>, lead: Lead): ReadonlyMap<string, Lead> {
  const next = new Map(before);
  if (!next.delete(lead.id)) next.set(lead.id, lead);
  return next;
}
