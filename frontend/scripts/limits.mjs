// What the schema allows in each field of a lead and an outcome -> src/api/limits.json, for forms.
// `--check` writes nothing and fails if the file is not up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";

const FORMS = { lead: "UpsertLead", outcome: "Outcome" };
const file = new URL("../src/api/limits.json", import.meta.url);
const schema = parse(readFileSync(new URL("../../docs/openapi.yaml", import.meta.url), "utf8"));

// The alternatives of a field, without those that mean "not known".
function alternatives(field) {
  return field.anyOf?.flatMap(alternatives) ?? (field.type === "null" ? [] : [field]);
}

function limits(field) {
  const [first, ...others] = alternatives(field);
  if (!first?.type || ["object", "array"].includes(first.type)) return undefined;
  const { type, format, minimum, maximum, maxLength, enum: choices } = first;
  const isOne = others.every((each) => each.type === type);
  return isOne ? { type, format, minimum, maximum, maxLength, choices } : { maxLength: others[0].maxLength };
}

const found = Object.fromEntries(
  Object.entries(FORMS).map(([name, component]) => {
    const fields = Object.entries(schema.components.schemas[component].properties);
    return [name, Object.fromEntries(fields.map(([key, field]) => [key, limits(field)]))];
  }),
);
const text = `${JSON.stringify(found, null, 2)}\n`;
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error("src/api/limits.json is not what docs/openapi.yaml says: run `make schema`.");
  process.exit(1);
}
