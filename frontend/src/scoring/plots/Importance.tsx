import { Bar, BarChart, CartesianGrid, ErrorBar, Legend, Tooltip, XAxis, YAxis } from "recharts";

import { formatShare, NOTHING, SURE } from "../../shared/format";
import { cardOf } from "../scorecardWords";
import { Plot } from "./Plot";
import type { PlotProps } from "./Plots";
import { chart, FIRST, legendOf, LINE, percentTick, SECOND, tooltip } from "./style";

const MOST = 10;

/** Which fields the model could do least without. */
export function Importance({ model, other }: PlotProps) {
  const others = new Map(other?.featureImportance.map((each) => [each.name, each.value]));
  const rows = model.featureImportance.slice(0, MOST).map(({ name, value, low, high }) => ({
    name,
    value,
    range: low === undefined || high === undefined ? [0, 0] : [value - low, high - value],
    other: others.get(name),
  }));
  return (
    <Plot
      title="What matters"
      says={
        cardOf(model)
          ? "How far apart a field's rules can bring two leads: its share of all the points there are."
          : "How much worse it gets when a field is shuffled. A range that reaches zero: the field may add nothing."
      }
      columns={["Field", "Share", SURE]}
      rows={model.featureImportance.map(({ name, value, low, high }) => [
        name,
        formatShare(value),
        low === undefined || high === undefined
          ? NOTHING
          : `${formatShare(low)} – ${formatShare(high)}`,
      ])}
      height={40 + 26 * rows.length}
    >
      <BarChart data={rows} layout="vertical" {...chart}>
        <CartesianGrid stroke={LINE} strokeDasharray="2 4" horizontal={false} />
        <XAxis type="number" tickFormatter={percentTick} stroke={LINE} />
        <YAxis type="category" dataKey="name" width={130} stroke={LINE} interval={0} />
        <Tooltip {...tooltip} cursor={{ fill: "var(--mantine-color-default-hover)" }} formatter={(value) => formatShare(Number(value))} />
        <Bar dataKey="value" name={legendOf(model)} fill={FIRST} radius={[0, 3, 3, 0]} isAnimationActive={false}>
          <ErrorBar dataKey="range" direction="x" width={4} isAnimationActive={false} stroke="var(--ink)" />
        </Bar>
        {other && <Bar dataKey="other" name={legendOf(other)} fill={SECOND} radius={[0, 3, 3, 0]} isAnimationActive={false} />}
        {other && <Legend position="top" />}
      </BarChart>
    </Plot>
  );
}
