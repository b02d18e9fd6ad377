/**
 * The part of Python's pickle that tensors need, interpreted and never executed: containers, numbers, strings, and calls
 * of the few functions that the caller knows. Everything else is refused by its name.
 * Format: CPython's Lib/pickletools.py.
 */

import type { Fail } from "./zip.ts";

/** Lists and tuples are arrays, dicts are maps; what calls and persistent ids make is the caller's. */
export type Pickled = null | boolean | number | string | readonly Pickled[] | Map<Pickled, Pickled> | object;

export interface World {
  /** What `module.name` stands for; undefined refuses it. */
  find(name: string): object | undefined;
  /** What calling a global gives. */
  call(global: object, given: readonly Pickled[]): Pickled;
  /** What a persistent id stands for (PyTorch: a storage). */
  load(id: Pickled): Pickled;
}

const stop = 0x2e;
const opcodes = {
  PROTO: 0x80,
  FRAME: 0x95,
  MARK: 0x28,
  NONE: 0x4e,
  NEWTRUE: 0x88,
  NEWFALSE: 0x89,
  BININT: 0x4a,
  BININT1: 0x4b,
  BININT2: 0x4d,
  LONG1: 0x8a,
  BINFLOAT: 0x47,
  BINUNICODE: 0x58,
  SHORT_BINUNICODE: 0x8c,
  EMPTY_LIST: 0x5d,
  APPEND: 0x61,
  APPENDS: 0x65,
  EMPTY_TUPLE: 0x29,
  TUPLE: 0x74,
  TUPLE1: 0x85,
  TUPLE2: 0x86,
  TUPLE3: 0x87,
  EMPTY_DICT: 0x7d,
  SETITEM: 0x73,
  SETITEMS: 0x75,
  GLOBAL: 0x63,
  STACK_GLOBAL: 0x93,
  REDUCE: 0x52,
  BUILD: 0x62,
  BINPUT: 0x71,
  LONG_BINPUT: 0x72,
  MEMOIZE: 0x94,
  BINGET: 0x68,
  LONG_BINGET: 0x6a,
  BINPERSID: 0x51,
} as const;

/** @throws what `fail` throws, for a damaged pickle and for one that wants more than `world` has */
export function unpickle(bytes: Uint8Array, world: World, fail: Fail): Pickled {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = new TextDecoder("utf-8", { fatal: true });
  const stack: Pickled[] = [];
  const marks: number[] = [];
  const memo = new Map<number, Pickled>();
  let at = 0;

  const broken = (): never => fail("has a damaged pickle");
  const skip = (n: number) => {
    at += n;
    if (at > bytes.byteLength) broken();
    return at - n;
  };
  const string = (n: number) => {
    const start = skip(n);
    try {
      return text.decode(bytes.subarray(start, at));
    } catch {
      return broken();
    }
  };
  const line = () => {
    const end = bytes.indexOf(10, at);
    return end < 0 ? broken() : string(end + 1 - at).slice(0, -1);
  };
  const floor = () => marks[marks.length - 1] ?? 0;
  const pop = (): Pickled => {
    const value = stack.length > floor() ? stack.pop() : broken();
    return value === undefined ? broken() : value;
  };
  const top = (): Pickled => (stack.length > floor() ? stack[stack.length - 1] : broken());
  const sinceMark = () => stack.splice(marks.pop() ?? broken());
  const tuple = (n: number) => {
    const values = Array.from({ length: n }, pop);
    stack.push(values.reverse());
  };
  const write = (items: readonly Pickled[]) => {
    const target = top();
    if (!(target instanceof Map) || items.length % 2 === 1) return broken();
    for (let i = 0; i < items.length; i += 2) target.set(items[i], items[i + 1]);
  };
  const append = (items: readonly Pickled[]) => {
    const target = top();
    if (!Array.isArray(target)) return broken();
    for (const item of items) target.push(item);
  };
  const global = (name: string) =>
    stack.push(world.find(name) ?? fail(`calls ${name}, which no tensor needs, so it is refused`));
  const recall = (key: number) => stack.push(memo.has(key) ? (memo.get(key) as Pickled) : broken());
  const long = (n: number): number => {
    if (n > 8) fail(`has a number of ${n} bytes`);
    const start = skip(n);
    let value = 0n;
    for (let i = 0; i < n; i++) value |= BigInt(bytes[start + i]) << BigInt(8 * i);
    return Number(BigInt.asIntN(Math.max(1, 8 * n), value));
  };

  const operations: Readonly<Record<keyof typeof opcodes, () => unknown>> = {
    PROTO: () => skip(1),
    FRAME: () => skip(8),
    MARK: () => marks.push(stack.length),
    NONE: () => stack.push(null),
    NEWTRUE: () => stack.push(true),
    NEWFALSE: () => stack.push(false),
    BININT: () => stack.push(view.getInt32(skip(4), true)),
    BININT1: () => stack.push(view.getUint8(skip(1))),
    BININT2: () => stack.push(view.getUint16(skip(2), true)),
    LONG1: () => stack.push(long(view.getUint8(skip(1)))),
    BINFLOAT: () => stack.push(view.getFloat64(skip(8))),
    BINUNICODE: () => stack.push(string(view.getUint32(skip(4), true))),
    SHORT_BINUNICODE: () => stack.push(string(view.getUint8(skip(1)))),
    EMPTY_LIST: () => stack.push([]),
    APPEND: () => append([pop()]),
    APPENDS: () => append(sinceMark()),
    EMPTY_TUPLE: () => stack.push([]),
    TUPLE: () => stack.push(sinceMark()),
    TUPLE1: () => tuple(1),
    TUPLE2: () => tuple(2),
    TUPLE3: () => tuple(3),
    EMPTY_DICT: () => stack.push(new Map()),
    SETITEM: () => {
      const value = pop();
      write([pop(), value]);
    },
    SETITEMS: () => write(sinceMark()),
    GLOBAL: () => {
      const module = line();
      global(`${module}.${line()}`);
    },
    STACK_GLOBAL: () => {
      const name = pop();
      global(`${pop()}.${name}`);
    },
    REDUCE: () => {
      const given = pop();
      const called = pop();
      if (!Array.isArray(given) || typeof called !== "object" || called === null) return broken();
      return stack.push(world.call(called, given));
    },
    // Gives an object attributes, such as a state dict's _metadata: nobody reads them.
    BUILD: () => pop(),
    BINPUT: () => memo.set(view.getUint8(skip(1)), top()),
    LONG_BINPUT: () => memo.set(view.getUint32(skip(4), true), top()),
    MEMOIZE: () => memo.set(memo.size, top()),
    BINGET: () => recall(view.getUint8(skip(1))),
    LONG_BINGET: () => recall(view.getUint32(skip(4), true)),
    BINPERSID: () => stack.push(world.load(pop())),
  };
  const byCode = new Map<number, () => unknown>(
    Object.entries(opcodes).map(([name, code]) => [code, operations[name as keyof typeof opcodes]]),
  );

  for (;;) {
    const code = bytes[skip(1)];
    if (code === stop) return pop();
    const operation = byCode.get(code);
    if (!operation) fail(`uses the pickle's operation 0x${code.toString(16)}, which no tensor needs`);
    operation();
  }
}
