// Surrogates of candidates: one for each objective and constraint, each learned from the candidates that have it.
import { unitOf } from '../../../engine/regression/heteroscedastic/acquisition.ts';
import { heteroscedasticLearner } from '../../../engine/regression/heteroscedastic/heteroscedastic.ts';
import { pointsAt } from '../../../engine/regression/regressor.ts';
import type { SurrogateInputs } from '../boshnas/inputs.ts';
import type { Measured } from '../points/contract.ts';
import type { FrontHistory } from './front-history.ts';
import {
  type Output,
  type Outputs,
  type OutputWeights,
  together,
  typicalViolation,
  withoutOutliers,
} from './surrogates.ts';

/** Fitted on all outcomes; fitted again only when there are new ones. `smooth` as the learner has it. */
export function graphSurrogates(
  history: FrontHistory,
  { points, ...shape }: SurrogateInputs,
  weights: OutputWeights,
  nextSeed: () => number,
  smooth = true,
): () => Outputs {
  const learners = new Map<string, ReturnType<typeof heteroscedasticLearner>>();
  let fitted: { readonly outputs: Outputs; readonly version: number } | undefined;

  /** The branches of its networks see the halves of a pair apart. */
  function learned(kind: keyof Measured, place: number): Output {
    const name = `${kind} ${place}`;
    const learner =
      learners.get(name) ?? heteroscedasticLearner(points, { ...shape, smooth }, nextSeed());
    learners.set(name, learner);
    const rows = history.runs.flatMap(({ candidate, [kind]: { [place]: value } }) =>
      value === undefined ? [] : { candidate, value },
    );
    const told = rows.map(({ value }) => value);
    const bounded = withoutOutliers(
      told,
      kind === 'constraints' ? typicalViolation(told) : undefined,
    );
    const values = Float64Array.from(bounded, (value) => -value);
    const known = pointsAt(
      points,
      rows.map(({ candidate }) => candidate),
    );
    return { regressor: learner.fit(known, values), unit: unitOf(values), weights: weights[kind] };
  }

  return () => {
    const { version, objectives, runs } = history;
    if (fitted?.version === version) return fitted.outputs;
    const count = (length: number) => Array.from({ length }, (_, place) => place);
    const outputs = together([
      ...count(objectives).map((place) => learned('objectives', place)),
      ...count(runs[0]?.constraints.length ?? 0).map((place) => learned('constraints', place)),
    ]);
    fitted = { outputs, version };
    return outputs;
  };
}
