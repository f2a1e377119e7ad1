// The layer rules of src/README.md, checked with dependency-cruiser. Prints every arrow that points the wrong way.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Bottom first. Each may import those in `imports` and all that these may import. */
const LAYERS = {
  core: {
    imports: [],
    holds:
      'the shared types: sample, series, window, detector, threshold, alert, source, sink, store, errors, registry',
  },
  engine: {
    imports: ['core'],
    holds:
      'numerics: kernels (AssemblyScript SIMD beside plain TypeScript twins), the tape of networks and its operations, optimisers, regression, linear algebra, random numbers, statistics',
  },
  models: {
    imports: ['engine'],
    holds: 'the networks, their weights, the model file, ONNX export, and TensorFlow as an engine',
  },
  detection: {
    imports: ['models'],
    holds: 'from scores to alerts, pure: windows, thresholds, alerts, drift',
  },
  detectors: {
    imports: ['detection'],
    holds: 'one folder a method, how it scores and how it learns, and what methods share',
  },
  lab: {
    imports: ['detectors'],
    holds:
      'from data sets to answers: readers, judging, comparing, export; from a device to a network: search, profiler, jobs',
  },
  io: {
    imports: ['core'],
    holds: 'the outside world: sources, sinks, store, rows for the next training, broker',
  },
  pipeline: {
    imports: ['core'],
    holds: 'the daemon on one screen: sample, window, score, verdict, alert',
  },
  app: {
    imports: ['pipeline', 'lab', 'io'],
    holds: 'the wiring: configuration, daemon, alerts, models, web page, commands, service, update',
  },
};

/** Layer -> its rooms that the others of the layer may import; each may import those before it. */
const SHARED = {
  io: ['timing', 'text', 'files', 'process', 'csv', 'mqtt', 'local'],
  lab: ['plots', 'series', 'evaluation', 'judging'],
  detection: [],
};

/** What detectors share. No order: networks have a head of dynamo, and dynamo forecasts with networks. */
const SHARED_BY_DETECTORS = ['scoring', 'networks', 'dynamo', 'training'];

/** The rooms of app, lowest first: each may import those before it. */
const ROOMS_OF_APP = [
  ...['process', 'plugins', 'models', 'config', 'service', 'state', 'compose', 'status'],
  ...['decisions', 'retraining', 'commands', 'control', 'alerts', 'streams', 'fleet', 'web'],
  ...[
    'daemon',
    'replay',
    'demo',
    'evaluate',
    'search',
    'optimise',
    'simulate',
    'accelerate',
    'init',
    'doctor',
    'update',
    'cli',
  ],
];

/** Package -> the only files that may import it. */
const HOMES = {
  mqtt: '^src/io/(mqtt|sources/mqtt|sinks/mqtt)',
  aedes: '^src/io/broker/',
  'better-sqlite3': '^src/io/store/',
  onoff: '^src/io/sources/gpio',
  'modbus-serial': '^src/io/sources/modbus',
  serialport: '^src/io/sources/serial',
  protobufjs: '^src/io/sinks/sparkplug/',
  nodemailer: '^src/io/sinks/email',
  // not what a running daemon loads
  'ml-matrix': '^src/engine/linear-algebra/(library|qr|decompositions)\\.ts',
  piscina: '^src/lab/jobs/local-pool',
  bullmq: '^src/lab/jobs/redis-',
  ioredis: '^src/lab/jobs/redis-',
  commander: '^src/(app/cli/|main\\.ts)',
  pino: '^src/app/',
  'd3-scale': '^src/lab/plots/',
  yaml: '^src/app/config/',
  '@tensorflow': '^src/models/tensorflow(/|\\.ts)',
};

const PURE = '^src/(core|engine|models|detection|detectors|pipeline)';

/** Files of the pure layers that need Node: they read the .wasm, mend node:util for TensorFlow, and start a process. */
const IMPURE = '^src/(engine/kernels/load|models/tensorflow/load|detectors/training/process)\\.ts';

/** What learns: loaded when a stream learns, never by a daemon that has its models. */
const TRAINING = ['^src/detectors/.*training/', '^src/detectors/.*/train[^/]*\\.ts$'];

/** Starts the process that learns, which is all that a daemon needs of it. */
const TRAINING_STARTER = '^src/detectors/training/process\\.ts';

const folders = (names) => `(${names.join('|') || '-'})/`;

function below(layer) {
  const { imports } = LAYERS[layer];
  return [...new Set(imports.flatMap((each) => [each, ...below(each)]))];
}

