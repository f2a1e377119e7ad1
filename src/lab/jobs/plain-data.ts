// Plain data as text, including typed arrays and the numbers that JSON lacks.

const ARRAYS = { Float32Array, Float64Array, Int32Array, Uint8Array } as const;
type ArrayName = keyof typeof ARRAYS;

/** The only key of an object that encodes a value JSON lacks; tasks do not use it. */
const MARK = '$';

export function encodePlain(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'number' && !Number.isFinite(part)) return { [MARK]: String(part) };
    return ArrayBuffer.isView(part) ? { [MARK]: arrayText(part) } : part;
  });
}

export function decodePlain(text: string): unknown {
  return JSON.parse(text, (_, part: unknown) => {
    const marked = (part as { readonly [MARK]?: unknown } | null)?.[MARK];
    return typeof marked === 'string' ? unmarked(marked) : part;
  });
}

/** Machines that run Node are little-endian. */
function arrayText(view: ArrayBufferView): string {
  const name = view.constructor.name;
  if (!(name in ARRAYS)) throw new TypeError(`${name} is not plain data`);
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  return `${name}:${bytes.toString('base64')}`;
}

function unmarked(text: string): unknown {
  const at = text.indexOf(':');
  if (at < 0) return Number(text);
  const bytes = Uint8Array.from(Buffer.from(text.slice(at + 1), 'base64')); // aligned, with a buffer of its own
  return new ARRAYS[text.slice(0, at) as ArrayName](bytes.buffer);
}
