import { type Registry, registry } from '../../core/registry.ts';
import { csvSource } from './csv.ts';
import { execSource } from './exec.ts';
import { fileSource } from './file.ts';
import { gpioSource } from './gpio.ts';
import { hostSource } from './host.ts';
import { modbusSource } from './modbus.ts';
import { mqttSource } from './mqtt.ts';
import { serialSource } from './serial.ts';
import type { SourcePlugin } from './source-plugin.ts';
import { stdinSource } from './stdin.ts';

/** All kinds of sources. The schema of each parses its options before `create`. */
export const sources: Registry<SourcePlugin<unknown>> = registry<SourcePlugin<unknown>>(
  csvSource,
  execSource,
  fileSource,
  gpioSource,
  hostSource,
  modbusSource,
  mqttSource,
  serialSource,
  stdinSource,
);
