// Bayesian optimisation of a front: a Gaussian process for each objective, and the candidate by which the hypervolume is expected
// to grow most; over coordinates, or over graphs.
//
// Notation   y (outcomes,) of one objective, lower is better
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import {
  ConditionedProcess,
  GaussianPosterior,
  type Kernel,
  type Posterior,
} from '../../../engine/regression/gaussian-posterior.ts';
import { likeliestKernel } from '../../../engine/regression/gaussian-process.ts';
import { pointsAt, rowOf } from '../../../engine/regression/regressor.ts';
import { extent, mean } from '../../../engine/statistics.ts';
import type { Candidates, SearchMethod } from '../contract.ts';
import {
  expectedImprovements,
  MOST_OBJECTIVES,
  type OpenRegion,
  openRegion,
} from '../expected-hypervolume.ts';
import { paretoFront } from '../front.ts';
import { graphsOf, labelCounts, likeness } from '../graph-kernel.ts';
import {
  freshPool,
  initialOption,
  type Ledger,
  oneByOne,
  type Policy,
  poolOption,
} from './one-by-one.ts';

const options = z.strictObject({ initial: initialOption, pool: poolOption });

type Options = z.infer<typeof options>;

/**
 * Emmerich, Giannakoglou and Naujoks 2006, "Single- and multiobjective evolutionary optimization assisted by Gaussian random
 * field metamodels". Matern 5/2 kernels of the greatest marginal likelihood. The reference is a tenth beyond all outcomes: one
 * just beyond the front counts nothing of what would lengthen it. Infeasible candidates count as the worst of each objective,
 * pending ones as the mean. With values alone it is expected improvement.
 */
export const volumeImprovement: SearchMethod<Options> = {
  kind: 'expected-hypervolume',
  summary: 'expected improvement of the hypervolume by Gaussian processes over the coordinates',
  seeksFront: true,
  mostObjectives: MOST_OBJECTIVES,
  options,
  start: oneByOne((candidates, given, ledger, random) =>
    improve(candidates, given, ledger, random, overCoordinates(candidates)),
  ),
};

/** As `volumeImprovement`, with the Weisfeiler-Lehman kernel: see `overGraphs`. */
export const graphGaussianProcess: SearchMethod<Options> = {
  kind: 'graph-gaussian-process',
  summary: 'expected improvement of the hypervolume by Gaussian processes over graphs',
  seeksFront: true,
  mostObjectives: MOST_OBJECTIVES,
  options,
  start: oneByOne((candidates, given, ledger, random) =>
    improve(candidates, given, ledger, random, overGraphs(candidates)),
  ),
};

/** One objective at the candidates of a pool. */
interface Process {
  observe(candidate: number): void;
  rewind(size: number): void;
  predict(y: Float64Array): Posterior;
}

/** Fits the kernel to the outcomes; the process has observed nothing yet. */
type FitProcess = (known: readonly number[], y: Float64Array, pool: Uint32Array) => Process;

/** A new fit for each objective, since each remembers its last kernel. */
function overCoordinates({ coordinates }: Candidates): () => FitProcess {
  return () => {
    let lately: Kernel | undefined;
    return (known, y, pool) => {
      const { kernel } = likeliestKernel(pointsAt(coordinates, known), y, { each: false }, lately);
      lately = kernel;
      const posterior = new GaussianPosterior(kernel, pointsAt(coordinates, pool));
      return {
        observe: (candidate) => posterior.observe(rowOf(coordinates, candidate)),
        rewind: (size) => posterior.rewind(size),
        predict: (y) => posterior.predict(y),
      };
    };
  };
}

/** Greatest number of refinements, and noise ratios, of which the likeliest are taken. */
const [MOST_REFINEMENTS, NOISE_RATIOS] = [3, [1e-4, 1e-3, 1e-2, 1e-1]] as const;

/**
 * Shervashidze et al. 2011, "Weisfeiler-Lehman graph kernels": correlation is the cosine between counts of refined labels. The
 * number of refinements and the noise are those of the greatest marginal likelihood.
 */
function overGraphs(candidates: Candidates): () => FitProcess {
  const graphOf = graphsOf(candidates);
  const graphs = Array.from({ length: candidates.count }, (_, candidate) => graphOf(candidate));
  const counts = labelCounts(graphs, MOST_REFINEMENTS);

  function process(refinements: number, noiseRatio: number, pool: Uint32Array) {
    const own = counts[refinements] ?? [];
    const at = (numbers: ArrayLike<number>) =>
      Array.from(numbers, (candidate) => own[candidate] as (typeof own)[number]);
    const asked = at(pool);
    const conditioned = new ConditionedProcess(noiseRatio, pool.length);
    const observed: number[] = [];
    return {
      conditioned,
      observe(candidate: number) {
        const [one] = at([candidate]) as [(typeof own)[number]];
        conditioned.observe(likeness(one, at(observed)), likeness(one, asked));
        observed.push(candidate);
      },
      rewind(size: number) {
        observed.length = size;
        conditioned.rewind(size);
      },
      predict: (y: Float64Array) => conditioned.predict(y),
    };
  }

  return () => (known, y, pool) => {
    const tried = counts.flatMap((_, refinements) =>
      NOISE_RATIOS.map((noiseRatio) => {
        const alone = process(refinements, noiseRatio, new Uint32Array(0));
        for (const candidate of known) alone.observe(candidate);
        return { refinements, noiseRatio, likelihood: alone.conditioned.logLikelihood(y) };
      }),
    );
    const best = tried.reduce((a, b) => (b.likelihood > a.likelihood ? b : a));
    return process(best.refinements, best.noiseRatio, pool);
  };
}

