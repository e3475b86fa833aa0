import { Alert, Badge, Button, Group, Modal, Table, Text, Textarea } from "@mantine/core";
import { useState } from "react";

import { may } from "../app/session";
import { useDialog } from "../shared/dialog";
import { formatMoment } from "../shared/format";
import { localised } from "../shared/prose";
import { Failed } from "../shared/states";
import { type ModelSummary, modelTypeLabel } from "../shared/types";
import { Panel } from "./Panel";
import { usePromotion } from "./queries";
import { TrainButton, TrainingState } from "./Training";

/** Every version that was trained; who may, chooses another one or trains again. */
export function Versions({ models }: { models: readonly ModelSummary[] }) {
  const [promoting, setPromoting] = useState<ModelSummary | null>(null);
  return (
    <Panel
      title="Versions"
      says="A training learns from all outcomes so far. Its best version goes live by itself only if it is no worse on later data. To compare two types, choose one above."
      aside={<TrainButton />}
    >
      <TrainingState />
      <Table.ScrollContainer
        minWidth={280}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, "aria-label": "Versions" } }}
      >
        <Table verticalSpacing={6} horizontalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Version</Table.Th>
              <Table.Th>Type</Table.Th>
              <Table.Th visibleFrom="sm">Trained</Table.Th>
              <Table.Th>Answers</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {models.map((model) => (
              <Table.Tr key={model.number}>
                <Table.Td className="numbers">{model.number}</Table.Td>
                <Table.Td>{modelTypeLabel(model.modelType)}</Table.Td>
                <Table.Td visibleFrom="sm">{formatMoment(model.createdAt)}</Table.Td>
                <Table.Td>
                  <Role model={model} onPromote={() => setPromoting(model)} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {promoting && <PromoteForm model={promoting} onClose={() => setPromoting(null)} />}
    </Panel>
  );
}

function Role({ model, onPromote }: { model: ModelSummary; onPromote: () => void }) {
  if (model.champion) {
    return (
      <Badge tt="none" color="violet" variant="filled" autoContrast miw="max-content">
        Champion
      </Badge>
    );
  }
  return (
    <Group gap="xs">
      {model.active && <Text size="sm">for its type</Text>}
      {may("POST", "promotion") && (
        <Button
          size="compact-xs"
          variant="default"
          onClick={onPromote}
          aria-label={`Promote version ${model.number}`}
        >
          Promote
        </Button>
      )}
    </Group>
  );
}

function PromoteForm({ model, onClose }: { model: ModelSummary; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const promotion = usePromotion();
  const dialog = useDialog();
  const submit = (event: React.SyntheticEvent) => {
    event.preventDefault();
    promotion.mutate({ number: model.number, reason: reason.trim() }, { onSuccess: onClose });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Let version ${model.number} answer from now on?`}
      {...dialog}
    >
      <form onSubmit={submit}>
        {model.caution && (
          <Alert color="orange" variant="light" mb="md">
            {localised(model.caution)}
          </Alert>
        )}
        <Textarea
          label="Why"
          description="It is kept with the version, for whoever asks later."
          required
          maxLength={1000}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {promotion.error && <Failed error={promotion.error} />}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={promotion.isPending} disabled={!reason.trim()}>
            Promote
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
