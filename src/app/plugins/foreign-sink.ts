// A sink of a plug-in: what it throws is a `SinkError` that names the plug-in, or a `PluginError` where it looks like a
// bug. The daemon names the sink, since the outbox does.
import { z } from 'zod';
import type { Alert } from '../../core/alert.ts';
import { ConfigError, KnownError, PluginError, SinkError } from '../../core/errors.ts';
import { foreignOptions } from '../../core/foreign-options.ts';
import { pluginFault } from '../../core/plugin-fault.ts';
import type { ForeignMaker } from '../../core/plugin-module.ts';
import type { Holding, Sink } from '../../core/sink.ts';
import type { SinkContext, SinkPlugin } from '../../io/sinks/sink-plugin.ts';
import type { PluginSink } from './contract.ts';

type Theirs = ReturnType<PluginSink['create']>;

/** What the daemon keeps for itself, and what the plug-in's own schema made of the rest. */
interface Options {
  readonly id: string;
  readonly theirs: unknown;
}

/** `plugin` is the name of the plug-in that brings it. */
export function foreignSink(theirs: ForeignMaker, plugin: string): SinkPlugin<unknown> {
  const { kind, summary } = theirs;
  return {
    kind,
    summary,
    options: optionsOf(theirs, plugin),
    create(chosen, context) {
      const { id, theirs: options } = chosen as Options; // what its schema gives
      const fault = (cause: unknown) => pluginFault(plugin, cause, options);
      try {
        return guarded(theirs.create(options, context) as Theirs, { id, fault, context });
      } catch (cause) {
        if (cause instanceof KnownError) throw cause;
        throw new ConfigError(fault(cause), { code: 'SEN_CFG_PLUGIN_MAKE', cause });
      }
    },
  };
}

function optionsOf({ kind, options }: ForeignMaker, plugin: string) {
  const schema = foreignOptions(options, plugin);
  const id = z.string().min(1).default(kind);
  return z.looseObject({ id }).transform(({ id, ...rest }, context): Options => {
    const { data, error } = schema.safeParse(rest);
    for (const { message, path } of error?.issues ?? []) {
      context.addIssue({ code: 'custom', message, path });
    }
    return { id, theirs: data };
  });
}

interface Whose {
  readonly id: string;
  /** What the plug-in threw, in words that quote none of its options. */
  readonly fault: (cause: unknown) => string;
  readonly context: SinkContext;
}

function guarded(sink: Theirs, { id, fault, context }: Whose): Sink {
  if (typeof sink.send !== 'function' || typeof sink.close !== 'function') {
    throw new TypeError('a sink was made without the functions send and close');
  }
  const { inFlight = 1 } = sink;
  if (!Number.isInteger(inFlight) || inFlight < 1) {
    throw new TypeError(`inFlight of a sink is ${inFlight}, expected a whole number from 1 on`);
  }
  let told = '';
  /** Logs a failure without consequences once, until the error changes. */
  const bestEffort = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (cause) {
      const said = fault(cause);
      if (said !== told) context.warn?.(said);
      told = said;
      return undefined;
    }
  };
  const trying = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      if (isBug(cause)) throw new PluginError(fault(cause), { code: 'SEN_PLG_SINK', cause });
      throw new SinkError(fault(cause), { code: 'SEN_SNK_PLUGIN', cause });
    }
  };
  const { holding } = sink;
  return {
    id,
    inFlight,
    send: (alert: Alert) => trying(() => sink.send(alert)),
    ...(holding && { holding: guardedHolding(holding, bestEffort) }),
    ...(sink.test && { test: () => trying(async () => String(await sink.test?.())) }),
    report: (report) => bestEffort(() => sink.report?.(report)),
    refresh: () => bestEffort(() => sink.refresh?.()),
    async close() {
      try {
        await sink.close();
      } catch (cause) {
        context.warn?.(fault(cause));
      }
    },
  };
}

/** An alert about which it throws, or gives no number, is not held; one that it may not cover is sent. */
function guardedHolding(
  holding: Holding,
  bestEffort: <T>(work: () => T) => T | undefined,
): Holding {
  return {
    dueMs(...of) {
      const dueMs = bestEffort(() => holding.dueMs(...of));
      return Number.isFinite(dueMs) ? dueMs : undefined;
    },
    covers: (...of) => bestEffort(() => holding.covers(...of)) === true,
  };
}

/**
 * Errors that a programming mistake throws. `fetch` rejects with a TypeError, too, when it reaches no server;
 * that one has a cause.
 */
function isBug(thrown: unknown): boolean {
  if (thrown instanceof TypeError) return thrown.cause === undefined;
  return [RangeError, ReferenceError, SyntaxError].some((kind) => thrown instanceof kind);
}
