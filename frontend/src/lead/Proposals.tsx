import { Group, SegmentedControl, Stack, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";

import { Failed } from "../shared/states";
import { localised } from "../shared/prose";
import type { Lead } from "../shared/types";
import { type Aim, aimsAbove } from "./aims";
import classes from "./Proposals.module.css";
import { type Changes, useProposals } from "./queries";

interface Props {
  lead: Lead;
  onTry: (changes: Changes) => void;
}

/** The smallest changes with which the model expects a better grade; a click tries one. */
export function Proposals({ lead, onTry }: Props) {
  const better = aimsAbove(lead.grade);
  const [chosen, setGrade] = useState<Aim>();
  const grade = chosen && better.includes(chosen) ? chosen : better.at(-1);
  const { data: found, error } = useProposals(lead, grade);
  if (!grade) return null;
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm" fw={550}>
          Smallest changes for grade {grade}
        </Text>
        {better.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label="Grade to reach"
            data={[...better]}
            value={grade}
            onChange={(value) => setGrade(better.find((each) => each === value))}
          />
        )}
      </Group>
      {error && <Failed error={error} />}
      {found?.proposals?.length === 0 && (
        <Text size="sm">{found.reached ? "It is there." : "Nothing you can do brings it closer."}</Text>
      )}
      <ul className={classes.proposals} aria-label="Smallest changes">
        {found?.proposals?.map((each) => (
          <li key={each.steps.map((step) => step.text).join()}>
            <UnstyledButton className={classes.proposal} onClick={() => onTry(each.changes)}>
              <span>{each.steps.map((step) => localised(step.text)).join(", ")}</span>
              <strong>
                {each.score}
                {each.reached ? "" : " at best"}
              </strong>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
