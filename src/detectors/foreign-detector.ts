// A detector of a plug-in: its errors name the plug-in, and its scores are checked.
import type { Detector, Score } from '../core/detector.ts';
import { KnownError, PluginError, WeightsError } from '../core/errors.ts';
import { pluginFault } from '../core/plugin-fault.ts';
import type { ForeignDetector } from '../core/plugin-module.ts';
import type { Window } from '../core/window.ts';
import type { Model } from '../models/model.ts';
import { type DetectorPlugin, requireShape } from './detector-plugin.ts';

/** `plugin` is the name of the plug-in. */
export function foreignDetector(theirs: ForeignDetector, plugin: string): DetectorPlugin {
  const { kind, summary } = theirs;
  return {
    kind,
    summary,
    load(model, kernels) {
      try {
        return guarded(theirs.load(model, kernels) as Partial<Detector>, model, plugin);
      } catch (cause) {
        if (cause instanceof KnownError) throw cause;
        throw new WeightsError(pluginFault(plugin, cause), { code: 'SEN_WGT_PLUGIN', cause });
      }
    },
  };
}

function guarded(theirs: Partial<Detector>, model: Model, plugin: string): Detector {
  const { windowLength, leastLength = windowLength } = theirs;
  if (windowLength !== model.windowLength || leastLength === undefined || !theirs.score) {
    throw new PluginError(
      `plug-in ${plugin}: detector '${model.kind}' was loaded with windowLength ${windowLength}, ` +
        `expected the model's ${model.windowLength}, and a function score`,
      { code: 'SEN_PLG_DETECTOR' },
    );
  }
  const score = theirs.score.bind(theirs);
  return {
    kind: model.kind,
    windowLength,
    leastLength,
    score(window) {
      requireShape(window, model, leastLength);
      try {
        return checked(score(window), window, model.kind);
      } catch (cause) {
        if (cause instanceof KnownError) throw cause;
        throw new PluginError(pluginFault(plugin, cause), { code: 'SEN_PLG_DETECTOR', cause });
      }
    },
  };
}

/** Throws `RangeError` for an invalid score: the stream would never alert again. */
function checked(score: Score, { width }: Window, kind: string): Score {
  const { value, perChannel, expected } = score;
  if (!(Number.isFinite(value) && value >= 0)) {
    throw new RangeError(
      `detector '${kind}' gave the score ${value}, expected a finite number, at least 0`,
    );
  }
  if (perChannel?.length === width && (expected === undefined || expected.length === width)) {
    return score;
  }
  throw new RangeError(
    `detector '${kind}' gave ${perChannel?.length ?? 'no'} shares, expected one for each of ${width} channels`,
  );
}
