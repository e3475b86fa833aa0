import { Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { ResponsiveContainer } from "recharts";

import { Panel } from "../Panel";
import classes from "./Plot.module.css";

interface Props {
  title: string;
  says: ReactNode;
  /** The same as a table, for those who cannot see it or want the figures. */
  columns: readonly string[];
  rows: readonly (readonly ReactNode[])[];
  height?: number;
  /** In place of a chart without rows: what to do to get some. */
  empty?: string;
  /** What the parts of the chart are, below it. */
  legend?: ReactNode;
  /** A chart of recharts. */
  children: React.ReactElement;
}

/** A chart with a sentence on how to read it, and its figures behind a click. */
export function Plot({ title, says, columns, rows, height = 240, empty = "Nothing was measured.", legend, children }: Props) {
  return (
    <Panel title={title} says={says}>
      {rows.length === 0 ? (
        <Text size="sm">{empty}</Text>
      ) : (
        <>
          <div className={classes.plot} style={{ height }} aria-hidden="true">
            <ResponsiveContainer width="100%" height="100%">
              {children}
            </ResponsiveContainer>
          </div>
          {legend}
          <details className={classes.figures}>
            <summary>Figures</summary>
            <Table.ScrollContainer minWidth={200} mah={260}>
              <Table verticalSpacing={2} fz="xs">
                <Table.Thead>
                  <Table.Tr>
                    {columns.map((each) => (
                      <Table.Th key={each}>{each}</Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {rows.map((row, at) => (
                    <Table.Tr key={at}>
                      {row.map((cell, place) => (
                        <Table.Td key={place}>{cell}</Table.Td>
                      ))}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </details>
        </>
      )}
    </Panel>
  );
}
