// Lets searches for fronts play problems whose greatest hypervolume or least value is known; keeps what they reached.
//   npx tsx scripts/breathe-proof.ts [--problems NAME,NAME] [--methods NAME,NAME] [--seeds 11] [--from 1] [--resume]
//     [--results results/breathe] [--page]
// --from is the first seed; settings are chosen on seeds from 1001 on, which belong into other --results. A run is kept as soon
// as it has ended; --resume leaves out those that are there. Without --problems or --methods it is all of them. Seeds come one
// after the other, so that a run that is stopped has as many of each method. Several processes may run at once, e.g. each with
// its own --from. README.md and the plots are written at the end; --page writes nothing else.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeAlone } from '../src/io/store/folder-lock.ts';
import { graphContests } from './breathe-proof/graphs.ts';
import { pageOf, sectionOf } from './breathe-proof/page.ts';
import { pointContests } from './breathe-proof/points.ts';
import {
  allRows,
  type Contest,
  type ProofHead,
  type ProofRun,
  readRows,
  writeRows,
} from './breathe-proof/rows.ts';
import { chosen, commandLine, wholeNumber } from './command-line.mjs';
import { withRun } from './result-lines.ts';

const { values } = commandLine({
  options: {
    problems: { type: 'string' },
    methods: { type: 'string' },
    seeds: { type: 'string', default: '11' },
    from: { type: 'string', default: '1' },
    resume: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    results: {
      type: 'string',
      default: fileURLToPath(new URL('../results/breathe', import.meta.url)),
    },
  },
});
const folder = values.results;
const all: readonly Contest[] = [...pointContests, ...graphContests];
const contests = chosen('problems', values.problems, all, ({ head }) => head.problem);
const names = [...new Set(all.flatMap(({ methods }) => methods))];
const methods = chosen('methods', values.methods, names, (name) => name);
const seeds = wholeNumber('seeds', values.seeds, 1);
const first = wholeNumber('from', values.from, 0);

function play({ head, methods: known, run }: Contest, seed: number): void {
  for (const method of methods.filter((name) => known.includes(name))) {
    const isThere = runsOf(head).some((one) => one.method === method && one.seed === seed);
    if (values.resume && isThere) continue;
    const found = run(method, seed);
    if (found) keep(head, found);
  }
}

function runsOf({ problem }: ProofHead): readonly ProofRun[] {
  return readRows(folder, problem)?.runs ?? [];
}

/** Beside what other processes have kept meanwhile. */
function keep(head: ProofHead, run: ProofRun): void {
  writeAlone(folder, () => writeRows(folder, withRun({ ...head, runs: runsOf(head) }, run)));
}

if (!values.page) {
  for (let seed = first; seed < first + seeds; seed++) {
    for (const contest of contests) play(contest, seed);
  }
}
mkdirSync(folder, { recursive: true });
const kept = allRows(folder);
for (const [file, plot] of kept.flatMap((rows) => [...sectionOf(rows).plots])) {
  writeFileSync(join(folder, file), plot);
}
writeFileSync(join(folder, 'README.md'), pageOf(kept));
