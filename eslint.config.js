import js from "@eslint/js"

const ON = "AssignmentExpression[left.property.name=/^on[a-z]/]"

export default [
  { ignores: ["node_modules/", ".venv*/", "**/.venv*/"] },
  js.configs.recommended,
  {
    files: ["mlpdash/ui/**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-undef": "off", // tsc knows every name
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      "object-shorthand": "error",
      "no-implicit-coercion": "error",
      "no-shadow": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-throw-literal": "error",
      "no-param-reassign": "error",
      "no-unused-expressions": "error",
      "no-else-return": "off",
      "no-useless-return": "error",
      "no-console": ["error", { allow: ["error"] }],
      "sort-imports": ["error", { ignoreDeclarationSort: true }],
      "max-lines": ["error", { max: 300 }],
      "max-len": ["error", { code: 120, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true }],
      "no-restricted-syntax": [
        "error",
        {
          selector: `${ON} > ArrowFunctionExpression[expression=true]`,
          message: "A handler whose value is false cancels its event, such as Tab: give it a body in braces.",
        },
        {
          selector: "AwaitExpression:not(:function AwaitExpression)",
          message: "A module that waits holds up all that import it.",
        },
        { selector: "ImportExpression", message: "A plain import is of this version; another may not be." },
        {
          selector: "MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]",
          message: "Text is only ever set as text.",
        },
      ],
    },
  },
]
