import { SimpleGrid } from "@mantine/core";

import type { ModelDetail } from "../../shared/types";
import { Calibration } from "./Calibration";
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
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Distribution />
      <Importance model={model} other={other} />
      <Segments model={model} />
      <Calibration model={model} other={other} />
      <Roc model={model} other={other} />
      <Lift model={model} other={other} />
    </SimpleGrid>
  );
}
