import { Container } from "@mantine/core";
import { useRouteError } from "react-router";

import { Failed } from "./states";

/** In place of a page whose code failed; a newer version of it may be there after a reload. */
export function Broken() {
  const error = useRouteError();
  return (
    <Container size="sm" py="xl">
      <Failed
        error={error instanceof Error ? error : new Error(String(error))}
        onRetry={() => window.location.reload()}
      />
    </Container>
  );
}
