// A threshold of a plug-in: what it throws names the plug-in.
import { CalibrationError, KnownError, PluginError } from '../core/errors.ts';
import { foreignOptions } from '../core/foreign-options.ts';
import { pluginFault } from '../core/plugin-fault.ts';
import type { ForeignMaker } from '../core/plugin-module.ts';
import type { ThresholdPromise } from '../core/threshold.ts';
import type { StoredThreshold, ThresholdPlugin } from './threshold-plugin.ts';

/** `plugin` is the name of the plug-in that brings it. */
export function foreignThreshold(theirs: ForeignMaker, plugin: string): ThresholdPlugin {
  const { kind, summary, options } = theirs;
  return {
    kind,
    summary,
    options: foreignOptions(options, plugin),
    create: (chosen, context) =>
      told(plugin, PluginError, () => guarded(theirs.create(chosen, context), kind, plugin)),
  };
}

const METHODS = ['fit', 'judge', 'learn', 'reject', 'state', 'restore'] as const;

function guarded(made: unknown, kind: string, plugin: string): StoredThreshold {
  const missing = METHODS.filter((name) => typeof (made as StoredThreshold)[name] !== 'function');
  if (missing.length > 0) {
    throw new PluginError(
      `plug-in ${plugin}: threshold '${kind}' was made without ${missing.join(', ')}`,
    );
  }
  const theirs = made as StoredThreshold; // has all methods, as was looked at
  return {
    // scores that do not suffice are for the caller to mend, and so is a state of another version
    fit: (scores) => told(plugin, CalibrationError, () => theirs.fit(scores)),
    restore: (state) => told(plugin, CalibrationError, () => theirs.restore(state)),
    judge: (score) => told(plugin, PluginError, () => theirs.judge(score)),
    learn: (score) => told(plugin, PluginError, () => theirs.learn(score)),
    reject: (score, reason) => told(plugin, PluginError, () => theirs.reject(score, reason)),
    state: () => told(plugin, PluginError, () => theirs.state()),
    promise: () => promiseOf(theirs),
  };
}

/** It is only shown to people: a plug-in that fails at it promises nothing, and the stream goes on. */
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

function told<T>(
  plugin: string,
  Failure: new (message: string, options: ErrorOptions) => KnownError,
  work: () => T,
): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof KnownError) throw cause;
    throw new Failure(pluginFault(plugin, cause), { cause });
  }
}
