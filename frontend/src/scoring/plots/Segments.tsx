import { Anchor } from "@mantine/core";
import { Link, useNavigate } from "react-router";
import { CartesianGrid, LabelList, Scatter, ScatterChart, Tooltip, XAxis, YAxis, ZAxis } from "recharts";

import { segmentPath } from "../../leads/search";
import { formatNumber, formatShare, formatWhole } from "../../shared/format";
import type { ModelDetail } from "../../shared/types";
import { Plot } from "./Plot";
import { chart, FIRST, label, LINE, tooltip } from "./style";

interface BubbleNameProps {
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  value?: string;
}

/** In the middle of its bubble, in two lines: above it there may be no room. */
function BubbleName({ x = 0, y = 0, width = 0, height = 0, value = "" }: BubbleNameProps) {
  const middle = x + width / 2;
  const [first = "", second = ""] = value.split(", ");
  return (
    <text y={y + height / 2} textAnchor="middle" fontSize={11} className="recharts-text">
      <tspan x={middle} dy="-0.2em">
        {first}
      </tspan>
      <tspan x={middle} dy="1.2em">
        {second}
      </tspan>
    </text>
  );
}

/** The kinds of leads by what they do, what they may spend, and how many they are. */
export function Segments({ model }: { model: ModelDetail }) {
  const segments = model.clusterAnalysis;
  const navigate = useNavigate();
  return (
      <Plot
        title="Segments"
        says="To the right they do more, higher up they may spend more; larger are more. A click lists the leads of one."
        columns={["Segment", "Volume", "Value", "Share", "Leads", "Won"]}
        rows={segments.map((each) => [
          <Anchor key="name" component={Link} to={segmentPath(each.name, model.number)} size="xs">
            {each.name}
          </Anchor>,
          formatNumber(each.x, 0),
          formatNumber(each.y, 0),
          formatShare(each.z / 100, 0),
          formatWhole(each.leads),
          formatShare(each.conversionRate),
        ])}
      >
        <ScatterChart {...chart}>
          <CartesianGrid stroke={LINE} strokeDasharray="2 4" />
          <XAxis type="number" dataKey="x" name="Volume" domain={[0, 100]} stroke={LINE} label={label("volume")} />
          <YAxis type="number" dataKey="y" name="Value" domain={[0, 100]} stroke={LINE} width={40} />
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
            <LabelList dataKey="name" content={<BubbleName />} />
          </Scatter>
        </ScatterChart>
      </Plot>
  );
}
