import { SimpleGrid, Text } from "@mantine/core";

import type { ModelDetail } from "../../shared/types";
import { hasOwnLeads } from "../metricWords";
import { Calibration } from "./Calibration";
import { rocOf } from "./curves";
import { Distribution } from "./Distribution";
import { Importance } from "./Importance";
import { Lift } from "./Lift";
import { Roc } from "./Roc";
import { Segments } from "./Segments";

export interface PlotProps {
  model: ModelDetail;
  /** Drawn beside it, to compare. */
  other?: ModelDetail | undefined;
}

/** What is better seen than read. All charts are in this chunk. */
export default function Plots({ model, other }: PlotProps) {
  // A scorecard that no outcome has been held against yet: how good it is says so.
  const isMeasured = [model, other].some((each) => each && rocOf(each).length > 0);
  return (
    <>
      {isMeasured && other && hasOwnLeads(model, other) && (
        <Text size="sm" c="dimmed">
          Calibration, ROC curve and lift are of leads of each version&apos;s own, which are not the
          same: the table above compares better.
        </Text>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Distribution />
        <Importance model={model} other={other} />
        {model.clusterAnalysis.length > 0 && <Segments model={model} />}
        {isMeasured && (
          <>
            <Calibration model={model} other={other} />
            <Roc model={model} other={other} />
            <Lift model={model} other={other} />
          </>
        )}
      </SimpleGrid>
    </>
  );
}
