// ONNX Runtime as Debian brings it (python3-onnxruntime), which runs what we write.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PYTHON = '/usr/bin/python3';

export const hasOnnxRuntime =
  spawnSync(PYTHON, ['-c', 'import onnxruntime'], { stdio: 'ignore' }).status === 0;

/** Numbers with their shape, as they go in and come out. */
export interface Listed {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export interface OnnxRun {
  readonly bytes: Uint8Array;
  readonly inputs: Readonly<Record<string, Listed>>;
}

export interface OnnxResult {
  readonly outputs: Readonly<Record<string, Listed>>;
  /** Shapes as the file states them; an axis of any length has a name. */
  readonly stated: Readonly<Record<string, readonly (number | string)[]>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly description: string;
}

const PROGRAM = `
import json, sys
import numpy, onnxruntime
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.log_severity_level = 3
results = []
for i, inputs in enumerate(json.load(open(sys.argv[1] + '/inputs.json'))):
    session = onnxruntime.InferenceSession(f'{sys.argv[1]}/{i}.onnx', options)
    feeds = {name: numpy.array(x['values'], numpy.float32).reshape(x['shape']) for name, x in inputs.items()}
    names = [output.name for output in session.get_outputs()]
    arrays = session.run(names, feeds)
    meta = session.get_modelmeta()
    results.append({
        'outputs': {n: {'shape': a.shape, 'values': a.ravel().tolist()} for n, a in zip(names, arrays)},
        'stated': {v.name: v.shape for v in [*session.get_inputs(), *session.get_outputs()]},
        'metadata': meta.custom_metadata_map, 'description': meta.description})
json.dump(results, open(sys.argv[1] + '/results.json', 'w'))
`;

/** All in one process, for it takes a second to start. */
export function runOnnx(runs: readonly OnnxRun[]): readonly OnnxResult[] {
  const folder = mkdtempSync(join(tmpdir(), 'onnx-'));
  try {
    for (const [i, { bytes }] of runs.entries()) writeFileSync(join(folder, `${i}.onnx`), bytes);
    writeFileSync(join(folder, 'inputs.json'), JSON.stringify(runs.map(({ inputs }) => inputs)));
    execFileSync(PYTHON, ['-c', PROGRAM, folder], { stdio: ['ignore', 'ignore', 'pipe'] });
    return JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
