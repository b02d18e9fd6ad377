/** PyTorch's checkpoints (since version 1.6): a zip with a pickle that names tensors, and a file for each storage. */

import { open } from "node:fs/promises";
import { messageOf } from "@optogram/artifacts";
import type { DataType, NumericArray, Tensor } from "@optogram/onnx";
import { byteLengthOf, dataTypes, sizeOf } from "@optogram/onnx";
import { EncoderError } from "../error.ts";
import { type Pickled, unpickle, type World } from "./pickle.ts";
import { type Fail, readDirectory, readEntry } from "./zip.ts";

/** A checkpoint's pickle names tensors; one of more is something else. */
const maxPickleBytes = 16 * 2 ** 20;
/** Tensors may share storages, and halves are widened; what asks for more than this times the file is hostile. */
const maxGrowth = 16;

const storages: Readonly<Record<string, DataType>> = {
  DoubleStorage: "float64",
  FloatStorage: "float32",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  LongStorage: "int64",
  IntStorage: "int32",
  ShortStorage: "int16",
  CharStorage: "int8",
  ByteStorage: "uint8",
  BoolStorage: "bool",
};

class Global {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

class Storage {
  readonly dtype: DataType;
  readonly key: string;
  readonly length: number;
  constructor(dtype: DataType, key: string, length: number) {
    this.dtype = dtype;
    this.key = key;
    this.length = length;
  }

