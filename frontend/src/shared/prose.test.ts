import { expect, it, vi } from "vitest";

import { localised } from "./prose";

it.each([
  ["its error is 8.0 % lower (95 % sure: 3.8 to 12.3 % lower)", "its error is 8.0% lower (95% sure: 3.8 to 12.3% lower)"],
  ["All of it is learned, from 3,359 leads.", "All of it is learned, from 3,359 leads."],
  ["Budget 87,500 EUR: +7", "Budget €87,500: +7"],
  ["Budget 1e+12 EUR: no lead like that", "Budget €1,000,000,000,000: no lead like that"],
  ["Webinar attended yes: -0.7", "Webinar attended yes: -0.7"],
  ["Last contact 2026-01-31, version 12", "Last contact 2026-01-31, version 12"],
  ["Email domain mail-1.5.example: +1.5", "Email domain mail-1.5.example: +1.5"],
  ["Company 3,359.1.2 GmbH", "Company 3,359.1.2 GmbH"],
])("has its numbers as the reader writes them: %s", (sentence, wanted) => {
  expect(localised(sentence)).toBe(wanted);
});

it("leaves to the reader's place what a number looks like", () => {
  const spy = vi.spyOn(Number.prototype, "toLocaleString").mockReturnValue("#");
  expect(localised("3,359.5 leads of 7: +0.7, 8.0 %")).toBe("# leads of 7: +#, #");
  spy.mockRestore();
});
