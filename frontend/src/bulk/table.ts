/** The head of a dropped file: enough to map its columns. */

import type { BatchFile } from "../api/index";

export const FIELDS = [
  { name: "name", label: "Name" },
  { name: "company", label: "Company" },
  { name: "industry", label: "Industry" },
  { name: "size", label: "Company size" },
  { name: "email", label: "E-mail" },
  { name: "position", label: "Position" },
  { name: "last_contact", label: "Last contact" },
  { name: "budget", label: "Budget" },
  { name: "previous_purchases", label: "Previous purchases" },
  { name: "interactions", label: "Interactions" },
] as const;

export type Mapping = Readonly<Record<string, string | null>>;

/** Media types by the end of a file's name; the server takes no others. */
const TYPES: Readonly<Record<string, BatchFile["mediaType"]>> = {
  csv: "text/csv",
  txt: "text/csv",
  tsv: "text/csv",
  ndjson: "application/x-ndjson",
  jsonl: "application/x-ndjson",
  parquet: "application/vnd.apache.parquet",
  gz: "application/gzip",
};

export function mediaTypeOf(name: string): BatchFile["mediaType"] | null {
  return TYPES[name.toLowerCase().split(".").at(-1) ?? ""] ?? null;
}

/** The names of a CSV's columns; [] for what is no text. Quotes are taken off. */
export function columnsOf(start: string): string[] {
  const line = start.replace(/^\uFEFF/, "").split(/\r?\n/, 1)[0] ?? "";
  if (line === "" || line.includes("\0")) return [];
  const delimiter = [";", "\t", "|", ","].reduce((best, each) =>
    line.split(each).length > line.split(best).length ? each : best,
  );
  const cells = line.match(new RegExp(`("([^"]|"")*"|[^${delimiter}]*)(${delimiter}|$)`, "g")) ?? [];
  return cells
    .map((cell) => cell.replace(new RegExp(`${delimiter}$`), "").trim())
    .map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell))
    .filter((cell) => cell !== "");
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/** Which column is which field, by what they are called. `id` and `seen_on` are among them. */
export function guess(columns: readonly string[]): Mapping {
  const names = [...FIELDS.map((field) => field.name), "id", "seen_on"];
  const others: Record<string, string[]> = {
    id: ["leadid", "externalid", "crmid"],
    size: ["companysize", "employees"],
    seen_on: ["created", "createdat", "createdon", "seenon"],
    name: ["fullname", "leadname", "contact"],
    email: ["mail", "emailaddress"],
    position: ["title", "jobtitle"],
  };
  return Object.fromEntries(
    names.map((name) => {
      const wanted = [plain(name), ...(others[name] ?? [])];
      return [name, columns.find((column) => wanted.includes(plain(column))) ?? null];
    }),
  );
}

/** The mapping as the API takes it. */
export function batchQuery(mapping: Mapping) {
  const map = FIELDS.flatMap(({ name }) => (mapping[name] ? [`${name}=${mapping[name]}`] : []));
  return {
    ...(mapping["id"] && { id: mapping["id"] }),
    ...(mapping["seen_on"] && { seenOn: mapping["seen_on"] }),
    ...(map.length > 0 && { map }),
  };
}