const rules = [
  ...Object.keys(LAYERS).map((layer) => ({
    name: `R1 ${layer} imports only ${below(layer).join(', ') || 'nothing of ours'}`,
    from: { path: `^src/${layer}(/|\\.ts)` },
    to: { path: '^src/', pathNot: `^src/(${[layer, ...below(layer)].join('|')})(/|\\.ts)` },
  })),
  {
    name: 'R1 nobody imports main',
    from: {},
    to: { path: '^src/main\\.ts' },
  },
  ...Object.entries(SHARED).flatMap(([layer, shared]) => [
    {
      name: `R2 rooms of ${layer} import no other but ${shared.join(', ') || 'none'}`,
      from: { path: `^src/${layer}/([^/]+)/` },
      to: {
        path: `^src/${layer}/[^/]+/`,
        pathNot: [`^src/${layer}/$1/`, `^src/${layer}/${folders(shared)}`],
      },
    },
    ...inOrder(layer, shared),
  ]),
  {
    name: 'R2 a detector imports no other, but what they share; an ensemble is made of GONs',
    from: { path: '^src/detectors/([^/]+)/', pathNot: '^src/detectors/(training/|ensemble/)' },
    to: {
      path: '^src/detectors/[^/]+/',
      pathNot: ['^src/detectors/$1/', `^src/detectors/${folders(SHARED_BY_DETECTORS)}`],
    },
  },
  ...inOrder('app', ROOMS_OF_APP),
  {
    name: 'R2 each room of app has its place among them',
    from: { path: '^src/app/', pathNot: `^src/app/(${folders(ROOMS_OF_APP)}|[^/]+$)` },
    to: {},
  },
  {
    name: 'R2 what lies loose in app is shared by its rooms, and imports none',
    from: { path: '^src/app/[^/]+\\.ts' },
    to: { path: '^src/app/[^/]+/' },
  },
  {
    name: 'R3 the pure layers import no node: module',
    from: { path: PURE, pathNot: IMPURE },
    to: { dependencyTypes: ['core'] },
  },
  { name: 'R4 no circles', from: {}, to: { circular: true } },
  { name: 'R4 no orphans', from: { orphan: true, path: '^src/' }, to: {} },
  ...Object.entries(HOMES).map(([name, home]) => ({
    name: `R5 ${name} has one home`,
    from: { path: '^src/', pathNot: home },
    to: { path: `node_modules/${name}/` },
  })),
  {
    name: 'R6 what scores loads nothing that learns',
    from: { path: '^src/detectors/', pathNot: TRAINING },
    to: { path: TRAINING, dependencyTypesNot: ['type-only'], dynamic: false },
  },
  {
    name: 'R6 a running daemon loads nothing that learns',
    from: {
      path: `^src/app/${folders(ROOMS_OF_APP.slice(0, ROOMS_OF_APP.indexOf('daemon') + 1))}`,
      pathNot: '-(thread|process)\\.ts$',
    },
    to: {
      path: TRAINING,
      pathNot: TRAINING_STARTER,
      dependencyTypesNot: ['type-only'],
      dynamic: false,
    },
  },
];

function inOrder(layer, rooms) {
  return rooms.map((room, index) => ({
    name: `R2 ${layer}/${room} imports no room after it`,
    from: { path: `^src/${layer}/${room}/` },
    to: { path: `^src/${layer}/${folders(rooms.slice(index + 1))}` },
  }));
}

/** The arrows of R1 as a mermaid chart. */
export function drawing() {
  const arrows = Object.entries(LAYERS)
    .reverse()
    .flatMap(([layer, { imports }]) => imports.map((each) => `  ${layer} --> ${each}`));
  return ['```mermaid', 'graph TD', '  main --> app', ...arrows, '```'].join('\n');
}

/** The layers, their shared rooms and their decisions as a table for src/README.md. */
export function folderTable() {
  const rooms = { ...SHARED, detectors: SHARED_BY_DETECTORS, app: ROOMS_OF_APP };
  return [
    '| folder | holds | folders that its others may import, in order | decisions |',
    '|---|---|---|---|',
    ...Object.entries(LAYERS).map(([layer, { holds }]) => {
      const name = layer === 'pipeline' ? 'pipeline.ts' : `${layer}/`;
      const decisions = existsSync(new URL(`../src/${layer}/DECISIONS.md`, import.meta.url))
        ? `[${layer}](${layer}/DECISIONS.md)`
        : '';
      return `| \`${name}\` | ${holds} | ${rooms[layer]?.join(', ') ?? ''} | ${decisions} |`;
    }),
  ].join('\n');
}

/** Cruises `src` below the current folder; the result has the number of modules and the violations, a line each. */
export async function checkLayers() {
  const { cruise } = await import('dependency-cruiser'); // late: who only draws the rules does not need it
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
  if (process.argv.includes('--drawing')) {
    console.log(`${drawing()}\n\n${folderTable()}`);
  } else {
    const { modules, violations } = await checkLayers();
    for (const violation of violations) console.error(violation);
    // With a TypeScript it does not know, dependency-cruiser sees no module at all and finds nothing wrong.
    if (modules <= 20) console.error(`only ${modules} modules were seen: the layer check is blind`);
    if (modules <= 20 || violations.length > 0) process.exit(1);
    console.error(`layers: ${modules} modules, no violation`);
  }
}
