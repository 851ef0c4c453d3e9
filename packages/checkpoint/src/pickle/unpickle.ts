import type { Budget } from "../budget.ts";
import { CheckpointError, shown } from "../checkpoint_error.ts";
import { view_of } from "../zip/format.ts";
import { find_global, Global } from "./globals.ts";
import { make } from "./make.ts";
import { is_count, Storage } from "./values.ts";

/** What a pickle says: data, whose tensors have no numbers yet. */
export type Pickled = unknown;

/** About how many bytes a container takes, and each of its items. */
const CONTAINER = 64;
const DICTIONARY = 160;
const ITEM = 16;
const LONGEST_WHOLE = 128;
const NEWLINE = 10;
const NEWEST_PROTOCOL = 5;
const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a pickle as PyTorch writes it, by the opcodes of the protocols 2 to 5 that data need. It
 * knows a few names and calls none of them. Dictionaries are `Map`s.
 *
 * Source: CPython, Lib/pickletools.py, which says what each opcode does.
 *
 * @param begin - Where the pickle is in the file.
 */
export function unpickle(bytes: Uint8Array<ArrayBuffer>, begin: number, budget: Budget): Pickled {
  return new Unpickler(bytes, begin, budget).run();
}

class Unpickler {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #begin: number;
  readonly #budget: Budget;
  readonly #stack: unknown[] = [];
  /** How high the stack was at each mark that was not taken yet. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, unknown>();
  #at = 0;
  /** Where the opcode is that is at work. */
  #opcode = 0;

  constructor(bytes: Uint8Array<ArrayBuffer>, begin: number, budget: Budget) {
    this.#bytes = bytes;
    this.#view = view_of(bytes);
    this.#begin = begin;
    this.#budget = budget;
  }

