// results/consistency/README.md: the tables and what they say.
import { mean } from '../../src/engine/statistics.ts';
import { markdownTable } from '../markdown-table.ts';
import type { PairRow } from './rows.ts';

const TRANSFORMERS = ['forecaster', 'encoder'];
const CNN = 'cnn';
const SHIPPED = 'gon';

const HEAD = `# Which detectors err on the same trials

\`npx tsx scripts/consistency.ts\` writes this page and the rows beside it. A trial is a window of 15 rows, without overlap; a
detector alarms when a row of it exceeds the level that 2 % of held-back normal trials exceed. Kappa (Geirhos et al. 2020) is 1 for
the same errors, 0 for errors that coincide as often as independent ones; what is possible at the error rates of a pair is given
beside it. Means over the seeds, ± their spread. A detector beside itself has two trainings: no other pair can be expected to agree more.
JS: Jensen-Shannon distance of the errors beyond chance, over kinds of trials (class-wise) and over pairs of true and answered kind
(inter-class), where each has 100 errors. The reference is the labels of the data sets, not people. SKAB has no table: a level needs
ten held-back normal trials, and its series have five each.
`;

export function consistencyPage(rows: readonly PairRow[]): string {
  const sets = [...new Set(rows.map(({ dataset }) => dataset))];
  return [
    HEAD,
    ...sets.map((dataset) =>
      section(
        dataset,
        rows.filter((row) => row.dataset === dataset),
      ),
    ),
    '## What this says\n',
    ...sets.flatMap((dataset) =>
      verdicts(
        dataset,
        rows.filter((row) => row.dataset === dataset),
      ),
    ),
    '',
  ].join('\n');
}

function section(dataset: string, rows: readonly PairRow[]): string {
  const nameOf = ({ a, b }: PairRow): string => `${a}, ${b}`;
  const pairs = [...new Set(rows.map(nameOf))].map(
    (name) => [name, rows.filter((row) => nameOf(row) === name)] as const,
  );
  const table = markdownTable(
    [
      'pair',
      'seeds',
      'errors',
      'shared',
      'kappa',
      '95 % of one seed',
      'by chance',
      'possible',
      'balanced',
      'JS class',
      'JS inter-class',
    ],
    pairs.map(([name, found]) => [
      name,
      String(found.length),
      `${whole(found, 'errorsA')}, ${whole(found, 'errorsB')}`,
      whole(found, 'errorsShared'),
      spread(found.map(({ kappa }) => kappa)),
      range(found.map(({ interval95 }) => interval95)),
      range(found.map(({ chance95 }) => chance95)),
      range(found.map(({ least, greatest }) => [least, greatest] as const)),
      spread(found.map(({ balanced }) => balanced)),
      spread(found.map(({ byKind }) => byKind)),
      spread(found.map(({ byAnswer }) => byAnswer)),
    ]),
  );
  const biases = markdownTable(
    ['detector', 'shape bias', 'seeds with valid controls'],
    detectorsIn(rows).map((name) => {
      const found = biasesOf(rows, name);
      return [name, spread(found), String(found.length)];
    }),
  );
  return [`## ${dataset}\n`, table, '', biases, ''].join('\n');
}

/** One a trained detector: of all its pairs. */
function biasesOf(rows: readonly PairRow[], name: string): readonly number[] {
  const bySeed = new Map<number, number>();
  for (const { a, b, seedA, seedB, shapeBiasA, shapeBiasB } of rows) {
    if (a === name && shapeBiasA !== undefined) bySeed.set(seedA, shapeBiasA);
    if (b === name && shapeBiasB !== undefined) bySeed.set(seedB, shapeBiasB);
  }
  return [...bySeed.values()];
}

function verdicts(dataset: string, rows: readonly PairRow[]): readonly string[] {
  const isVariant = (name: string): boolean => name.includes(':');
  const own = rows.filter(({ a, b }) => !isVariant(a) && !isVariant(b));
  return [
    ...transformersAndCnn(dataset, own),
    ...detectorsIn(rows)
      .filter(isVariant)
      .flatMap((name) => fidelity(dataset, name, rows)),
    ...(detectorsIn(own).includes(SHIPPED) ? choice(dataset, own) : []),
  ];
}

