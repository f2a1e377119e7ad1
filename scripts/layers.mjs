// The layer rules of src/README.md, checked with dependency-cruiser. Prints every arrow that points the wrong way.
import { pathToFileURL } from 'node:url';
import { cruise } from 'dependency-cruiser';

/** Layer -> the layers it may import, beside itself. */
const MAY_IMPORT = {
  core: [],
  engine: ['core'],
  models: ['engine', 'core'],
  detection: ['models', 'engine', 'core'],
  lab: ['detection', 'models', 'engine', 'core'],
  io: ['core'],
  app: ['pipeline', 'lab', 'io', 'detection', 'models', 'engine', 'core'],
};

/** Package -> the only files that may import it. */
const HOMES = {
  mqtt: '^src/io/(mqtt|sources/mqtt|sinks/mqtt)',
  aedes: '^src/io/broker/',
  'better-sqlite3': '^src/io/store/',
  onoff: '^src/io/sources/gpio',
  'modbus-serial': '^src/io/sources/modbus',
  serialport: '^src/io/sources/serial',
  protobufjs: '^src/io/sinks/sparkplug/',
  'ml-matrix': '^src/engine/linear-algebra/',
  piscina: '^src/lab/jobs/local-pool',
  bullmq: '^src/lab/jobs/redis-',
  ioredis: '^src/lab/jobs/redis-',
  commander: '^src/(app/cli/|main\\.ts)',
  pino: '^src/app/',
  yaml: '^src/app/config/',
  '@tensorflow': '^src/models/tensorflow(/|\\.ts)',
};

const PURE = '^src/(core|engine|models|detection|pipeline)';

const rules = [
  ...Object.entries(MAY_IMPORT).map(([layer, allowed]) => ({
    name: `R1 ${layer} imports only ${allowed.join(', ') || 'nothing of ours'}`,
    from: { path: `^src/${layer}/` },
    to: { path: '^src/', pathNot: `^src/(${[layer, ...allowed].join('|')})(/|\\.ts)` },
  })),
  {
    name: 'R1 pipeline imports only core',
    from: { path: '^src/pipeline\\.ts' },
    to: { path: '^src/', pathNot: '^src/core/' },
  },
  {
    name: 'R1 nobody imports main',
    from: {},
    to: { path: '^src/main\\.ts' },
  },
  {
    name: 'R2 sub-folders never import a sibling',
    from: { path: '^src/(detection|io|lab)/([^/]+)/' },
    to: { path: '^src/$1/[^/]+/', pathNot: '^src/$1/$2/' },
  },
  {
    name: 'R3 the pure layers import no node: module',
    from: { path: PURE, pathNot: '^src/(engine/kernels|models/tensorflow)/load\\.ts' },
    to: { dependencyTypes: ['core'] },
  },
  { name: 'R4 no circles', from: {}, to: { circular: true } },
  { name: 'R4 no orphans', from: { orphan: true, path: '^src/' }, to: {} },
  ...Object.entries(HOMES).map(([name, home]) => ({
    name: `R5 ${name} has one home`,
    from: { path: '^src/', pathNot: home },
    to: { path: `node_modules/${name}/` },
  })),
];

/** Cruises `src` below the current folder; the result has the number of modules and the violations, a line each. */
export async function checkLayers() {
  const { output } = await cruise(['src'], {
    ruleSet: { forbidden: rules.map((rule) => ({ severity: 'error', ...rule })) },
    validate: true,
    exclude: { path: 'assembly/' },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  });
  return {
    modules: output.modules.filter(({ source }) => source.startsWith('src/')).length,
    violations: output.summary.violations.map(
      ({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`,
    ),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { modules, violations } = await checkLayers();
  for (const violation of violations) console.error(violation);
  // With a TypeScript it does not know, dependency-cruiser sees no module at all and finds nothing wrong.
  if (modules <= 20) console.error(`only ${modules} modules were seen: the layer check is blind`);
  if (modules <= 20 || violations.length > 0) process.exit(1);
  console.error(`layers: ${modules} modules, no violation`);
}
