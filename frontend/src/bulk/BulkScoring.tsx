import { Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useSearchParams } from "react-router";

import { may } from "../app/session";
import { BatchProgress } from "./BatchProgress";
import { BatchStart } from "./BatchStart";
import { PastBatches } from "./PastBatches";

/** A whole file scored in the background: drop it, map its columns, watch, download. */
export default function BulkScoring() {
  useDocumentTitle("Bulk · Lead scoring");
  const [params, setParams] = useSearchParams();
  const id = params.get("batch");
  const open = (next: string | null) => setParams(next === null ? {} : { batch: next });
  if (!may("POST", "batches")) {
    return (
      <Text role="alert">Your user may not score files. Ask an admin for the permission.</Text>
    );
  }
  return (
    <Stack gap="md" maw="56rem" mx="auto">
      <div>
        <Title order={1} size="h3">
          Score a file
        </Title>
        <Text c="dimmed" size="sm">
          The leads in it are scored and not stored. Results come as a file.
        </Text>
      </div>
      {id === null ? (
        <BatchStart onStarted={open} />
      ) : (
        <BatchProgress id={id} onClose={() => open(null)} />
      )}
      <PastBatches onOpen={open} />
    </Stack>
  );
}
