import "@mantine/core/styles.css";
import "./app.css";

import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy } from "react";
import { createBrowserRouter, Navigate, RouterProvider } from "react-router";

import { createQueryClient } from "./queries";
import { Shell } from "./Shell";
import { theme } from "./theme";
import { Broken } from "../shared/Broken";
import { LeadList } from "../leads/LeadList";

// Charts are half of all the code: loaded when somebody looks at them.
const LeadScoring = lazy(() => import("../scoring/LeadScoring"));
const BulkScoring = lazy(() => import("../bulk/BulkScoring"));

// leadscoring/urls.py answers the same addresses.
const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <Broken />,
    children: [
      { index: true, element: <Navigate to="/leads" replace /> },
      { path: "leads", element: <LeadList /> },
      { path: "scoring", element: <LeadScoring /> },
      { path: "bulk", element: <BulkScoring /> },
    ],
  },
]);
const queryClient = createQueryClient();

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <RouterProvider router={router} />
      </MantineProvider>
    </QueryClientProvider>
  );
}
