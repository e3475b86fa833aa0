import { Button, Group, Notification } from "@mantine/core";
import { useSyncExternalStore } from "react";

import classes from "./toast.module.css";

interface Toast {
  id: number;
  message: string;
  isProblem?: boolean;
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 8_000;
let toasts: readonly Toast[] = [];
let latest = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function dismiss(id: number): void {
  change(toasts.filter((each) => each.id !== id));
}

/** Says something for a while, and may offer to take it back. */
export function toast(message: string, options: Omit<Toast, "id" | "message"> = {}): void {
  const id = (latest += 1);
  change([...toasts.slice(-2), { id, message, ...options }]);
  setTimeout(() => dismiss(id), SHOWN_MS);
}

export function Toaster() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className={classes.toaster} role="status" aria-live="polite">
      {shown.map(({ id, message, isProblem, action }) => (
        <Notification
          key={id}
          withBorder
          color={isProblem ? "red" : "violet"}
          onClose={() => dismiss(id)}
          closeButtonProps={{ "aria-label": "Dismiss" }}
        >
          <Group justify="space-between" gap="xs">
            {message}
            {action && (
              <Button
                size="compact-sm"
                variant="light"
                onClick={() => {
                  dismiss(id);
                  action.run();
                }}
              >
                {action.label}
              </Button>
            )}
          </Group>
        </Notification>
      ))}
    </div>
  );
}
