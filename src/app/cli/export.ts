// `sentigon export`: writes the networks of a model as ONNX files.
import { resolve } from 'node:path';
import { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { exporters, onnxFiles } from '../../lab/export/index.ts';
import type { OnnxGraph } from '../../models/onnx/graph.ts';
import { readModel, writeDurably } from '../models/model-folder.ts';
import { version } from '../version.ts';

const NOTES = `
Only the network is exported, not the score around it: a GON's score is how far its discriminator's ascent in
input space moves a window; an encoder runs once for each share of hidden channels. The file describes its inputs
and outputs. Its metadata hold channels, scaler, window length, design and id of the model, and which counters must be
turned into rates before scaling. The batch may have any size.

A model of several networks, e.g. a GON, gives one file per network: gon.m5.onnx and so on for gon.onnx.

Example:
  $ sentigon export pump.safetensors --onnx pump.onnx`;

export function exportCommand(): Command {
  return new Command('export')
    .argument('<model>', `model file (safetensors) of ${[...exporters.keys()].join(', ')}`)
    .requiredOption(
      '--onnx <file>',
      'file to write; the name of the network is added if there are several',
    )
    .addHelpText('after', NOTES)
    .action(writeNetworks);
}

async function writeNetworks(path: string, { onnx }: { readonly onnx: string }): Promise<void> {
  if (resolve(onnx) === resolve(path)) {
    throw new ConfigError(`--onnx ${onnx} is the model itself: name another file`, {
      code: 'SEN_CFG_OUTPUT_EXISTS',
    });
  }
  const files = onnxFiles(await readModel(path), version());
  for (const { graph, bytes } of files) {
    const file = files.length === 1 ? onnx : fileOf(onnx, graph.name);
    await writeDurably(file, bytes);
    process.stdout.write(`${file}: ${shapesOf(graph)}\n`);
  }
}

/** `a/gon.onnx` and `m5` are `a/gon.m5.onnx`. */
function fileOf(onnx: string, network: string): string {
  return `${onnx.replace(/\.onnx$/, '')}.${network}.onnx`;
}

function shapesOf({ inputs, outputs }: OnnxGraph): string {
  const [from, to] = [inputs, outputs].map((values) =>
    values.map(({ name, shape }) => `${name} (${shape.join(', ')})`).join(', '),
  );
  return `${from} -> ${to}`;
}
