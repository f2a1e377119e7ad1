// Apart from the other parsers, so that only commands that compute load the engines.
import { Option } from 'commander';
import { engineNames } from '../../models/load-engine.ts';

/** `--engine <name>`; without it there is none, so that a configuration may decide. */
export function engineOption(): Option {
  return new Option(
    '--engine <name>',
    'numerical engine; tensorflow needs the package @tensorflow/tfjs-node (default: auto)',
  ).choices(engineNames);
}