  get bytes(): number {
    return byteLengthOf(this.dtype, [this.length]);
  }
}

/** A view of a storage, in elements. */
class View {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/**
 * The tensors of a checkpoint by name, contiguous, in the types that they are stored in. Where it is a dict of dicts,
 * those of `state_dict` or `model`, or of the only one that has tensors.
 * @throws EncoderError for what is damaged, needs code or is no checkpoint
 */
export async function readTorchTensors(path: string): Promise<Record<string, Tensor>> {
  const fail: Fail = (what) => {
    // It may quote the file, which can hold anything.
    const line = what.replaceAll(/\p{Cc}/gu, "?").slice(0, 300);
    throw new EncoderError(
      `${path}: ${line}; save its state dict alone, best as safetensors, or download it again`,
    );
  };
  const file = await open(path).catch((error: unknown) => {
    throw new EncoderError(`${path}: cannot be read: ${messageOf(error)}`, { cause: error });
  });
  try {
    const { size: fileBytes } = await file.stat();
    const start = Buffer.alloc(4);
    await file.read(start, 0, 4, 0);
    if (start.toString("latin1") !== "PK\x03\x04")
      fail("is no checkpoint, or one of PyTorch before 1.6, which is not read");
    const directory = await readDirectory(file, fileBytes, fail);
    const read = async (name: string, most = Number.POSITIVE_INFINITY) => {
      const entry = directory.get(name) ?? fail(`lacks ${name}`);
      if (entry.size > most) fail(`has ${entry.size} bytes in ${name}, more than a checkpoint has`);
      return readEntry(file, fileBytes, name, entry, fail);
    };
    const pickles = [...directory.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
    if (pickles.length !== 1) fail("is a zip archive, but no checkpoint: it has no data.pkl");
    const root = pickles[0].slice(0, -"data.pkl".length);
    const pickle = await read(pickles[0], maxPickleBytes);
    const views = stateDict(unpickle(pickle, worldOf(fail), fail), fail);
    const byStorage = Map.groupBy(views, ([, { storage }]) => `${storage.key} ${storage.dtype}`);
    const asked = views.map(([, { shape }]) => 4 * sizeOf(shape));
    for (const [[, { storage }]] of byStorage.values()) asked.push(storage.bytes);
    const bytes = asked.reduce((a, b) => a + b, 0);
    if (bytes > maxGrowth * fileBytes) fail(`asks for ${bytes} bytes of tensors in a file of ${fileBytes}`);

    const order = directory.has(`${root}byteorder`) ? await read(`${root}byteorder`, 16) : undefined;
    const bigEndian = order !== undefined && new TextDecoder().decode(order) === "big";
    const tensors: Record<string, Tensor> = Object.create(null);
    for (const [name] of views) tensors[name] = unread;
    for (const shared of byStorage.values()) {
      const { storage } = shared[0][1];
      const name = `${root}data/${storage.key}`;
      const size = directory.get(name)?.size ?? 0;
      if (size !== storage.bytes) fail(`has ${size} bytes in storage ${storage.key}, not ${storage.bytes}`);
      const elements = elementsOf(await read(name), storage.dtype, bigEndian);
      for (const [tensor, view] of shared)
        tensors[tensor] = {
          dtype: storage.dtype,
          shape: view.shape,
          data: contiguous(elements, view, tensor, fail),
        };
    }
    return tensors;
  } finally {
    await file.close();
  }
}

/** Keeps the place of a name, so that names stay in the file's order while storages are read one by one. */
const unread: Tensor = { dtype: "float32", shape: [0], data: new Float32Array(0) };

/** The globals that tensors are made of, and what calling them gives. */
function worldOf(fail: Fail): World {
  const known = [
    "collections.OrderedDict",
    "torch._utils._rebuild_tensor_v2",
    "torch._utils._rebuild_parameter",
    ...Object.keys(storages).map((name) => `torch.${name}`),
  ];
  const globals = new Map(known.map((name) => [name, new Global(name)]));
  return {
    find: (name) => globals.get(name),
    call: (global, given) => {
      const name = global instanceof Global ? global.name : "";
      if (name === "collections.OrderedDict" && given.length === 0) return new Map();
      if (name === "torch._utils._rebuild_tensor_v2") {
        const [storage, offset, shape, strides] = given;
        if (storage instanceof Storage && isSize(offset) && isShape(shape) && isShape(strides))
          if (shape.length === strides.length) return new View(storage, offset, shape, strides);
      }
      if (name === "torch._utils._rebuild_parameter" && given[0] instanceof View) return given[0];
      return fail(`calls ${name || "something"} with what is no tensor's`);
    },
    load: (id) => {
      const [kind, type, key, , length] = Array.isArray(id) ? (id as readonly Pickled[]) : [];
      const dtype = type instanceof Global ? storages[type.name.replace("torch.", "")] : undefined;
      if (kind === "storage" && dtype && typeof key === "string" && isSize(length))
        return new Storage(dtype, key, length);
      return fail("refers to something other than a storage");
    },
  };
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isShape = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length <= 16 && value.every(isSize);

/** The named tensors of the dict, or of the dict within that holds the model's. */
function stateDict(root: Pickled, fail: Fail, depth = 0): [string, View][] {
  if (root instanceof Map) {
    const views = [...root].filter(
      (entry): entry is [string, View] => typeof entry[0] === "string" && entry[1] instanceof View,
    );
    if (views.length > 0) return views;
    const dicts = [...root].filter(([, value]) => value instanceof Map);
    const named = ["state_dict", "model"].map((name) => dicts.find(([key]) => key === name));
    const chosen = named.find((dict) => dict) ?? (dicts.length === 1 ? dicts[0] : undefined);
    if (chosen && depth < 4) return stateDict(chosen[1], fail, depth + 1);
  }
  return fail("holds no dict of tensors by name, nor one under state_dict or model");
}

function elementsOf(bytes: Uint8Array<ArrayBuffer>, dtype: DataType, bigEndian: boolean): NumericArray {
  const array = dataTypes[dtype].array as Float32ArrayConstructor;
  const size = array.BYTES_PER_ELEMENT;
  if (bigEndian) for (let at = 0; at < bytes.byteLength; at += size) bytes.subarray(at, at + size).reverse();
  return new array(bytes.buffer);
}

function contiguous(elements: NumericArray, view: View, name: string, fail: Fail): NumericArray {
  const { shape, strides, offset, storage } = view;
  const size = sizeOf(shape);
  const last = shape.reduce((at, n, axis) => at + (n - 1) * strides[axis], offset);
  if (size > 0 && !(last < storage.length && size <= storage.length))
    fail(`places tensor "${name}" [${shape}] outside its storage of ${storage.length}`);
  const dense = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  if (size === 0 || shape.every((n, axis) => n === 1 || strides[axis] === dense[axis]))
    return elements.slice(offset, offset + size);
  const copy = elements.slice(0, size);
  for (let i = 0; i < size; i++) {
    let from = offset;
    for (let axis = 0; axis < shape.length; axis++)
      from += (Math.floor(i / dense[axis]) % shape[axis]) * strides[axis];
    copy[i] = elements[from];
  }
  return copy;
}
