/** The server's sentences. They are English, and so are the numbers in them. */

import { session } from "../app/session";
import { formatMoney, formatNumber, formatShare } from "./format";

/** Numbers with what they count; neither days ("2026-01-31") nor parts of names ("x-1.5"). */
const NUMBER = new RegExp(
  String.raw`(?<![\w.,:/@+-])([+-]?\d+(?:,\d{3})*(?:\.(\d+))?(?:e\+\d+)?)(?:[ \u00a0]?(%|${session.currency}\b))?(?![\w/@-]|[.,:]\d)`,
  "g",
);

/** The sentence with its numbers as the reader writes them: "8.0 %" is "8,0 %" in Berlin. */
export function localised(sentence: string): string {
  return sentence.replace(NUMBER, (found, digits: string, decimals = "", unit?: string) => {
    const value = Number(digits.replaceAll(",", ""));
    const places = (decimals as string).length;
    if (unit === "%") return formatShare(value / 100, places);
    if (unit) return formatMoney(value);
    // A plain number is the same everywhere, and may be a name: that of a version, of a year.
    if (/^[+-]?\d+$/.test(digits)) return found;
    const sign = digits.startsWith("+") ? "+" : "";
    return sign + formatNumber(value, places);
  });
}