/** Outcomes in the order of their arrival, then pending candidates. */
interface Learnt {
  readonly known: readonly number[];
  /** Of each objective. */
  readonly columns: readonly Float64Array[];
  readonly region: OpenRegion;
}

/** Fewest feasible outcomes for a model. */
const LEAST_FEASIBLE = 2;

/** Of the range of the outcomes, in each objective. */
const BEYOND = 0.1;

function learntFrom({ told, pending }: Ledger): Learnt | undefined {
  const rows = told.map(({ value, objectives }) =>
    value === undefined ? undefined : (objectives ?? [-value]),
  );
  const feasible = rows.filter((row) => row !== undefined);
  if (feasible.length < LEAST_FEASIBLE) return undefined;
  const front = paretoFront(feasible).map((i) => feasible[i] as readonly number[]);
  const count = feasible[0]?.length ?? 0;
  const column = (some: readonly (readonly number[])[], j: number) =>
    some.map((row) => row[j] as number);
  const columns = Array.from({ length: count }, (_, j) => {
    const values = column(feasible, j);
    const [worst, middle] = [Math.max(...values), mean(values)];
    return Float64Array.of(
      ...rows.map((row) => (row ? (row[j] as number) : worst)),
      ...Array.from(pending, () => middle),
    );
  });
  const reference = columns.map((_, j) => {
    const [least, greatest] = extent(column(feasible, j));
    return greatest + BEYOND * (greatest - least);
  });
  return {
    known: [...told.map(({ candidate }) => candidate), ...pending],
    columns,
    // The best value is the reference of a single objective: all below it is an improvement.
    region: openRegion(front, count === 1 ? (front[0] as readonly number[]) : reference),
  };
}

/** Kernels are fitted again once the number of outcomes has grown by this factor. */
const REFIT_GROWTH = 1.2;

/** Valid until the kernels are fitted again. */
interface Fit {
  /** One for each objective. */
  readonly processes: readonly Process[];
  readonly pool: Uint32Array;
  /** Number of outcomes at which they are fitted again. */
  readonly until: number;
}

function improve(
  candidates: Candidates,
  { initial, pool: poolSize }: Options,
  ledger: Ledger,
  random: Random,
  newFit: () => FitProcess,
): Policy {
  const fits: FitProcess[] = [];
  let fit: Fit | undefined;
  /** Number of outcomes in the processes. */
  let observed = 0;

  function refit({ known, columns }: Learnt): Fit {
    const told = ledger.told.length;
    const pool = freshPool(candidates, ledger, poolSize, random);
    observed = 0;
    return {
      ...{ pool, until: Math.ceil(told * REFIT_GROWTH) },
      processes: columns.map((y, j) => {
        fits[j] ??= newFit();
        return (fits[j] as FitProcess)(known.slice(0, told), y.slice(0, told), pool);
      }),
    };
  }

  function choose({ known, columns, region }: Learnt, { processes, pool }: Fit) {
    for (const process of processes) {
      process.rewind(observed);
      for (const candidate of known.slice(observed)) process.observe(candidate);
    }
    observed = ledger.told.length;
    const predicted = processes.map((process, j) => process.predict(columns[j] as Float64Array));
    const expected = expectedImprovements(region, predicted);
    let [chosen, most] = [undefined as number | undefined, Number.NEGATIVE_INFINITY];
    for (const [i, candidate] of pool.entries()) {
      if (!ledger.isFresh(candidate) || (expected[i] as number) <= most) continue;
      [chosen, most] = [candidate, expected[i] as number];
    }
    return chosen;
  }

  return {
    next() {
      if (ledger.proposed < initial) {
        return { candidate: ledger.drawFresh(random), reason: 'initial' };
      }
      const learnt = learntFrom(ledger);
      if (!learnt && ledger.pending.size > 0) return undefined;
      if (!learnt) return { candidate: ledger.drawFresh(random), reason: 'random' };
      if (!fit || ledger.told.length >= fit.until) fit = refit(learnt);
      let candidate = choose(learnt, fit);
      if (candidate === undefined) {
        // The whole pool was proposed.
        fit = refit(learnt);
        candidate = choose(learnt, fit) as number;
      }
      return { candidate, reason: 'acquisition' };
    },
  };
}
