/** What a part of a page shows while it has nothing to show yet, or cannot. */

import { Alert, Button, Center, Code, Loader, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

import { ApiError, UNREACHABLE } from "../api/index";

interface LoadingProps {
  what?: string;
  /** Of what will be in its place, so that nothing below it jumps. */
  height?: number | string;
}

export function Loading({ what = "Loading", height = 200 }: LoadingProps) {
  return (
    <Center mih={height} role="status" aria-label={what}>
      <Loader size="sm" />
    </Center>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Center mih={200} p="lg">
      <Stack gap="xs" align="center" maw="26rem" ta="center">
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text c="dimmed" component="div">
          {children}
        </Text>
      </Stack>
    </Center>
  );
}

/** An error in a sentence, with what can be done about it. */
export function Failed({ error, onRetry }: { error: Error; onRetry?: () => unknown }) {
  const known = error instanceof ApiError ? error : null;
  return (
    <Alert color="red" variant="light" title={title(known)} role="alert" my="sm">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{message(known)}</Text>
        {known?.requestId && known.status >= 500 && (
          <Text size="xs" c="dimmed">
            Quote this when asking for help: <Code>{known.requestId}</Code>
          </Text>
        )}
        {known?.status === 401 && (
          <Button size="xs" variant="default" onClick={() => window.location.reload()}>
            Log in
          </Button>
        )}
        {onRetry && known?.status !== 401 && known?.status !== 403 && (
          <Button size="xs" variant="default" onClick={() => onRetry()}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

function title(error: ApiError | null): string {
  if (error?.code === UNREACHABLE) return "No connection";
  if (error?.status === 401) return "You are logged out";
  if (error?.status === 403) return "Not allowed";
  return "That did not work";
}

function message(error: ApiError | null): string {
  if (!error) return "Something went wrong on this page. Reload it, and tell us if it stays so.";
  if (error.status === 401) return "Log in again to go on.";
  if (error.status === 403) return "Your user lacks the permission for this. Ask an admin for it.";
  return error.message;
}
