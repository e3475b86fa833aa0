import { Alert, Tooltip } from "@mantine/core";
import { useNetwork } from "@mantine/hooks";

import classes from "./LiveStatus.module.css";
import type { LiveState } from "../api/index";

const WORDS: Record<LiveState, string> = {
  live: "Live: changes show up as they happen",
  connecting: "Connecting",
  offline: "No live connection; changes show up a little later",
};

export function LiveDot({ state }: { state: LiveState }) {
  return (
    <Tooltip label={WORDS[state]}>
      <span className={classes.dot} data-state={state} role="img" aria-label={WORDS[state]} />
    </Tooltip>
  );
}

export function OfflineBanner() {
  const { online } = useNetwork();
  if (online) return null;
  return (
    <Alert color="orange" variant="light" radius={0} role="status" p="xs">
      You are offline. What you see may be old; it is brought up to date when you are back.
    </Alert>
  );
}
