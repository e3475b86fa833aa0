import { CartesianGrid, Legend, Line, LineChart, ReferenceLine, Tooltip, XAxis, YAxis } from "recharts";

import { formatNumber, formatShare } from "../../shared/format";
import { measured } from "../metricWords";
import { rocOf } from "./curves";
import { Plot } from "./Plot";
import type { PlotProps } from "./Plots";
import { chart, FIRST, label, legendOf, LINE, percentTick, SECOND, tooltip } from "./style";

/** How many won leads one finds for how many calls that are in vain. */
export function Roc({ model, other }: PlotProps) {
  const points = rocOf(model);
  const others = other ? rocOf(other) : [];
  const auc = measured(model.metrics, "rocAuc")?.value;
  return (
    <Plot
      title="ROC curve"
      says={`The higher above the diagonal, the better it tells won from lost${auc ? ` (area ${formatNumber(auc)})` : ""}.`}
      columns={["Not won, yet called", "Won and called"]}
      rows={points
        .filter((_, at) => at % 10 === 0)
        .map(({ x, y }) => [formatShare(x), formatShare(y)])}
    >
      <LineChart {...chart}>
        <CartesianGrid stroke={LINE} strokeDasharray="2 4" />
        <XAxis
          type="number"
          dataKey="x"
          domain={[0, 1]}
          tickFormatter={percentTick}
          stroke={LINE}
          label={label("not won, yet above")}
          allowDuplicatedCategory={false}
        />
        <YAxis type="number" domain={[0, 1]} tickFormatter={percentTick} stroke={LINE} width={48} />
        <Tooltip {...tooltip} formatter={(value) => formatShare(Number(value))} labelFormatter={(x) => formatShare(Number(x))} />
        <ReferenceLine segment={[{ x: 0, y: 0 }, { x: 1, y: 1 }]} stroke={LINE} strokeDasharray="4 4" />
        <Line data={points} dataKey="y" name={legendOf(model)} stroke={FIRST} strokeWidth={2} dot={false} isAnimationActive={false} />
        {other && (
          <Line data={others} dataKey="y" name={legendOf(other)} stroke={SECOND} strokeWidth={2} dot={false} isAnimationActive={false} />
        )}
        {other && <Legend position="top" />}
      </LineChart>
    </Plot>
  );
}
