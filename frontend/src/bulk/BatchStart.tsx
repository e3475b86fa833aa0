import { Button, FileButton, Group, Paper, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { type DragEvent, useState } from "react";

import { UploadIcon } from "../shared/icons";
import { Failed } from "../shared/states";
import { MODEL_TYPES, type ModelType } from "../shared/types";
import classes from "./BulkScoring.module.css";
import { useStartBatch } from "./queries";
import { columnsOf, FIELDS, guess, type Mapping, mediaTypeOf } from "./table";

const HEAD_BYTES = 64 * 1024;

interface Chosen {
  file: File;
  columns: string[];
  mapping: Mapping;
}

export function BatchStart({ onStarted }: { onStarted: (id: string) => void }) {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [modelType, setModelType] = useState<ModelType>("auto");
  const start = useStartBatch();
  const choose = async (file: File | null | undefined) => {
    if (!file) return;
    const isKnown = mediaTypeOf(file.name) !== null;
    setProblem(isKnown ? null : "Only CSV, NDJSON, Parquet and gzip files can be read.");
    if (!isKnown) return;
    const isText = mediaTypeOf(file.name) === "text/csv";
    const columns = isText ? columnsOf(await file.slice(0, HEAD_BYTES).text()) : [];
    setChosen({ file, columns, mapping: guess(columns) });
  };
  if (!chosen) return <Drop onFile={(file) => void choose(file)} problem={problem} />;
  const { file, columns, mapping } = chosen;
  const column = (name: string, label: string, description?: string) => (
    <Select
      key={name}
      size="xs"
      label={label}
      description={description}
      placeholder="No column"
      searchable
      clearable
      clearButtonProps={{ "aria-label": `No column for ${label}` }}
      data={[...new Set(columns)]}
      value={mapping[name] ?? null}
      onChange={(value) => setChosen({ ...chosen, mapping: { ...mapping, [name]: value } })}
    />
  );
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        <Text fw={600}>{file.name}</Text>
        {columns.length > 0 ? (
          <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="sm">
            {column("id", "Id")}
            {FIELDS.map(({ name, label }) => column(name, label))}
            {column("seen_on", "Known since")}
          </SimpleGrid>
        ) : (
          <Text size="sm" c="dimmed">
            Columns are taken by their names.
          </Text>
        )}
        <Text size="sm" c="dimmed">
          All other columns count too, as your own.
        </Text>
        <Group align="flex-end">
          <Select
            size="xs"
            label="Model type"
            data={[...MODEL_TYPES]}
            value={modelType}
            allowDeselect={false}
            onChange={(value) => setModelType(value ?? "auto")}
          />
          <Button
            size="xs"
            loading={start.isPending}
            onClick={() =>
              start.mutate(
                { file, mapping, modelType },
                { onSuccess: (batch) => onStarted(batch.id) },
              )
            }
          >
            Score the file
          </Button>
          <Button size="xs" variant="subtle" onClick={() => setChosen(null)}>
            Another file
          </Button>
        </Group>
        {start.error && <Failed error={start.error} />}
      </Stack>
    </Paper>
  );
}

interface DropProps {
  onFile: (file: File | null | undefined) => void;
  problem: string | null;
}

function Drop({ onFile, problem }: DropProps) {
  const [isOver, setOver] = useState(false);
  const drag = (over: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(over);
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the button does the same
    <div
      role="group"
      aria-label="File to score"
      className={classes.drop}
      data-over={isOver || undefined}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={(event) => {
        drag(false)(event);
        onFile(event.dataTransfer.files[0]);
      }}
    >
      <UploadIcon />
      <Text fw={600}>Drop a file here</Text>
      <Text size="sm" c="dimmed">
        CSV, NDJSON or Parquet, gzipped too; one lead a row
      </Text>
      <FileButton onChange={onFile} accept=".csv,.txt,.tsv,.ndjson,.jsonl,.parquet,.gz">
        {(props) => (
          <Button {...props} variant="default">
            Choose a file
          </Button>
        )}
      </FileButton>
      {problem && (
        <Text role="alert" c="red" size="sm">
          {problem}
        </Text>
      )}
    </div>
  );
}
