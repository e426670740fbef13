import tseslint from 'typescript-eslint';

const environmentOutsideConfig = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Read the environment in a config.ts file only, so that every setting has a schema and a default.',
};

export default tseslint.config(
  { ignores: ['node_modules/', '.pawl/', '**/*.cjs', '**/*.js'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // A forgotten await is a lost step: the error goes nowhere and the order is gone.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-deprecated': 'error',
      // The rule itself reports `async` functions that a signature (a provider, an activity) asks to be async.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-restricted-syntax': ['error', environmentOutsideConfig],
    },
  },
  {
    // node:test's describe and it return promises that the runner itself awaits.
    files: ['test/**', 'bench/**'],
    rules: {
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['describe', 'it', 'test', 'suite'], package: 'node:test' },
          ],
        },
      ],
    },
  },
  { files: ['**/config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    // The bundler accepts these silently, and each of them breaks determinism.
    files: ['workflows/**'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'fetch', 'Buffer', 'crypto'],
      'no-restricted-syntax': [
        'error',
        environmentOutsideConfig,
        { selector: 'Program > VariableDeclaration[kind="let"]', message: 'Module state is shared between workflows.' },
        {
          selector: "Property[key.name='validator'] > :function[async=true]",
          message: 'Update validators are called without await: an async one validates nothing.',
        },
      ],
    },
  },
);
