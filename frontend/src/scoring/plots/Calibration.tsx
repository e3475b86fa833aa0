import { CartesianGrid, ErrorBar, Legend, ReferenceLine, Scatter, ScatterChart, Tooltip, XAxis, YAxis } from "recharts";

import { formatShare, formatWhole, SURE } from "../../shared/format";
import type { ModelDetail } from "../../shared/types";
import { reliabilityOf } from "./curves";
import { Plot } from "./Plot";
import type { PlotProps } from "./Plots";
import { chart, FIRST, label, legendOf, LINE, percentTick, SECOND, tooltip } from "./style";

/** Whether so many are won as it says. */
export function Calibration({ model, other }: PlotProps) {
  const bins = reliabilityOf(model);
  const largest = Math.max(0.1, ...[...bins, ...(other ? reliabilityOf(other) : [])].map((bin) => Math.max(bin.high, bin.predicted)));
  const end = Math.min(1, Math.ceil(largest * 10) / 10);
  return (
    <Plot
      title="Calibration"
      says={`On the diagonal, as many are won as it says. The bars show where the share lies, ${SURE}.`}
      columns={["Said", "Won", SURE, "Leads"]}
      rows={bins.map((bin) => [
        formatShare(bin.predicted),
        formatShare(bin.observed),
        `${formatShare(bin.low)} – ${formatShare(bin.high)}`,
        formatWhole(bin.leads),
      ])}
    >
      <ScatterChart {...chart}>
        <CartesianGrid stroke={LINE} strokeDasharray="2 4" />
        <XAxis type="number" dataKey="predicted" name="Said" domain={[0, end]} tickFormatter={percentTick} stroke={LINE} label={label("said")} />
        <YAxis type="number" dataKey="observed" name="Won" domain={[0, end]} tickFormatter={percentTick} stroke={LINE} width={48} />
        <Tooltip {...tooltip} formatter={(value) => formatShare(Number(value))} />
        <ReferenceLine segment={[{ x: 0, y: 0 }, { x: end, y: end }]} stroke={LINE} strokeDasharray="4 4" />
        <Scatter data={withRange(model)} name={legendOf(model)} fill={FIRST} line={{ stroke: FIRST }} isAnimationActive={false}>
          <ErrorBar dataKey="range" direction="y" width={4} isAnimationActive={false} stroke={FIRST} />
        </Scatter>
        {other && (
          <Scatter data={withRange(other)} name={legendOf(other)} fill={SECOND} line={{ stroke: SECOND }} isAnimationActive={false}>
            <ErrorBar dataKey="range" direction="y" width={4} isAnimationActive={false} stroke={SECOND} />
          </Scatter>
        )}
        {other && <Legend position="top" />}
      </ScatterChart>
    </Plot>
  );
}

function withRange(model: ModelDetail) {
  return reliabilityOf(model).map((bin) => ({
    ...bin,
    range: [bin.observed - bin.low, bin.high - bin.observed],
  }));
}
