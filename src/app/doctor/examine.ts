// All checks, on this machine.
import { KnownError, SinkError } from '../../core/errors.ts';
import { openMqtt } from '../../io/mqtt/connection.ts';
import type { BrokerOptions } from '../../io/mqtt/options.ts';
import { loadEngine } from '../../models/load-engine.ts';
import type { Environment } from '../config/environment.ts';
import { complete, loadConfig, parseConfig } from '../config/load.ts';
import { type Config, configSchema } from '../config/schema.ts';
import { surroundingsOf, unitOf } from '../service/places.ts';
import { unitProperties } from '../service/system-programs.ts';
import { accessOf, clockOf, machineOf, spaceOf, textOf } from './facts.ts';
import type { Finding } from './finding.ts';
import {
  checkClock,
  checkDevices,
  checkKernels,
  checkMachine,
  checkMemoryLimit,
  checkNode,
  checkParts,
  checkSecrecy,
  checkSpace,
  checkState,
} from './machine-checks.ts';
import { devicesOf, partsOf } from './needs.ts';
import {
  checkBroker,
  checkConfiguration,
  checkPlugins,
  checkUnit,
  checkWrites,
  type WriteLoad,
} from './setup-checks.ts';

/** Of a quiet day and a bad one; what an installation has is known only afterwards. */
const ALERT_STATES_PER_DAY = 60;

/** Checks the program, the machine, and what `file` asks of both. Takes a broker's connect timeout at most. */
export async function examine(
  file: string | undefined,
  environment: Environment,
): Promise<readonly Finding[]> {
  const surroundings = surroundingsOf(file, environment);
  const config = await configOrDefaults(file, surroundings);
  const machine = machineOf();
  return [
    checkMachine(machine),
    checkNode(process.version),
    ...(await checkParts(partsOf(config.streams, config.sinks, machine))),
    await checkKernels(config.engine, loadEngine),
    ...(await checkConfiguration(file, (named) => loadConfig(named, surroundings))),
    ...checkPlugins(config.kinds.plugins),
    ...(file ? [checkSecrecy(file, holdsPassword(textOf(file) ?? ''), accessOf(file))] : []),
    await checkBroker(config.broker, tryBroker),
    checkClock(clockOf(), machine),
    checkState(config.state, accessOf(config.state)),
    checkSpace(config.state, spaceOf(config.state)),
    checkWrites(writeLoad(config), config.store.writeBudgetMb),
    ...checkDevices(devicesOf(config.streams), machine),
    checkMemoryLimit(textOf('/sys/fs/cgroup/cgroup.controllers'), machine),
    checkUnit(unitOf(file), unitProperties(unitOf(file))),
  ];
}

/** The configuration, or the built-in one where it is missing or broken. */
async function configOrDefaults(
  file: string | undefined,
  environment: Environment,
): Promise<Config> {
  try {
    if (file !== undefined) return await loadConfig(file, environment);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
  }
  const plain = 'streams: [{ id: host, source: { kind: host } }]';
  return complete(parseConfig(plain, 'built-in', configSchema), environment);
}

async function tryBroker(broker: BrokerOptions): Promise<void> {
  const connection = await openMqtt(broker, { role: 'doctor', Failure: SinkError });
  await connection.end();
}

function writeLoad({ streams, store }: Config): WriteLoad {
  return {
    rowsPerS: streams.map(({ learn }) => 1000 / learn.intervalMs),
    flushMs: store.flushMs,
    flushRows: store.flushRows,
    alertStatesPerDay: ALERT_STATES_PER_DAY,
    keptBytesPerDay: streams
      .filter(({ model, retrain }) => model === undefined && retrain.keepHours > 0)
      .reduce((sum, { retrain }) => sum + retrain.writeMbPerDay * 1e6, 0),
  };
}

function holdsPassword(text: string): boolean {
  return /^[^#]*\bpassword:\s*\S/m.test(text) || /:\/\/[^/\s:]*:[^@\s/]+@/.test(text);
}
