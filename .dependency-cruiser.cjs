/** Who may import whom; the reasons stand in CONTRIBUTING.md. Type-only imports are free unless a rule says otherwise. */
const byValue = { dependencyTypesNot: ['type-only'] };

/** Installed in the agents' image alone: each brings a program of some hundred megabytes along. */
const agentSdks = '^@(anthropic-ai/claude-agent-sdk|openai/codex-sdk|agentclientprotocol/sdk)$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'contract-speaks-only-words',
      comment: 'The contract is the inner ring: message definitions, and zod in its schema files.',
      severity: 'error',
      from: { path: '^workflows/contract/', pathNot: '\\.schema\\.ts$' },
      to: {
        ...byValue,
        pathNot: ['^workflows/contract/(?!.*\\.schema\\.ts$)', 'node_modules/@temporalio/(workflow|common)'],
      },
    },
    {
      name: 'schemas-know-zod-and-words',
      severity: 'error',
      from: { path: '^workflows/contract/.*\\.schema\\.ts$' },
      to: { ...byValue, pathNot: ['^workflows/contract/', 'node_modules/zod'] },
    },
    {
      name: 'workflows-are-deterministic',
      comment: 'A workflow sees activities and schemas by type only; anything else would run inside the sandbox.',
      severity: 'error',
      from: { path: '^workflows/(?!contract/)' },
      to: {
        ...byValue,
        pathNot: ['^workflows/(?!contract/.*\\.schema\\.ts$)', 'node_modules/@temporalio/(workflow|common)'],
      },
    },
    {
      name: 'api-starts-workflows-by-name',
      severity: 'error',
      from: { path: '^api/' },
      to: {
        ...byValue,
        path: '^(workflows/(?!contract/)|activities|workers|engine|local-cloud|hetzner-cloud|cloud-init|cli)',
      },
    },
    {
      name: 'activities-stay-below-workflows',
      severity: 'error',
      from: { path: '^activities/' },
      to: { ...byValue, path: '^(workflows/(?!contract/)|api|workers|engine|cli)' },
    },
    {
      name: 'store-knows-nothing-of-temporal',
      severity: 'error',
      from: { path: '^store/' },
      to: {
        path: [
          'node_modules/@temporalio',
          '^(workflows|activities|api|workers|engine|codec|local-cloud|hetzner-cloud|gateway|cli)/',
        ],
      },
    },
    {
      name: 'gateway-knows-nothing-of-temporal',
      comment: 'Agents go on while Temporal is away, so what they go through must too.',
      severity: 'error',
      from: { path: '^gateway/' },
      to: {
        path: [
          'node_modules/@temporalio',
          '^(workflows|activities|api|workers|engine|codec|local-cloud|hetzner-cloud|cli)/',
        ],
      },
    },
    {
      name: 'repositories-know-git-alone',
      severity: 'error',
      from: { path: '^repositories/' },
      to: {
        ...byValue,
        path: [
          'node_modules/@temporalio',
          '^(workflows|activities|api|workers|engine|store|callbacks|gateway|codec|local-cloud|hetzner-cloud|cli)/',
        ],
      },
    },
    {
      name: 'octokit-in-one-file',
      severity: 'error',
      from: { pathNot: '^github/client\\.ts$' },
      to: { path: 'node_modules/(@octokit|octokit)/' },
    },
    {
      name: 'github-knows-only-itself',
      comment: 'What GitHub says is told in words of its own; activities and the API turn them into theirs.',
      severity: 'error',
      from: { path: '^github/' },
      to: { path: '.', pathNot: ['^github/', 'node_modules/octokit/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'secretlint-in-one-file',
      severity: 'error',
      from: { pathNot: '^repositories/gate/secret-rules\\.ts$' },
      to: { path: 'node_modules/@secretlint' },
    },
    {
      name: 'callbacks-know-nothing-of-temporal',
      severity: 'error',
      from: { path: '^callbacks/' },
      to: {
        ...byValue,
        path: [
          'node_modules/@temporalio',
          '^(workflows/(?!contract/)|activities|api|workers|engine|codec|local-cloud|cli)/',
        ],
      },
    },
    {
      name: 'cloud-init-is-pure',
      severity: 'error',
      from: { path: '^cloud-init/(?!on-machine/)' },
      to: { path: '^(workflows|activities|api|workers|engine|store|codec|local-cloud|hetzner-cloud|cli)/' },
    },
    {
      name: 'programs-on-the-machine-stand-alone',
      comment: 'These files are copied to a machine that has Node and nothing of ours.',
      severity: 'error',
      from: { path: '^cloud-init/on-machine/' },
      to: { ...byValue, pathNot: '^cloud-init/on-machine/', dependencyTypesNot: ['core', 'type-only'] },
    },
    {
      name: 'agent-host-stands-alone',
      comment: "It runs in a container that has Node and the agents' own packages.",
      severity: 'error',
      from: { path: '^agent-host/' },
      to: { ...byValue, pathNot: `^agent-host/|${agentSdks}`, dependencyTypesNot: ['core', 'type-only'] },
    },
    {
      name: 'dockerode-in-one-file',
      severity: 'error',
      from: { pathNot: '^local-cloud/docker-engine\\.ts$' },
      to: { path: 'node_modules/(dockerode|@types/dockerode)' },
    },
    {
      name: 'amazons-library-in-one-file',
      severity: 'error',
      from: { pathNot: '^(store/blobs/s3|test/support/s3-server)\\.ts$' },
      to: { path: 'node_modules/@aws-sdk' },
    },
    {
      name: 'hcloud-in-one-file',
      severity: 'error',
      from: { pathNot: '^hetzner-cloud/client\\.ts$' },
      to: { ...byValue, path: 'node_modules/hcloud-js' },
    },
    {
      name: 'cloudflare-in-one-file',
      comment: 'Tests hold the stand-in for its API to its types.',
      severity: 'error',
      from: { pathNot: '^(activities/names/cloudflare/api\\.ts$|test/support/cloudflare/)' },
      to: { path: 'node_modules/cloudflare/' },
    },
    {
      name: 'product-does-not-import-tests',
      severity: 'error',
      from: { pathNot: '^(test|bench)/' },
      to: { path: '^(test|bench)/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: agentSdks } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: '(^|/)(node_modules/(?!@temporalio|@secretlint|zod|dockerode|@types/dockerode|@aws-sdk|hcloud-js|cloudflare)|\\.pawl)',
    },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
