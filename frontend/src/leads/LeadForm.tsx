import { Button, Group, Modal, SimpleGrid, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { ApiError, data } from "../api/index";
import { api } from "../app/api";
import { useDialog } from "../shared/dialog";
import { Failed } from "../shared/states";
import type { Lead } from "../shared/types";
import { LEAD_LIMITS, problem, wireValue } from "../shared/validation";
import { LEAD_FIELDS } from "./leadFields";

type Texts = Record<string, string>;

interface Props {
  /** The lead to edit; none: a new one. */
  lead?: Lead;
  onClose: () => void;
  onSaved?: (id: string) => void;
}

/** Adds a lead, or changes those fields of one that were changed here. */
export default function LeadForm({ lead, onClose, onSaved }: Props) {
  const [before] = useState(() => textsOf(lead));
  const [texts, setTexts] = useState<Texts>(before);
  const [tried, setTried] = useState(false);
  const queryClient = useQueryClient();
  const dialog = useDialog();
  const save = useMutation({
    mutationFn: () => (lead ? change(lead.id, before, texts) : add(texts)),
    onSuccess: (id) => {
      void queryClient.invalidateQueries({ queryKey: ["leads"] });
      void queryClient.invalidateQueries({ queryKey: ["lead", id] });
      onClose();
      onSaved?.(id);
    },
  });
  const wrong = problems(texts, !lead);
  const said = save.error instanceof ApiError ? save.error.fields : {};
  const error = (name: string) =>
    (tried ? wrong[name] : undefined) ?? said[name] ?? said[`leads.0.${name}`] ?? null;
  const submit = (event: React.SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(wrong).length === 0) save.mutate();
  };
  const input = (name: string, label: string, kind: string) => (
    <TextInput
      key={name}
      label={label}
      required={name === "id"}
      type={kind === "date" ? "date" : "text"}
      inputMode={kind === "number" ? "decimal" : kind === "email" ? "email" : "text"}
      value={texts[name] ?? ""}
      error={error(name)}
      onChange={({ currentTarget: { value } }) => setTexts((now) => ({ ...now, [name]: value }))}
    />
  );
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={lead ? "Change the lead" : "Add a lead"}
      {...dialog}
    >
      <form onSubmit={submit} noValidate>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          {!lead && input("id", "Id", "text")}
          {LEAD_FIELDS.map(({ name, label, kind }) => input(name, label, kind))}
        </SimpleGrid>
        {save.error && Object.keys(said).length === 0 && <Failed error={save.error} />}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function textsOf(lead: Lead | undefined): Texts {
  return Object.fromEntries(
    LEAD_FIELDS.map(({ name }) => {
      const value = lead?.[name];
      return [name, typeof value === "string" || typeof value === "number" ? String(value) : ""];
    }),
  );
}

function problems(texts: Texts, isNew: boolean): Texts {
  const found: Texts = {};
  for (const [name, text] of Object.entries(texts)) {
    const wrong = problem(text.trim(), LEAD_LIMITS[name] ?? {});
    if (wrong) found[name] = wrong;
  }
  if (isNew && !texts["id"]?.trim()) found["id"] = "Needed: by it the lead is known elsewhere.";
  return found;
}

function fieldsOf(texts: Texts) {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, wireValue(text, LEAD_LIMITS[name] ?? {})]),
  );
}

async function add(texts: Texts): Promise<string> {
  const id = texts["id"]?.trim() ?? "";
  const known = Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== ""));
  const lead = { ...fieldsOf(known), id };
  const answer = await data(api.POST("/api/leads", { body: { leads: [lead] } }));
  return String(answer.created[0] ?? answer.updated[0] ?? answer.unchanged[0]);
}

async function change(id: string, before: Texts, texts: Texts): Promise<string> {
  const changed = Object.entries(texts).filter(([name, text]) => text !== before[name]);
  const body = fieldsOf(Object.fromEntries(changed));
  if (changed.length > 0) {
    await data(api.PATCH("/api/leads/{id}", { params: { path: { id } }, body }));
  }
  return id;
}
