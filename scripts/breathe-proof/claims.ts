// What the abstract of BREATHE claims, beside the same ratios from the rows of this proof.
import { median } from '../../src/engine/statistics.ts';
import { figuresAt, type Measure } from '../../src/lab/search/proof/marked-runs.ts';
import { markdownTable } from '../markdown-table.ts';
import type { ProofRows } from './rows.ts';

interface Claim {
  readonly about: string;
  readonly published: string;
  readonly rival: string;
  counts(rows: ProofRows, measure: Measure): boolean;
  /** From medians over seeds. */
  gain(ours: number, rival: number): number;
  written(gain: number): string;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Tuli and Jha 2023, "BREATHE". Its abstract does not say on which problems, nor after how many evaluations. */
const CLAIMS: readonly Claim[] = [
  {
    about: 'hypervolume over that of MOBOpt',
    published: 'up to 21.9',
    rival: 'mobopt',
    counts: ({ kind }, { better }) => kind === 'points' && better === 'more',
    gain: (ours, rival) => ours / rival,
    written: (gain) => (Number.isFinite(gain) ? gain.toPrecision(3) : 'any, since MOBOpt has none'),
  },
  {
    about: 'one objective: less regret than random forests',
    published: '64.1 % better',
    rival: 'random-forest',
    counts: ({ kind }, { better }) => kind === 'points' && better === 'less',
    gain: (ours, rival) => 1 - ours / rival,
    written: percent,
  },
  {
    about: 'graphs: more hypervolume than the Gaussian process over graphs',
    published: '64.9 % better',
    rival: 'graph-gaussian-process',
    counts: ({ kind }, { better }) => kind === 'graphs' && better === 'more',
    gain: (ours, rival) => ours / rival - 1,
    written: percent,
  },
];

/** Seeds of each method in the whole proof. */
const SEEDS = 11;

/** A row for each claim; "-" where no problem has rows of both methods. */
export function claimsOf(all: readonly ProofRows[], ours: string): string {
  const rows = CLAIMS.map((claim) => {
    const places = [(rows: ProofRows) => rows.report[0], (rows: ProofRows) => rows.report.at(-1)];
    const found = places.map((markOf) =>
      gainsAt(claim, all, ours, (rows) => rows.at.indexOf(markOf(rows) as number)),
    );
    const columns = found.map((some) => {
      if (some.length === 0) return '-';
      const gains = some.map(({ gain }) => gain);
      const [middle, most] = [median(gains), Math.max(...gains)].map(claim.written);
      return `${middle}, at most ${most} (${gains.length})`;
    });
    const seeds = found.flat().map((one) => one.seeds);
    return [claim.about, claim.published, ...columns, seedsWritten(seeds)];
  });
  const head = ['claim', 'abstract', 'ours, at the first mark', 'ours, at the last mark', 'seeds'];
  return markdownTable(head, rows);
}

function seedsWritten(seeds: readonly number[]): string {
  if (seeds.length === 0) return '-';
  const [least, most] = [Math.min(...seeds), Math.max(...seeds)];
  const count = least === most ? `${least}` : `${least} to ${most}`;
  return least < SEEDS ? `${count}, so far` : count;
}

interface Gain {
  readonly gain: number;
  /** Of the method that has fewer. */
  readonly seeds: number;
}

/** One for each problem and measure; none where neither has reached anything. */
function gainsAt(
  { rival, counts, gain }: Claim,
  all: readonly ProofRows[],
  ours: string,
  placeOf: (rows: ProofRows) => number,
): readonly Gain[] {
  return all.flatMap((rows) =>
    rows.measures
      .filter((measure) => counts(rows, measure))
      .flatMap((measure) => {
        const figures = figuresAt(rows.runs, measure, placeOf(rows), ours);
        const [own, other] = [ours, rival].map((name) =>
          figures.find(({ method }) => method === name),
        );
        if (!(own && other)) return [];
        const found = gain(own.interval.median, other.interval.median);
        return Number.isNaN(found) ? [] : [{ gain: found, seeds: Math.min(own.runs, other.runs) }];
      }),
  );
}
