import "@testing-library/jest-dom/vitest";

import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";

afterEach(cleanup);

// jsdom lays nothing out and has no media: what Mantine asks for at start.
window.matchMedia = vi.fn((query: string) => ({
  matches: false,
  media: query,
  onchange: null,
  addListener: vi.fn(),
  removeListener: vi.fn(),
  addEventListener: vi.fn(),
  removeEventListener: vi.fn(),
  dispatchEvent: vi.fn(),
}));
window.ResizeObserver = class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};

// What Django's page would hold.
const page = document.createElement("script");
page.id = "session";
page.type = "application/json";
page.textContent = JSON.stringify({
  user: "ada",
  may: { leads: ["GET", "POST", "PATCH"], predict: ["POST"], outcomes: ["POST"] },
  staff: true,
  language: "en",
  currency: "EUR",
  windowDays: 90,
  adminUrl: "/admin/",
  importUrl: null,
  scorecardUrl: null,
  logoutUrl: "/logout",
});
document.head.append(page);
