// What is told of a design that was not measured.
import type { Design } from './designs.ts';
import type { Target } from './profile.ts';

/** Both uncertainties are standard deviations, in the unit of the mean. */
export interface Estimate {
  readonly mean: number;
  readonly aleatoric: number;
  readonly epistemic: number;
  /** Where a figure comes from that nobody has measured, on this device or any like it. */
  readonly modelled?: string;
}

/** Of one inference; absent = the profile knows nothing of it. */
export type Predicted = { readonly [T in Target]?: Estimate } & {
  /** Of weights and values in the engine: counted, not predicted. */
  readonly memoryBytes: number;
};

export interface Predictor {
  /** One a design. Throws `ConfigError` for designs without the coordinates that the profile was fitted on. */
  predict(designs: readonly Design[]): readonly Predicted[];
}
