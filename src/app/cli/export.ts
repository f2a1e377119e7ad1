// `sentigon export`: the networks of a model for other programs.
import { resolve } from 'node:path';
import { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { exporters } from '../../lab/export/index.ts';
import { onnxFiles } from '../../lab/export/onnx-files.ts';
import type { OnnxGraph } from '../../models/onnx/graph.ts';
import { readModel, writeDurably } from '../models/model-folder.ts';
import { version } from '../version.ts';

const NOTES = `
What is exported is the network alone. How it is used stays here: a GON's score is how far its discriminator's ascent in
input space moves a window; an encoder is asked once for each share of the channels that is hidden. The file says what
goes in and what comes out; its metadata hold channels, scaler, window length, design and id of the model, and the rates
that counters have to be turned into before they are scaled. The batch may be of any size.

A model of several networks, as a GON is, becomes as many files: gon.onnx is then gon.m5.onnx and so on.

Example:
  $ sentigon export pump.safetensors --onnx pump.onnx`;

export function exportCommand(): Command {
  return new Command('export')
    .description(
      `Write the networks of a model (${[...exporters.keys()].join(', ')}) as ONNX files.`,
    )
    .argument('<model>', 'model file (safetensors)')
    .requiredOption('--onnx <file>', 'file to write; a name is added where there are several')
    .addHelpText('after', NOTES)
    .action(writeNetworks);
}

async function writeNetworks(path: string, { onnx }: { readonly onnx: string }): Promise<void> {
  if (resolve(onnx) === resolve(path)) {
    throw new ConfigError(`--onnx ${onnx} is the model itself: name another file`);
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
