import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // Where Django serves the build (STATIC_URL, and STATICFILES_DIRS' prefix).
  base: "/static/dashboard/",
  plugins: [react()],
  build: {
    manifest: true,
    // One folder without subfolders; the hash is in each name.
    assetsDir: "",
    // What browsers of the last years know; nothing is polyfilled.
    target: "es2022",
    // These know light-dark(); it is not rewritten.
    cssTarget: ["chrome123", "firefox121", "safari17.5"],
    // The budget is the compressed first load, which tests/browser measures.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { input: "src/main.tsx" },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["tests/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
