/** Numbers, money and days as the reader writes them. */

import { session } from "../app/session";

export const NOTHING = "–";

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const money = new Intl.NumberFormat(undefined, {
  style: "currency",
  currency: session.currency,
  maximumFractionDigits: 0,
});
const shortMoney = new Intl.NumberFormat(undefined, {
  style: "currency",
  currency: session.currency,
  notation: "compact",
});
const signed = new Intl.NumberFormat(undefined, {
  signDisplay: "exceptZero",
  maximumFractionDigits: 1,
});
const tenths = new Intl.NumberFormat(undefined, {
  signDisplay: "exceptZero",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

type Known<T> = T | null | undefined;

function known<T>(value: Known<T>, write: (value: T) => string): string {
  return value === null || value === undefined ? NOTHING : write(value);
}

export const formatWhole = (value: Known<number>) => known(value, (it) => whole.format(it));
export const formatMoney = (value: Known<number>) => known(value, (it) => money.format(it));
export const formatShortMoney = (value: Known<number>) =>
  known(value, (it) => shortMoney.format(it));
/** With its sign: points that a score gains or loses. */
export const formatPoints = (value: Known<number>) => known(value, (it) => signed.format(it));
/** The same below one another: always with the tenth. */
export const formatTenths = (value: number) => tenths.format(value);
/** 0.123 -> 12.3% */
export const formatShare = (value: Known<number>, places = 1) =>
  known(value, (it) =>
    it.toLocaleString(undefined, {
      style: "percent",
      minimumFractionDigits: places,
      maximumFractionDigits: places,
    }),
  );
/** Where in a hundred repetitions the truth would lie in 95 ranges. */
export const SURE = `${formatShare(0.95, 0)} sure`;
export const formatNumber = (value: Known<number>, places = 2) =>
  known(value, (it) => it.toLocaleString(undefined, { minimumFractionDigits: places, maximumFractionDigits: places }));
/** A day ("2026-01-31") is the same day everywhere. */
export const formatDay = (value: Known<string>) => known(value, (it) => day.format(new Date(it)));
export const formatMoment = (value: Known<string>) =>
  known(value, (it) => moment.format(new Date(it)));

/** "+1 point", "-2 points". */
export const pointsWords = (points: number) =>
  `${formatPoints(points)} ${Math.abs(points) === 1 ? "point" : "points"}`;

/** "1 lead", "2 leads". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${formatWhole(number)} ${number === 1 ? one : many}`;
}
