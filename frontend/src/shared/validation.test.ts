import { describe, expect, it } from "vitest";

import { LEAD_LIMITS, problem, wireValue } from "./validation";

const limit = (name: string) => {
  const found = LEAD_LIMITS[name];
  if (!found) throw new Error(`The schema has no limits of ${name}.`);
  return found;
};

describe("a lead's fields", () => {
  it.each([
    ["budget", "-1", /0 or more/],
    ["budget", "1e13", /or less/],
    ["budget", "much", /number/],
    ["interactions", "2.5", /whole/],
    ["name", "x".repeat(201), /200 characters/],
    ["email", "ada", /e-mail/],
    ["lastContact", "2999-01-01", /future/],
  ])("refuse what the server refuses: %s %s", (name, text, message) => {
    expect(problem(text, limit(name))).toMatch(message);
  });

  it.each([
    ["budget", "0.5"],
    ["email", "ada@engine.example"],
    ["lastContact", "2020-02-29"],
    ["industry", ""],
  ])("take what the server takes: %s %s", (name, text) => {
    expect(problem(text, limit(name))).toBeNull();
  });

  it("are null where nothing is typed, and numbers where numbers belong", () => {
    expect(wireValue(" ", limit("budget"))).toBeNull();
    expect(wireValue("12.5", limit("budget"))).toBe(12.5);
    expect(wireValue(" Ada ", limit("name"))).toBe("Ada");
  });
});
