import js from "@eslint/js";
import globals from "globals";

/** @param {string[]} rooms whose modules a folder may not import */
const closed = (...rooms) => ({
  "no-restricted-imports": ["error", {
    patterns: rooms.map((room) => ({ regex: `(^|/)${room}/`, message: `Rooms lean one way: entries, shift, page, map; nothing here knows ${room}.` })),
  }],
});

const MARKUP = ["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe", "createContextualFragment", "srcdoc"];
const BARRED = `^(${MARKUP.join("|")})$`;

export default [
  js.configs.recommended,
  { ignores: ["node_modules/"] },
  {
    languageOptions: { ecmaVersion: 2023, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "eqeqeq": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-implicit-globals": "error",
      "no-eval": "error",
      "no-new-func": "error",
      "no-shadow": "error",
      "no-unused-expressions": ["error", { allowShortCircuit: true, allowTernary: true }],
      "no-use-before-define": ["error", { functions: false, variables: false }],
      // text is text: data never become markup
      "no-restricted-properties": ["error", ...MARKUP.map((property) => ({ property }))],
      "no-restricted-syntax": ["error",
        { selector: `Property > :matches(Identifier[name=/${BARRED}/], Literal[value=/${BARRED}/]).key`, message: "Text is text: data never become markup." },
        { selector: "ImportExpression", message: "Say at the top what is imported: rooms lean one way, and a page has its scripts in it." },
      ],
      "no-warning-comments": ["error", { terms: ["{any}"], location: "anywhere" }], // tsc would check nothing of it
      "complexity": ["error", 15],
      "max-lines-per-function": ["error", { max: 120, skipBlankLines: true, skipComments: true }],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ["map/**", "page/**", "shift/**", "entries/**"], languageOptions: { globals: { ...globals.browser, L: "readonly" } } },
  { files: ["map/**"], rules: closed("page", "shift", "entries") },
  { files: ["page/**"], rules: closed("shift", "entries") },
  { files: ["shift/**"], rules: closed("entries") },
  { files: ["entries/page.js"], languageOptions: { globals: { WHOLE: "readonly" } } }, // see build.js
  { files: ["entries/follow.js"], languageOptions: { sourceType: "script", globals: globals.browser }, rules: { "no-var": "off" } },
  { files: ["*.js"], languageOptions: { globals: globals.node } },
];
