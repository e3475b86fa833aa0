import { Button, Checkbox, Chip, Menu, Pill, RangeSlider, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";

import { session } from "../app/session";
import { SearchIcon } from "../shared/icons";
import { GRADES, STATUSES } from "../shared/types";
import { ALWAYS, columns } from "./columns";
import classes from "./Filters.module.css";
import { isFiltered, type LeadFilters } from "./search";

interface Props {
  filters: LeadFilters;
  onChange: (changes: Partial<Record<keyof LeadFilters, string | number | null>>) => void;
  onClear: () => void;
  hidden: Record<string, boolean>;
  onHide: (hidden: Record<string, boolean>) => void;
}

/** What narrows the list down. */
export function Filters({ filters, onChange, onClear, hidden, onHide }: Props) {
  return (
    <div className={classes.filters} role="search">
      <Search value={filters.search ?? ""} onChange={(search) => onChange({ search })} />
      <Select
        className={classes.narrow ?? ""}
        aria-label="Outcome"
        placeholder="Any outcome"
        clearable
        clearButtonProps={{ "aria-label": "Any outcome" }}
        data={[...STATUSES]}
        value={filters.status ?? null}
        onChange={(status) => onChange({ status })}
      />
      <Select
        className={classes.narrow ?? ""}
        aria-label="Grade"
        placeholder="Any grade"
        clearable
        clearButtonProps={{ "aria-label": "Any grade" }}
        data={GRADES.map((grade) => ({ value: grade, label: `Grade ${grade}` }))}
        value={filters.grade ?? null}
        onChange={(grade) => onChange({ grade })}
      />
      <Chip
        checked={filters.owner === session.user}
        onChange={(mine) => onChange({ owner: mine ? session.user : null })}
        size="sm"
        radius="md"
        className={classes.mine ?? ""}
      >
        Mine
      </Chip>
      <Menu closeOnItemClick={false} position="bottom-end" width={260}>
        <Menu.Target>
          <Button variant="default">More</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Stack gap="xs" p="xs">
            <Words name="industry" label="Industry" filters={filters} onChange={onChange} />
            <Words name="size" label="Company size" filters={filters} onChange={onChange} />
            <Words name="owner" label="Owner (user name)" filters={filters} onChange={onChange} />
            <ScoreRange filters={filters} onChange={onChange} />
            <Text size="xs" fw={600} mt="xs">
              Columns
            </Text>
            {columns
              .filter((each) => !ALWAYS.has(each.id))
              .map(({ id, meta }) => (
                <Checkbox
                  key={id}
                  size="xs"
                  label={meta.label}
                  checked={hidden[id] !== false}
                  onChange={(event) => onHide({ ...hidden, [id]: event.currentTarget.checked })}
                />
              ))}
          </Stack>
        </Menu.Dropdown>
      </Menu>
      {filters.segment && (
        <Pill
          size="md"
          className={classes.segment ?? ""}
          withRemoveButton
          removeButtonProps={{ "aria-label": "Any segment", "aria-hidden": false, tabIndex: 0 }}
          onRemove={() => onChange({ segment: null, segmentVersion: null })}
        >
          {filters.segment}
        </Pill>
      )}
      {isFiltered(filters) && (
        <Button variant="subtle" onClick={onClear}>
          Clear
        </Button>
      )}
    </div>
  );
}

/** Typed text is asked for once somebody stops typing. */
function Search({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  const asked = useRef(value);
  const ask = useDebouncedCallback((next: string) => {
    asked.current = next;
    onChange(next);
  }, 250);
  useEffect(() => {
    // Cleared, or gone back in the history: not what was typed last.
    if (value !== asked.current) {
      asked.current = value;
      setText(value);
    }
  }, [value]);
  return (
    <TextInput
      className={classes.search ?? ""}
      type="search"
      aria-label="Search leads"
      placeholder="Name, company, e-mail or id"
      leftSection={<SearchIcon />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        ask(event.currentTarget.value.trim());
      }}
    />
  );
}

type Part = Pick<Props, "filters" | "onChange">;

function Words({
  name,
  label,
  filters,
  onChange,
}: Part & { name: "industry" | "size" | "owner"; label: string }) {
  return (
    <TextInput
      size="xs"
      label={label}
      key={filters[name] ?? ""}
      defaultValue={filters[name] ?? ""}
      onBlur={(event) => onChange({ [name]: event.currentTarget.value.trim() })}
      onKeyDown={(event) => {
        if (event.key === "Enter") onChange({ [name]: event.currentTarget.value.trim() });
        // The menu would take letters for the first ones of its items.
        event.stopPropagation();
      }}
    />
  );
}

function ScoreRange({ filters, onChange }: Part) {
  const now: [number, number] = [filters.minScore ?? 0, filters.maxScore ?? 100];
  return (
    <div>
      <Text size="xs" fw={500} mb={4}>
        Score
      </Text>
      <RangeSlider
        key={now.join()}
        size="sm"
        defaultValue={now}
        minRange={0}
        thumbFromLabel="Least score"
        thumbToLabel="Highest score"
        onChangeEnd={([low, high]) =>
          onChange({ minScore: low > 0 ? low : null, maxScore: high < 100 ? high : null })
        }
      />
    </div>
  );
}
