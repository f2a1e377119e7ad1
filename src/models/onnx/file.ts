// Writes a graph as an ONNX file. The numbers of fields are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto,
// their encoding that of https://protobuf.dev/programming-guides/encoding/.
import type { Attribute, Initializer, NamedValue, Node, OnnxGraph } from './graph.ts';

/** The oldest set that has layer normalisation, and the file version that came with it. */
const OPSET = 17;
const IR_VERSION = 8;

/** TensorProto.DataType */
const FLOAT = 1;
const INT64 = 7;

/** AttributeProto.AttributeType */
const FLOAT_ATTRIBUTE = 1;
const INT_ATTRIBUTE = 2;
const INTS_ATTRIBUTE = 7;

/** ModelProto. Equal graphs and metadata give equal bytes. */
export function onnxFile(
  graph: OnnxGraph,
  metadata: Readonly<Record<string, string>>,
  producerVersion: string,
): Uint8Array {
  return joined([
    integerField(1, IR_VERSION),
    textField(2, 'sentigon'),
    textField(3, producerVersion),
    textField(6, graph.description),
    bytesField(7, ...graphFields(graph)),
    bytesField(8, textField(1, ''), integerField(2, OPSET)),
    ...Object.entries(metadata).map(([key, value]) =>
      bytesField(14, textField(1, key), textField(2, value)),
    ),
  ]);
}

/** GraphProto */
function graphFields({ name, nodes, initializers, inputs, outputs }: OnnxGraph) {
  return [
    ...nodes.map((node) => bytesField(1, ...nodeFields(node))),
    textField(2, name),
    ...initializers.map((initializer) => bytesField(5, ...tensorFields(initializer))),
    ...inputs.map((value) => bytesField(11, ...valueFields(value))),
    ...outputs.map((value) => bytesField(12, ...valueFields(value))),
  ];
}

/** NodeProto; named as what it makes. */
function nodeFields({ type, inputs, output, attributes }: Node) {
  return [
    ...inputs.map((input) => textField(1, input)),
    textField(2, output),
    textField(3, output),
    textField(4, type),
    ...Object.entries(attributes).map(([name, value]) =>
      bytesField(5, textField(1, name), ...attributeFields(value)),
    ),
  ];
}

/** AttributeProto */
function attributeFields(value: Attribute): readonly Uint8Array[] {
  if (typeof value === 'number') return [integerField(3, value), integerField(20, INT_ATTRIBUTE)];
  if ('float' in value) return [floatField(2, value.float), integerField(20, FLOAT_ATTRIBUTE)];
  return [...value.map((item) => integerField(8, item)), integerField(20, INTS_ATTRIBUTE)];
}

/** TensorProto; its bytes are little endian, as all machines that Node runs on are. */
function tensorFields({ name, shape, data }: Initializer) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return [
    ...shape.map((length) => integerField(1, length)),
    integerField(2, data instanceof Float32Array ? FLOAT : INT64),
    textField(8, name),
    bytesField(9, bytes),
  ];
}

/** ValueInfoProto with TypeProto.Tensor and its TensorShapeProto */
function valueFields({ name, shape }: NamedValue) {
  const axes = shape.map((length) =>
    bytesField(1, typeof length === 'number' ? integerField(1, length) : textField(2, length)),
  );
  const tensor = bytesField(1, integerField(1, FLOAT), bytesField(2, ...axes));
  return [textField(1, name), bytesField(2, tensor)];
}

/** Kinds of fields; what follows a tag depends on it. */
const VARINT = 0;
const BYTES = 2;
const FIXED_32 = 5;

/** An int64, also a negative one. */
function integerField(number: number, value: number): Uint8Array {
  return joined([tag(number, VARINT), varint(BigInt.asUintN(64, BigInt(value)))]);
}

function floatField(number: number, value: number): Uint8Array {
  const cells = new Uint8Array(4);
  new DataView(cells.buffer).setFloat32(0, value, true);
  return joined([tag(number, FIXED_32), cells]);
}

function textField(number: number, value: string): Uint8Array {
  return bytesField(number, new TextEncoder().encode(value));
}

/** Bytes, or the fields of a message that lies within. */
function bytesField(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return joined([tag(number, BYTES), varint(BigInt(length)), ...parts]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function tag(number: number, kind: number): Uint8Array {
  return varint(BigInt((number << 3) | kind));
}

/** Seven bits a byte, lowest first; the eighth says that more follow. */
function varint(value: bigint): Uint8Array {
  const cells: number[] = [];
  let rest = value;
  while (rest > 0x7fn) {
    cells.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Uint8Array.of(...cells, Number(rest));
}
