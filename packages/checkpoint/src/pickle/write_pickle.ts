import { ByteWriter } from "./byte_writer.ts";

/** Data as a pickle can say it: Python's None, bool, int, float, str, list and dict, and what follows. */
export type Picklable =
  | null
  | boolean
  | number
  | bigint
  | string
  | Picklable[]
  | Map<Picklable, Picklable>
  | Tuple
  | Call
  | Name
  | Persistent;

/** A list that Python cannot change. */
export class Tuple {
  constructor(readonly items: readonly Picklable[]) {}
}

/** Something of a module of Python. */
export class Name {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}
}

/** What Python makes by a call. */
export class Call {
  constructor(
    readonly callable: Name,
    readonly args: readonly Picklable[],
  ) {}
}

/** What stands elsewhere, and is found by this. */
export class Persistent {
  constructor(readonly id: Tuple) {}
}

const UTF_8 = new TextEncoder();
/** Items that are told at once, as Python does. */
const BATCH = 1000;

/** Writes a pickle of protocol 2, as `torch.save` does. */
export function write_pickle(value: Picklable): Uint8Array<ArrayBuffer> {
  return new Pickler().write(value);
}

class Pickler {
  readonly #out = new ByteWriter();
  /** Texts and names that were told, by what is told in their place the next time. */
  readonly #told = new Map<string, number>();

  write(value: Picklable): Uint8Array<ArrayBuffer> {
    this.#out.byte(0x80); // PROTO
    this.#out.byte(2);
    this.#value(value);
    this.#out.byte(0x2e); // STOP
    return this.#out.done();
  }

  #value(value: Picklable): void {
    if (value === null)
      this.#out.byte(0x4e); // NONE
    else if (typeof value === "boolean")
      this.#out.byte(value ? 0x88 : 0x89); // NEWTRUE, NEWFALSE
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "bigint") this.#whole(value);
    else if (typeof value === "string") this.#text(value);
    else if (Array.isArray(value)) this.#list(value);
    else if (value instanceof Map) this.#dictionary(value);
    else this.#object(value);
  }

  #object(value: Tuple | Call | Name | Persistent): void {
    if (value instanceof Tuple) this.#tuple(value.items);
    else if (value instanceof Name) this.#name(value);
    else if (value instanceof Call) {
      this.#name(value.callable);
      this.#tuple(value.args);
      this.#out.byte(0x52); // REDUCE
    } else {
      this.#value(value.id);
      this.#out.byte(0x51); // BINPERSID
    }
  }

  #number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      this.#out.byte(0x47); // BINFLOAT
      this.#out.float64(value);
    } else if (value >= 0 && value < 2 ** 8) {
      this.#out.byte(0x4b); // BININT1
      this.#out.byte(value);
    } else if (value >= 0 && value < 2 ** 16) {
      this.#out.byte(0x4d); // BININT2
      this.#out.uint16(value);
    } else if (value === (value | 0)) {
      this.#out.byte(0x4a); // BININT
      this.#out.int32(value);
    } else this.#whole(BigInt(value));
  }

  /** In two's complement, lowest byte first, with room for the sign. */
  #whole(value: bigint): void {
    const bits = (value < 0n ? -value : value).toString(2).length + 1;
    const length = Math.ceil(bits / 8);
    this.#out.byte(0x8a); // LONG1
    this.#out.byte(length);
    for (let i = 0; i < length; i++) this.#out.byte(Number((value >> BigInt(8 * i)) & 255n));
  }

  #text(text: string): void {
    this.#once(`text ${text}`, () => {
      const bytes = UTF_8.encode(text);
      this.#out.byte(0x58); // BINUNICODE
      this.#out.int32(bytes.length);
      this.#out.bytes(bytes);
    });
  }

  #name({ module, name }: Name): void {
    this.#once(`name ${module} ${name}`, () => {
      this.#out.byte(0x63); // GLOBAL
      this.#out.bytes(UTF_8.encode(`${module}\n${name}\n`));
    });
  }

  /** Tells something the first time, and from then on that it is the same. */
  #once(key: string, tell: () => void): void {
    const known = this.#told.get(key);
    if (known !== undefined) {
      this.#indexed(0x68, 0x6a, known); // BINGET, LONG_BINGET
    } else {
      tell();
      this.#indexed(0x71, 0x72, this.#told.size); // BINPUT, LONG_BINPUT
      this.#told.set(key, this.#told.size);
    }
  }

  #indexed(short: number, long: number, index: number): void {
    if (index < 256) {
      this.#out.byte(short);
      this.#out.byte(index);
    } else {
      this.#out.byte(long);
      this.#out.int32(index);
    }
  }

  #list(items: readonly Picklable[]): void {
    this.#out.byte(0x5d); // EMPTY_LIST
    for (let i = 0; i < items.length; i += BATCH) {
      this.#out.byte(0x28); // MARK
      for (const item of items.slice(i, i + BATCH)) this.#value(item);
      this.#out.byte(0x65); // APPENDS
    }
  }

  #tuple(items: readonly Picklable[]): void {
    this.#out.byte(0x28); // MARK
    for (const item of items) this.#value(item);
    this.#out.byte(0x74); // TUPLE
  }

  #dictionary(map: ReadonlyMap<Picklable, Picklable>): void {
    this.#out.byte(0x7d); // EMPTY_DICT
    const entries = [...map];
    for (let i = 0; i < entries.length; i += BATCH) {
      this.#out.byte(0x28); // MARK
      for (const [key, value] of entries.slice(i, i + BATCH)) {
        this.#value(key);
        this.#value(value);
      }
      this.#out.byte(0x75); // SETITEMS
    }
  }
}
