import { type DType, dtype_of_storage, is_dtype } from "../tensor.ts";

/** What a pickle may call; nothing of it ever is, the reader makes the data itself. */
export type Maker =
  | "dictionary"
  | "counter"
  | "set"
  | "list"
  | "bytes"
  | "bytearray"
  | "device"
  | "parameter"
  | "tensor"
  | "tensor of a dtype";

/** What a pickle names: one of those, a dtype, or the numbers of a storage. */
export class Global {
  readonly name: string;
  readonly maker?: Maker;
  readonly dtype?: DType;
  /** The dtype of a storage, or that its numbers are still bytes. */
  readonly storage?: DType | "bytes";

  constructor(name: string, kind: Pick<Global, "maker" | "dtype" | "storage">) {
    this.name = name;
    Object.assign(this, kind);
  }
}

const MAKERS: ReadonlyMap<string, Maker> = new Map([
  ["collections.OrderedDict", "dictionary"],
  ["collections.Counter", "counter"],
  ["__builtin__.set", "set"],
  ["builtins.set", "set"],
  ["torch.Size", "list"],
  ["_codecs.encode", "bytes"],
  ["__builtin__.bytearray", "bytearray"],
  ["builtins.bytearray", "bytearray"],
  ["torch.device", "device"],
  ["torch._utils._rebuild_parameter", "parameter"],
  ["torch._utils._rebuild_tensor_v2", "tensor"],
  ["torch._utils._rebuild_tensor_v3", "tensor of a dtype"],
]);

/** The storages of numbers that JavaScript has no arrays for. */
const OTHER_STORAGES: ReadonlyMap<string, string> = new Map([
  ["torch.ComplexFloatStorage", "complex64"],
  ["torch.ComplexDoubleStorage", "complex128"],
  ["torch.QInt8Storage", "qint8"],
  ["torch.QUInt8Storage", "quint8"],
  ["torch.QInt32Storage", "qint32"],
  ["torch.QUInt4x2Storage", "quint4x2"],
  ["torch.QUInt2x4Storage", "quint2x4"],
]);
const OTHER_DTYPE = /^(float(4|8)_|complex|q?u?int|bits)/;

/** What stands under a name, if it is one of those that are known here; else why it is not. */
export function find_global(module: string, name: string): Global | { refused: string } {
  const path = `${module}.${name}`;
  const maker = MAKERS.get(path);
  if (maker) return new Global(path, { maker });
  if (path === "torch.storage.UntypedStorage") return new Global(path, { storage: "bytes" });
  if (module === "torch") {
    const storage = dtype_of_storage(name);
    if (storage) return new Global(path, { storage });
    if (is_dtype(name)) return new Global(path, { dtype: name });
  }
  return { refused: reason(module, name) };
}

/** Completes the sentence "the pickle names …". */
function reason(module: string, name: string): string {
  const path = `${module}.${name}`;
  const other = OTHER_STORAGES.get(path) ?? (module === "torch" && OTHER_DTYPE.test(name) && name);
  if (other) return "which is a dtype that JavaScript has no numbers for: convert it before saving";
  if (module.startsWith("numpy")) {
    return "which makes numpy's scalars and arrays: save x.item(), or torch.from_numpy(x)";
  }
  return (
    "which is none of the data that is read here, and nothing is ever called: " +
    "save state_dict()s, tensors, numbers, texts, lists and dictionaries"
  );
}
