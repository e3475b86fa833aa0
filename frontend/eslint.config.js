import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist", "dist-client", "scripts", "src/api/schema.d.ts"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [...tseslint.configs.strictTypeChecked, jsxA11y.flatConfigs.strict],
    plugins: { "react-hooks": reactHooks },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      ...reactHooks.configs.recommended.rules,
      // A number in a text is what a number is for.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // An event's handler may be `() => doIt()`.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "max-lines": ["error", { max: 200 }],
      // `?.` and `??` count, too.
      complexity: ["error", 20],
      // React's compiler, which this warns for, is not used.
      "react-hooks/incompatible-library": "off",
    },
  },
);
