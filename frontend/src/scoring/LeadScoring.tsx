import { Group, Select, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { lazy, Suspense } from "react";
import { useSearchParams } from "react-router";

import { may } from "../app/session";
import { Empty, Failed, Loading } from "../shared/states";
import { MODEL_TYPES, type ModelSummary, type ModelType } from "../shared/types";
import { Metrics } from "./Metrics";
import { ModelCard } from "./ModelCard";
import { Predictions } from "./Predictions";
import { useModel, useModels } from "./queries";
import { ScorecardRules } from "./ScorecardRules";
import { cardOf } from "./scorecardWords";
import { Versions } from "./Versions";
import { Worklist } from "./Worklist";

const LeadDrawer = lazy(() => import("../lead/LeadDrawer"));
const Plots = lazy(() => import("./plots/Plots"));

/** The dashboard: whom to call, what the models say, and how far to believe them. */
export default function LeadScoring() {
  useDocumentTitle("Scoring · Lead scoring");
  const [params, setParams] = useSearchParams();
  const lead = params.get("lead");
  const change = (name: string, value: string | null) =>
    setParams((now) => {
      const next = new URLSearchParams(now);
      if (value === null || (name === "model" && value === "auto")) next.delete(name);
      else next.set(name, value);
      return next;
    });
  const modelType = readType(params.get("model")) ?? "auto";
  const other = readType(params.get("compare"));
  const chosen = params.getAll("lead_id");
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end">
        <Title order={1} size="h3">
          Scoring
        </Title>
        <Group gap="xs">
          <Select
            label="Model type"
            size="xs"
            data={[...MODEL_TYPES]}
            value={modelType}
            allowDeselect={false}
            onChange={(value) => change("model", value)}
          />
          <Select
            label="Compare with"
            size="xs"
            placeholder="Nothing"
            clearable
            clearButtonProps={{ "aria-label": "Compare with nothing" }}
            data={MODEL_TYPES.filter((each) => each.value !== modelType)}
            value={other}
            onChange={(value) => change("compare", value)}
          />
        </Group>
      </Group>
      {chosen.length > 0 && (
        <Predictions
          ids={chosen}
          modelType={modelType}
          other={other}
          onOpen={(id) => change("lead", id)}
          onClear={() => setParams(new URLSearchParams())}
        />
      )}
      {may("GET", "worklist") && <Worklist onOpen={(id) => change("lead", id)} />}
      {may("GET", "models") ? (
        <Models modelType={modelType} other={other} />
      ) : (
        <Text c="dimmed">Your user may not see how the models were made and measured.</Text>
      )}
      <Suspense>
        {lead !== null && <LeadDrawer id={lead} onClose={() => change("lead", null)} />}
      </Suspense>
    </Stack>
  );
}

function Models({ modelType, other }: { modelType: ModelType; other: ModelType | null }) {
  const { data: list, error, refetch } = useModels();
  const version = useModel(answering(list?.models, modelType)?.number);
  const compared = useModel(other ? answering(list?.models, other)?.number : undefined);
  if (error) return <Failed error={error} onRetry={refetch} />;
  if (!list) return <Loading what="Loading the models" />;
  if (!answering(list.models, modelType)) {
    return (
      <>
        {list.models.length === 0 ? (
          <Empty title="Nothing has been learned yet">
            The scorecard answers until then: add leads, and record what became of them. Each training
            corrects it by the outcomes, until a model trained on them is better.
          </Empty>
        ) : (
          <Empty title="No model answers for this type">
            None of this type has beaten the base rate yet. Train again when more outcomes are
            known.
          </Empty>
        )}
        <Versions models={list.models} />
      </>
    );
  }
  if (version.error) return <Failed error={version.error} onRetry={version.refetch} />;
  if (!version.data) return <Loading what="Loading the model" />;
  const second = other ? compared.data : undefined;
  const card = cardOf(version.data);
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: other ? 2 : 1 }}>
        <ModelCard model={version.data} />
        {second ? (
          <ModelCard model={second} />
        ) : (
          other && <Text c="dimmed">No version of that type answers yet.</Text>
        )}
      </SimpleGrid>
      {card && <ScorecardRules card={card} />}
      <Metrics model={version.data} other={second} />
      <Suspense fallback={<Loading what="Loading the plots" />}>
        <Plots model={version.data} other={second} />
      </Suspense>
      <Versions models={list.models} />
    </>
  );
}

/** The version that answers requests for this type. */
function answering(models: readonly ModelSummary[] | undefined, modelType: ModelType) {
  return models?.find((each) =>
    modelType === "auto" ? each.champion : each.active && each.modelType === modelType,
  );
}

function readType(text: string | null): ModelType | null {
  return MODEL_TYPES.find((each) => each.value === text)?.value ?? null;
}
