import { Bar, BarChart, CartesianGrid, Legend, ReferenceLine, Tooltip, XAxis, YAxis } from "recharts";

import { formatNumber, formatShare } from "../../shared/format";
import { liftOf } from "./curves";
import { Plot } from "./Plot";
import type { PlotProps } from "./Plots";
import { chart, FIRST, label, legendOf, LINE, percentTick, SECOND, tooltip } from "./style";

/** How much better than chance the best so many are. */
export function Lift({ model, other }: PlotProps) {
  const bins = liftOf(model);
  const others = other ? liftOf(other) : [];
  const rows = bins.map((bin, at) => ({
    share: bin.share,
    first: bin.lift,
    second: others[at]?.lift,
  }));
  return (
    <Plot
      title="Lift"
      says="If only the best so many are called: how many times as many are won as by chance."
      columns={["Called", "Of all won", "Lift"]}
      rows={bins.map((bin) => [
        formatShare(bin.share, 0),
        formatShare(bin.won),
        `${formatNumber(bin.lift)}×`,
      ])}
    >
      <BarChart data={rows} {...chart}>
        <CartesianGrid stroke={LINE} strokeDasharray="2 4" vertical={false} />
        <XAxis dataKey="share" tickFormatter={percentTick} stroke={LINE} label={label("of all leads called")} />
        <YAxis stroke={LINE} width={40} tickFormatter={(value: number) => `${formatNumber(value, 1)}×`} />
        <Tooltip {...tooltip} cursor={{ fill: "var(--mantine-color-default-hover)" }} formatter={(value) => `${formatNumber(Number(value))}×`} labelFormatter={(share) => `Best ${formatShare(Number(share), 0)}`} />
        <ReferenceLine y={1} stroke={LINE} strokeDasharray="4 4" />
        <Bar dataKey="first" name={legendOf(model)} fill={FIRST} radius={[3, 3, 0, 0]} isAnimationActive={false} />
        {other && <Bar dataKey="second" name={legendOf(other)} fill={SECOND} radius={[3, 3, 0, 0]} isAnimationActive={false} />}
        {other && <Legend position="top" />}
      </BarChart>
    </Plot>
  );
}