/** Whether a variant of a detector, e.g. a compressed one, errs as the detector does, on the same seed. */
function fidelity(dataset: string, name: string, rows: readonly PairRow[]): readonly string[] {
  const [parent = ''] = name.split(':');
  const ofPair = (one: string, other: string): readonly number[] =>
    rows
      .filter(({ a, b }) => (a === one && b === other) || (a === other && b === one))
      .map(({ kappa }) => kappa);
  const [beside, seeds] = [ofPair(parent, name), ofPair(parent, parent)];
  if (beside.length === 0 || seeds.length === 0) return [];
  const verb = mean(beside) >= mean(seeds) ? 'errs as its parent does' : 'errs otherwise';
  return [
    `- ${dataset}: ${name} ${verb}: kappa ${mean(beside).toFixed(3)} with the ${parent} that it was made from, ${mean(seeds).toFixed(3)} between two trainings of the ${parent}.`,
  ];
}

/** Whether a transformer and a CNN agree less than two trainings of either. */
function transformersAndCnn(dataset: string, rows: readonly PairRow[]): readonly string[] {
  const between = (a: string, b: string): readonly number[] =>
    rows
      .filter((row) => (row.a === a && row.b === b) || (row.a === b && row.b === a))
      .map(({ kappa }) => kappa);
  return TRANSFORMERS.flatMap((name) => {
    const [across, own, cnn] = [between(name, CNN), between(name, name), between(CNN, CNN)];
    if (across.length === 0 || own.length === 0 || cnn.length === 0) return [];
    const ceiling = Math.min(mean(own), mean(cnn));
    const otherwise = Math.max(...across) < Math.min(...own, ...cnn);
    const verb = otherwise
      ? 'errs otherwise than the CNN'
      : 'does not clearly err otherwise than the CNN';
    return [
      `- ${dataset}: the ${name} ${verb}: kappa ${mean(across).toFixed(3)} between them, ${ceiling.toFixed(3)} between two trainings of the less steady of the two.`,
    ];
  });
}

/**
 * The detector whose errors the others share most, and whether it is the one that is shipped. Nothing while a pair is missing: means
 * over other partners do not compare.
 */
function choice(dataset: string, rows: readonly PairRow[]): readonly string[] {
  const others = rows.filter(({ a, b }) => a !== b);
  const count = detectorsIn(rows).length;
  const found = new Set(others.map(({ a, b }) => [a, b].toSorted().join(' ')));
  if (found.size < (count * (count - 1)) / 2) return [];
  const shared = detectorsIn(rows).map((name) => ({
    name,
    kappa: mean(others.filter(({ a, b }) => a === name || b === name).map(({ kappa }) => kappa)),
    errors: mean(
      rows.flatMap(({ a, b, errorsA, errorsB }) =>
        a === name ? [errorsA] : b === name ? [errorsB] : [],
      ),
    ),
  }));
  const most = shared.reduce((best, one) => (one.kappa > best.kappa ? one : best));
  const least = shared.reduce((best, one) => (one.kappa < best.kappa ? one : best));
  const fewest = shared.reduce((best, one) => (one.errors < best.errors ? one : best));
  const chosen =
    most.name === SHIPPED ? 'the one that is shipped' : `not ${SHIPPED}, which is shipped`;
  return [
    `- ${dataset}: kappa would choose ${most.name} (mean ${most.kappa.toFixed(3)} with the others), ${chosen}; ${least.name} differs most (${least.kappa.toFixed(3)}); fewest errors has ${fewest.name} (${fewest.errors.toFixed(0)}).`,
  ];
}

function detectorsIn(rows: readonly PairRow[]): readonly string[] {
  return [...new Set(rows.flatMap(({ a, b }) => [a, b]))];
}

function whole(rows: readonly PairRow[], field: 'errorsA' | 'errorsB' | 'errorsShared'): string {
  return mean(rows.map((row) => row[field])).toFixed(0);
}

/** Half the range of the seeds beside their mean. */
function spread(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined && value !== null);
  if (known.length === 0) return '-';
  const half = (Math.max(...known) - Math.min(...known)) / 2;
  return known.length === 1
    ? mean(known).toFixed(3)
    : `${mean(known).toFixed(3)} ±${half.toFixed(3)}`;
}

function range(values: readonly (readonly [number, number])[]): string {
  return `${mean(values.map(([low]) => low)).toFixed(2)} to ${mean(values.map(([, high]) => high)).toFixed(2)}`;
}
