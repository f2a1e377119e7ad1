// Reads and writes a model as one safetensors file: 8 bytes header length (little endian), a JSON header, the tensors.
// `__metadata__` holds the description as strings; the score calibration is the only F64 tensor, so it comes first, and those
// of half precision come last.
import { WeightsError } from '../core/errors.ts';
import { fromHalf, toHalf } from '../engine/half-precision.ts';
import type { Model, ModelTensor } from './model.ts';
import { type Description, readDescription, writeDescription } from './model-metadata.ts';

const FORMATS = ['sentigon-model-1', 'sentigon-model-2', 'sentigon-model-3'] as const;
const BYTES = { F64: 8, F32: 4, F16: 2 };
const CALIBRATION = 'calibration';
/** The format's own limit; a longer header means that the first eight bytes are not a length. */
const MAX_HEADER_BYTES = 100_000_000;

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}
interface Header {
  readonly metadata: Record<string, string>;
  readonly entries: Record<string, Entry>;
}

/** Gives a model its id: a hash of all but the duration of the training, so equal seeds give equal ids. */
export async function sealModel(parts: Omit<Model, 'id'>): Promise<Model> {
  const { header, data } = layOut(parts);
  return { ...parts, id: idOf(await contentHash(header, data)) };
}

/** The bytes of a model file. Equal models give equal bytes; `id` is computed, not taken over. */
export async function encodeModel(model: Model): Promise<Uint8Array> {
  const { header, data } = layOut(model);
  const metadata = {
    ...header.metadata,
    contentHash: await contentHash(header, data),
    durationS: String(model.card.durationS),
  };
  const head = headerBytes({ ...header, metadata });
  const bytes = new Uint8Array(8 + head.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  bytes.set(data, 8 + head.length);
  return bytes;
}

/** Throws `WeightsError`, naming `name`, for a file that is cut short, foreign, of another version or altered. */
export async function decodeModel(bytes: Uint8Array, name: string): Promise<Model> {
  const { header, data } = split(bytes, name);
  const { format, contentHash: stated, durationS, ...metadata } = header.metadata;
  if (format === undefined || stated === undefined) {
    throw new WeightsError(
      `${name} is a safetensors file, but not a Sentigon model: train one with sentigon train`,
      { code: 'SEN_WGT_NOT_OURS' },
    );
  }
  if (!FORMATS.some((known) => known === format)) {
    throw new WeightsError(
      `${name} has format ${format}, this version reads ${FORMATS.join(', ')}: train it again`,
      { code: 'SEN_WGT_FORMAT' },
    );
  }
  const found = await contentHash({ ...header, metadata: { format, ...metadata } }, data);
  if (found !== stated) {
    throw new WeightsError(
      `${name} was altered: its content has hash ${idOf(found)}, its header says ${idOf(stated)}: restore or train it again`,
      { code: 'SEN_WGT_ALTERED' },
    );
  }
  const tensors = readTensors(header.entries, data, name);
  const calibration = readCalibration(header.entries, data, name);
  const description = readDescription(metadata, Number(durationS), name);
  return { ...description, tensors, calibration, id: idOf(found) };
}

function idOf(hash: string): string {
  return hash.slice(0, 16);
}

function layOut(model: Description & Pick<Model, 'tensors' | 'calibration'>) {
  const all = Object.keys(model.tensors).sort();
  const isHalf = (name: string): boolean => model.tensors[name]?.half === true;
  const names = [...all.filter((name) => !isHalf(name)), ...all.filter(isHalf)];
  const entries: Record<string, Entry> = {};
  let end = model.calibration.byteLength;
  entries[CALIBRATION] = {
    dtype: 'F64',
    shape: [model.calibration.length],
    data_offsets: [0, end],
  };
  for (const name of names) {
    const { shape, data } = model.tensors[name] as ModelTensor;
    const dtype = isHalf(name) ? 'F16' : 'F32';
    const bytes = BYTES[dtype] * data.length;
    entries[name] = { dtype, shape, data_offsets: [end, end + bytes] };
    end += bytes;
  }
  const data = new Uint8Array(end);
  data.set(bytesOf(model.calibration), 0);
  for (const name of names) {
    data.set(
      bytesOf(storedNumbers(model.tensors[name] as ModelTensor, name)),
      (entries[name] as Entry).data_offsets[0],
    );
  }
  const metadata = { format: formatOf(model), ...writeDescription(model) };
  return { header: { metadata, entries }, data };
}

function storedNumbers({ data, half }: ModelTensor, name: string): Float32Array | Uint16Array {
  if (!half) return data;
  const halves = toHalf(data);
  const isExact = fromHalf(halves).every((value, i) => Object.is(value, data[i]));
  if (!isExact) throw new RangeError(`tensor ${name} has numbers that half precision has not`);
  return halves;
}

/**
 * An earlier version, which does not know rates, must not read a model with rates: it would use counters in their place. One
 * that does not know half precision says that it does not know the format.
 */
function formatOf({
  rates,
  tensors,
}: Pick<Description, 'rates'> & Pick<Model, 'tensors'>): (typeof FORMATS)[number] {
  if (Object.values(tensors).some(({ half }) => half)) return 'sentigon-model-3';
  return rates ? 'sentigon-model-2' : 'sentigon-model-1';
}

function bytesOf(array: Float32Array | Float64Array | Uint16Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Padded with spaces to 8 bytes, as the reference writer does, so that tensors lie aligned in the file. */
function headerBytes(header: Header): Uint8Array {
  const json = JSON.stringify({ __metadata__: header.metadata, ...header.entries });
  const bytes = new TextEncoder().encode(json);
  const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8).fill(0x20);
  padded.set(bytes);
  return padded;
}

async function contentHash(header: Header, data: Uint8Array): Promise<string> {
  const head = headerBytes(header);
  const content = new Uint8Array(head.length + data.length);
  content.set(head);
  content.set(data, head.length);
  const digest = await globalThis.crypto.subtle.digest('SHA-256', content);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function split(bytes: Uint8Array, name: string): { header: Header; data: Uint8Array } {
  if (bytes.length < 8) throw truncated(name, bytes.length, 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const foreign = `${name} is not a safetensors file: name a model written by sentigon train`;
  if (length > MAX_HEADER_BYTES || (bytes.length > 8 && bytes[8] !== 0x7b))
    throw new WeightsError(foreign, { code: 'SEN_WGT_NOT_OURS' });
  if (bytes.length < 8 + length) throw truncated(name, bytes.length, 8 + length);
  const header = parseHeader(bytes.subarray(8, 8 + length), foreign);
  const end = Math.max(0, ...Object.values(header.entries).map((entry) => entry.data_offsets[1]));
  if (bytes.length < 8 + length + end) throw truncated(name, bytes.length, 8 + length + end);
  return { header, data: bytes.subarray(8 + length, 8 + length + end) };
}

function truncated(name: string, found: number, expected: number): WeightsError {
  return new WeightsError(
    `${name} is truncated: ${found} bytes of at least ${expected}: copy or train it again`,
    { code: 'SEN_WGT_TRUNCATED' },
  );
}

function parseHeader(bytes: Uint8Array, foreign: string): Header {
  try {
    const { __metadata__: metadata, ...entries } = JSON.parse(new TextDecoder().decode(bytes));
    for (const entry of Object.values<Entry>(entries)) {
      if (entry.data_offsets.length !== 2 || !entry.data_offsets.every(Number.isInteger))
        throw new TypeError('offsets');
    }
    return { metadata: metadata ?? {}, entries };
  } catch (cause) {
    throw new WeightsError(foreign, { code: 'SEN_WGT_NOT_OURS', cause });
  }
}

function readTensors(entries: Header['entries'], data: Uint8Array, name: string): Model['tensors'] {
  const tensors: Record<string, ModelTensor> = {};
  for (const [key, entry] of Object.entries(entries)) {
    if (key === CALIBRATION) continue;
    const { shape } = entry;
    tensors[key] =
      entry.dtype === 'F16'
        ? {
            shape,
            half: true,
            data: fromHalf(new Uint16Array(cells(key, entry, 'F16', data, name))),
          }
        : { shape, data: new Float32Array(cells(key, entry, 'F32', data, name)) };
  }
  return tensors;
}

function readCalibration(entries: Header['entries'], data: Uint8Array, name: string): Float64Array {
  const entry = entries[CALIBRATION];
  if (!entry)
    throw new WeightsError(`${name} lacks the tensor ${CALIBRATION}: train it again`, {
      code: 'SEN_WGT_DESIGN',
    });
  return new Float64Array(cells(CALIBRATION, entry, 'F64', data, name));
}

/** A copy, because the file's bytes need not be aligned; a Buffer's own `slice` would not copy. */
function cells(
  key: string,
  entry: Entry,
  dtype: keyof typeof BYTES,
  data: Uint8Array,
  name: string,
): ArrayBuffer {
  const count = entry.shape.reduce((product, size) => product * size, 1);
  const [start, end] = entry.data_offsets;
  if (entry.dtype !== dtype || end - start !== count * BYTES[dtype]) {
    throw new WeightsError(
      `${name}: tensor ${key} is ${entry.dtype} of ${end - start} bytes, expected ${dtype} of shape ${entry.shape.join('x')}`,
      { code: 'SEN_WGT_DESIGN' },
    );
  }
  return new Uint8Array(data.subarray(start, end)).buffer;
}
