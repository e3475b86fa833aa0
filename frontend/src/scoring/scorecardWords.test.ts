import { describe, expect, it } from "vitest";

import { columnLabel, conditionWords } from "./scorecardWords";

describe("a rule of the scorecard", () => {
  it.each([
    ["last_contact", "Last contact"],
    ["attributes.day_of_week", "Day of week"],
    ["attributes.NPS", "NPS"],
  ])("names its field: %s", (column, label) => {
    expect(columnLabel(column)).toBe(label);
  });

  it.each([
    [{ kind: "one-of", words: ["retail", "banking"] }, "is retail or banking"],
    [{ kind: "contains", words: ["chief"] }, "contains chief"],
    [{ kind: "known", words: [] }, "is known"],
    [{ kind: "unknown", words: [] }, "is not known"],
    [{ kind: "at-least", words: [], low: 50_000 }, "is at least 50,000"],
    [{ kind: "at-most", words: [], high: 2.5 }, "is at most 2.50"],
    [{ kind: "between", words: [], low: 1, high: 9 }, "is between 1 and 9"],
    [{ kind: "within-days", words: [], high: 14 }, "is at most 14 days away"],
  ])("says what the field must be: %s", (condition, words) => {
    expect(conditionWords(condition)).toBe(words);
  });
});
