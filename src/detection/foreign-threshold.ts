// A threshold of a plug-in: its errors name the plug-in.
import {
  CalibrationError,
  KnownError,
  type KnownErrorOptions,
  PluginError,
} from '../core/errors.ts';
import { foreignOptions } from '../core/foreign-options.ts';
import { pluginFault } from '../core/plugin-fault.ts';
import type { ForeignMaker } from '../core/plugin-module.ts';
import type { ThresholdPromise } from '../core/threshold.ts';
import type { StoredThreshold, ThresholdPlugin } from './threshold-plugin.ts';

/** `plugin` is the name of the plug-in. */
export function foreignThreshold(theirs: ForeignMaker, plugin: string): ThresholdPlugin {
  const { kind, summary, options } = theirs;
  return {
    kind,
    summary,
    options: foreignOptions(options, plugin),
    create: (chosen, context) =>
      guardedCall(plugin, PluginError, () => guarded(theirs.create(chosen, context), kind, plugin)),
  };
}

const METHODS = ['fit', 'judge', 'learn', 'reject', 'state', 'restore'] as const;

function guarded(made: unknown, kind: string, plugin: string): StoredThreshold {
  const missing = METHODS.filter((name) => typeof (made as StoredThreshold)[name] !== 'function');
  if (missing.length > 0) {
    throw new PluginError(
      `plug-in ${plugin}: threshold '${kind}' was made without ${missing.join(', ')}`,
      { code: 'SEN_PLG_THRESHOLD' },
    );
  }
  const theirs = made as StoredThreshold; // has all methods, as checked above
  return {
    // too few scores, or a state of another version, are errors that the caller handles
    fit: (scores) => guardedCall(plugin, CalibrationError, () => theirs.fit(scores)),
    restore: (state) => guardedCall(plugin, CalibrationError, () => theirs.restore(state)),
    judge: (score) => guardedCall(plugin, PluginError, () => theirs.judge(score)),
    learn: (score) => guardedCall(plugin, PluginError, () => theirs.learn(score)),
    reject: (score, reason) => guardedCall(plugin, PluginError, () => theirs.reject(score, reason)),
    state: () => guardedCall(plugin, PluginError, () => theirs.state()),
    promise: () => promiseOf(theirs),
  };
}

/** Only for display: if the plug-in fails here, there is no promise and the stream continues. */
function promiseOf(theirs: StoredThreshold): ThresholdPromise | undefined {
  try {
    const { falseAlarmsPerDay, asked, seenDays } = theirs.promise?.() ?? NO_PROMISE;
    const known = [falseAlarmsPerDay, asked, seenDays].every(
      (value) => Number.isFinite(value) && value >= 0,
    );
    return known ? { falseAlarmsPerDay, asked, seenDays } : undefined;
  } catch {
    return undefined;
  }
}

const NO_PROMISE = { falseAlarmsPerDay: Number.NaN, asked: Number.NaN, seenDays: Number.NaN };

function guardedCall<T>(
  plugin: string,
  Failure: new (message: string, options: KnownErrorOptions) => KnownError,
  work: () => T,
): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof KnownError) throw cause;
    throw new Failure(pluginFault(plugin, cause), { code: 'SEN_PLG_THRESHOLD', cause });
  }
}
