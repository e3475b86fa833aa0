import { useNavigate } from "react-router";
import { Bar, BarChart, CartesianGrid, Tooltip, XAxis, YAxis } from "recharts";

import { formatWhole } from "../../shared/format";
import { Failed, Loading } from "../../shared/states";
import { useDistribution } from "../queries";
import { type Bin, byTens } from "./bins";
import { Plot } from "./Plot";
import { chart, FIRST, label, LINE, tooltip } from "./style";

/** How the scores of the open leads are spread. */
export function Distribution() {
  const { data, error, refetch } = useDistribution();
  const navigate = useNavigate();
  if (error) return <Failed error={error} onRetry={refetch} />;
  if (!data) return <Loading what="Loading the scores" />;
  const bins = byTens(data.scores);
  const isEmpty = data.scores.length === 0;
  const open = ({ from, to }: Bin) =>
    void navigate(`/leads?status=open&minScore=${from}&maxScore=${to}`);
  return (
    <Plot
      title="Scores of the open leads"
      says={!isEmpty && "Click a bar to see its leads."}
      columns={["Score", "Leads"]}
      empty="No open lead has a score yet. Add leads: they are scored within seconds."
      rows={(isEmpty ? [] : bins).map((bin) => [`${bin.from} – ${bin.to}`, formatWhole(bin.leads)])}
      // As high as what matters, beside it.
      height={300}
    >
      <BarChart data={bins} {...chart}>
        <CartesianGrid stroke={LINE} strokeDasharray="2 4" vertical={false} />
        <XAxis dataKey="from" stroke={LINE} label={label("score")} />
        <YAxis stroke={LINE} width={48} allowDecimals={false} tickFormatter={(value: number) => formatWhole(value)} />
        <Tooltip
          {...tooltip}
          cursor={{ fill: "var(--mantine-color-default-hover)" }}
          labelFormatter={(from) => {
            const bin = bins.find((each) => each.from === Number(from));
            return bin ? `Score ${bin.from} – ${bin.to}` : "";
          }}
        />
        <Bar
          dataKey="leads"
          name="Leads"
          fill={FIRST}
          radius={[3, 3, 0, 0]}
          isAnimationActive={false}
          cursor="pointer"
          onClick={(_, at) => bins[at] && open(bins[at])}
        />
      </BarChart>
    </Plot>
  );
}