  run(): Pickled {
    for (;;) {
      this.#opcode = this.#at;
      const opcode = this.#byte();
      if (opcode === STOP) return this.#end();
      const work = OPCODES[opcode];
      if (!work) {
        this.#fail(
          `0x${opcode.toString(16).padStart(2, "0")} is no opcode that a file of PyTorch has`,
        );
      }
      work(this);
    }
  }

  #end(): Pickled {
    const value = this.pop();
    if (this.#stack.length > 0) this.#fail("the pickle must end with one value");
    if (this.#at < this.#bytes.length) this.#fail("the pickle must end where its entry does");
    return value;
  }

  #fail(sentence: string): never {
    throw new CheckpointError(this.#begin + this.#opcode, sentence);
  }

  /** Refuses the opcode at work unless this is so. */
  check(is_so: boolean, sentence: string): asserts is_so {
    if (!is_so) this.#fail(sentence);
  }

  get place(): number {
    return this.#begin + this.#opcode;
  }

  take_memory(bytes: number): void {
    this.#budget.take(bytes, this.place);
  }

  // What follows an opcode.

  /** Where the next so many bytes begin. */
  #next(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) this.#fail("the pickle must not end within an opcode");
    this.#at = at + length;
    return at;
  }

  #byte(): number {
    return this.#bytes[this.#next(1)];
  }

  /** A whole number of 1, 2, 4 or 8 bytes. */
  count(length: number): number {
    const at = this.#next(length);
    if (length === 1) return this.#bytes[at];
    if (length === 2) return this.#view.getUint16(at, true);
    if (length === 4) return this.#view.getUint32(at, true);
    const large = this.#view.getBigUint64(at, true);
    this.check(large <= this.#bytes.length, `a length must be within the pickle, got ${large}`);
    return Number(large);
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    const at = this.#next(length);
    return this.#bytes.subarray(at, at + length);
  }

  signed(): number {
    return this.#view.getInt32(this.#next(4), true);
  }

  float(): number {
    return this.#view.getFloat64(this.#next(8), false);
  }

  text(length: number): string {
    const bytes = this.bytes(length);
    this.take_memory(length);
    try {
      return UTF_8.decode(bytes);
    } catch {
      return this.#fail("a text must be UTF-8");
    }
  }

  line(): string {
    const end = this.#bytes.indexOf(NEWLINE, this.#at);
    this.check(end >= 0, "a name must end with its line");
    const text = this.text(end - this.#at);
    this.#at = end + 1;
    return text;
  }

  /** A whole number in two's complement, lowest byte first; one that is not exact is a bigint. */
  whole(length: number): number | bigint {
    this.check(length <= LONGEST_WHOLE, `a whole number must have at most ${LONGEST_WHOLE} bytes`);
    const bytes = this.bytes(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
    if (length > 0) value = BigInt.asIntN(8 * length, value);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  // The stack.

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    const floor = this.#marks.at(-1) ?? 0;
    this.check(this.#stack.length > floor, "a value must be on the stack");
    return this.#stack.pop();
  }

  top(): unknown {
    const floor = this.#marks.at(-1) ?? 0;
    this.check(this.#stack.length > floor, "a value must be on the stack");
    return this.#stack[this.#stack.length - 1];
  }

  /** The last so many, oldest first. */
  several(count: number): unknown[] {
    const values = Array.from({ length: count }, () => this.pop());
    return values.reverse();
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** All since the last mark. */
  marked(): unknown[] {
    const mark = this.#marks.pop();
    this.check(mark !== undefined, "a mark must be on the stack");
    return this.#stack.splice(mark);
  }

  // What values are made of.

  list(items: unknown[]): unknown[] {
    this.take_memory(CONTAINER + ITEM * items.length);
    return items;
  }

  dictionary(items: readonly unknown[] = []): Map<unknown, unknown> {
    this.take_memory(DICTIONARY);
    const map = new Map<unknown, unknown>();
    this.add_items(map, items);
    return map;
  }

  set(): Set<unknown> {
    this.take_memory(DICTIONARY);
    return new Set();
  }

  append(items: readonly unknown[]): void {
    const list = this.top();
    this.check(Array.isArray(list), "a list must be on the stack");
    this.take_memory(ITEM * items.length);
    for (const item of items) list.push(item);
  }

  add(items: readonly unknown[]): void {
    const set = this.top();
    this.check(set instanceof Set, "a set must be on the stack");
    this.take_memory(2 * ITEM * items.length);
    for (const item of items) set.add(item);
  }

  set_items(items: readonly unknown[]): void {
    const map = this.top();
    this.check(map instanceof Map, "a dictionary must be on the stack");
    this.add_items(map, items);
  }

  add_items(map: Map<unknown, unknown>, items: readonly unknown[]): void {
    this.check(items.length % 2 === 0, "a dictionary must have a value for each key");
    this.take_memory(2 * ITEM * items.length);
    for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1]);
  }

  // What it remembers.

  remember(index = this.#memo.size): void {
    this.take_memory(ITEM);
    this.#memo.set(index, this.top());
  }

  recall(index: number): void {
    this.check(this.#memo.has(index), `nothing was remembered under ${index}`);
    this.push(this.#memo.get(index));
  }

  // What it names.

  global(module: unknown, name: unknown): void {
    this.check(typeof module === "string" && typeof name === "string", "a name must be a text");
    const found = find_global(module, name);
    if (!(found instanceof Global)) {
      this.#fail(`the pickle names ${shown(`${module}.${name}`)}, ${found.refused}`);
    }
    this.push(found);
  }

  call(): void {
    const [global, args] = this.several(2);
    this.check(global instanceof Global && Array.isArray(args), "only what is named can be made");
    this.push(make(this, global, args));
  }

  /** Takes up what else an object has. Of an OrderedDict that is notes of modules, which are no data. */
  build(): void {
    this.pop();
    this.check(this.top() instanceof Map, "only a dictionary may have attributes");
  }

  /** What PyTorch says of a storage: ("storage", its class, its entry, its place, its length). */
  storage(): void {
    const id = this.pop();
    this.check(Array.isArray(id) && id.length === 5, "a storage must be told by five things");
    const [word, kind, key, , count] = id;
    this.check(word === "storage" && kind instanceof Global, "a storage must be told by its class");
    const { storage: dtype } = kind;
    this.check(dtype !== undefined, "a storage must be told by its class");
    this.check(typeof key === "string", "a storage must be told by its entry");
    this.check(is_count(count), "a storage must have a length");
    this.take_memory(CONTAINER);
    this.push(new Storage(key, dtype, count, this.place));
  }

  frame(): void {
    const length = this.count(8);
    const left = this.#bytes.length - this.#at;
    this.check(
      length <= left,
      `a frame must end within the pickle, got ${length} bytes of ${left}`,
    );
  }

  protocol(): void {
    const protocol = this.count(1);
    this.check(protocol <= NEWEST_PROTOCOL, `the protocol must be at most 5, got ${protocol}`);
  }
}

export type { Unpickler };

const STOP = 0x2e;

/** What each opcode does. Those of the text protocols, which PyTorch never wrote, are none. */
const OPCODES: Readonly<Record<number, (vm: Unpickler) => void>> = {
  40: (vm) => vm.mark(), // MARK
  41: (vm) => vm.push(vm.list([])), // EMPTY_TUPLE
  48: (vm) => vm.pop(), // POP
  49: (vm) => vm.marked(), // POP_MARK
  50: (vm) => vm.push(vm.top()), // DUP
  66: (vm) => vm.push(vm.bytes(vm.count(4))), // BINBYTES
  67: (vm) => vm.push(vm.bytes(vm.count(1))), // SHORT_BINBYTES
  71: (vm) => vm.push(vm.float()), // BINFLOAT
  74: (vm) => vm.push(vm.signed()), // BININT
  75: (vm) => vm.push(vm.count(1)), // BININT1
  77: (vm) => vm.push(vm.count(2)), // BININT2
  78: (vm) => vm.push(null), // NONE
  81: (vm) => vm.storage(), // BINPERSID
  82: (vm) => vm.call(), // REDUCE
  84: (vm) => vm.push(vm.text(vm.count(4))), // BINSTRING
  85: (vm) => vm.push(vm.text(vm.count(1))), // SHORT_BINSTRING
  88: (vm) => vm.push(vm.text(vm.count(4))), // BINUNICODE
  93: (vm) => vm.push(vm.list([])), // EMPTY_LIST
  97: (vm) => vm.append([vm.pop()]), // APPEND
  98: (vm) => vm.build(), // BUILD
  99: (vm) => vm.global(vm.line(), vm.line()), // GLOBAL
  100: (vm) => vm.push(vm.dictionary(vm.marked())), // DICT
  101: (vm) => vm.append(vm.marked()), // APPENDS
  104: (vm) => vm.recall(vm.count(1)), // BINGET
  106: (vm) => vm.recall(vm.count(4)), // LONG_BINGET
  108: (vm) => vm.push(vm.list(vm.marked())), // LIST
  113: (vm) => vm.remember(vm.count(1)), // BINPUT
  114: (vm) => vm.remember(vm.count(4)), // LONG_BINPUT
  115: (vm) => vm.set_items(vm.several(2)), // SETITEM
  116: (vm) => vm.push(vm.list(vm.marked())), // TUPLE
  117: (vm) => vm.set_items(vm.marked()), // SETITEMS
  125: (vm) => vm.push(vm.dictionary()), // EMPTY_DICT
  128: (vm) => vm.protocol(), // PROTO
  129: (vm) => vm.call(), // NEWOBJ
  133: (vm) => vm.push(vm.list(vm.several(1))), // TUPLE1
  134: (vm) => vm.push(vm.list(vm.several(2))), // TUPLE2
  135: (vm) => vm.push(vm.list(vm.several(3))), // TUPLE3
  136: (vm) => vm.push(true), // NEWTRUE
  137: (vm) => vm.push(false), // NEWFALSE
  138: (vm) => vm.push(vm.whole(vm.count(1))), // LONG1
  139: (vm) => vm.push(vm.whole(vm.count(4))), // LONG4
  140: (vm) => vm.push(vm.text(vm.count(1))), // SHORT_BINUNICODE
  141: (vm) => vm.push(vm.text(vm.count(8))), // BINUNICODE8
  142: (vm) => vm.push(vm.bytes(vm.count(8))), // BINBYTES8
  143: (vm) => vm.push(vm.set()), // EMPTY_SET
  144: (vm) => vm.add(vm.marked()), // ADDITEMS
  145: (vm) => vm.push(new Set(vm.list(vm.marked()))), // FROZENSET
  147: (vm) => vm.global(...(vm.several(2) as [unknown, unknown])), // STACK_GLOBAL
  148: (vm) => vm.remember(), // MEMOIZE
  149: (vm) => vm.frame(), // FRAME
  150: (vm) => vm.push(vm.bytes(vm.count(8))), // BYTEARRAY8
};
