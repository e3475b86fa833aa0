import { Anchor } from "@mantine/core";
import { Link, useNavigate } from "react-router";
import { CartesianGrid, LabelList, Scatter, ScatterChart, Tooltip, XAxis, YAxis, ZAxis } from "recharts";

import { segmentPath } from "../../leads/search";
import { formatNumber, formatShare, formatWhole } from "../../shared/format";
import type { ModelDetail } from "../../shared/types";
import { Plot } from "./Plot";
import classes from "./Segments.module.css";
import { chart, FIRST, label, LINE, tooltip } from "./style";

interface BubbleNumberProps {
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  value?: number;
}

/** In the middle of its bubble. Names have no room there: they stand below, by this number. */
function BubbleNumber({ x = 0, y = 0, width = 0, height = 0, value }: BubbleNumberProps) {
  return (
    <text
      x={x + width / 2}
      y={y + height / 2}
      dy="0.35em"
      textAnchor="middle"
      fontSize={13}
      fontWeight={700}
      className="recharts-text"
      pointerEvents="none"
    >
      {value}
    </text>
  );
}

/** The kinds of leads by what they do, what they may spend, and how many they are. */
export function Segments({ model }: { model: ModelDetail }) {
  const segments = model.clusterAnalysis.map((each, at) => ({ ...each, number: at + 1 }));
  const navigate = useNavigate();
  return (
    <Plot
      title="Segments"
      says="To the right they do more, higher up they may spend more; larger are more. A click lists the leads of one."
      columns={["Segment", "Volume", "Value", "Share", "Leads", "Won"]}
      rows={segments.map((each) => [
        each.name,
        formatNumber(each.x, 0),
        formatNumber(each.y, 0),
        formatShare(each.z / 100, 0),
        formatWhole(each.leads),
        formatShare(each.conversionRate),
      ])}
      legend={
        <ol className={classes.legend} aria-label="Segments">
          {segments.map((each) => (
            <li key={each.name}>
              <Anchor component={Link} to={segmentPath(each.name, model.number)} size="sm">
                {each.name}
              </Anchor>
              <span className="numbers">{formatShare(each.conversionRate, 0)} won</span>
            </li>
          ))}
        </ol>
      }
    >
      <ScatterChart {...chart}>
        <CartesianGrid stroke={LINE} strokeDasharray="2 4" />
        <XAxis type="number" dataKey="x" name="Volume" domain={[0, 100]} stroke={LINE} label={label("volume")} />
        <YAxis
          type="number"
          dataKey="y"
          name="Value"
          domain={[0, 100]}
          stroke={LINE}
          width={48}
          label={{ value: "value", angle: -90, position: "insideLeft", fontSize: 12 }}
        />
        <ZAxis type="number" dataKey="z" name="Share in %" range={[200, 2600]} />
        <Tooltip {...tooltip} cursor={false} />
        <Scatter
          data={segments}
          fill={FIRST}
          fillOpacity={0.35}
          isAnimationActive={false}
          cursor="pointer"
          onClick={(_bubble, at) => {
            const name = segments[at]?.name;
            if (name) void navigate(segmentPath(name, model.number));
          }}
        >
          <LabelList dataKey="number" content={<BubbleNumber />} />
        </Scatter>
      </ScatterChart>
    </Plot>
  );
}
