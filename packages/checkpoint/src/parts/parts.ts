import type { CheckpointParts } from "../checkpoint.ts";
import { shown } from "../checkpoint_error.ts";
import type { Tensor } from "../tensor.ts";
import { type OptimizerParts, optimizer_parts } from "./optimizer_parts.ts";
import { dotted, is_object, refuse } from "./refuse.ts";
import { tensor_of } from "./tensor_of.ts";

/** What a checkpoint is written from: all tensors with their shapes, all states as data. */
export interface Parts {
  readonly model: ReadonlyMap<string, Tensor> | undefined;
  readonly optimizer: OptimizerParts | undefined;
  readonly scheduler: Readonly<Record<string, unknown>> | undefined;
  readonly extra: Readonly<Record<string, unknown>> | undefined;
}

const PARTS: readonly string[] = ["model", "optimizer", "scheduler", "extra"];

/** Checks what is to be written; `owner` begins the sentence that refuses it. */
export function parts_of(owner: string, given: CheckpointParts): Parts {
  check_keys(owner, given);
  const { model, optimizer, scheduler, extra } = given;
  const tensors = model && model_parts(`${owner}: model`, model);
  return {
    model: tensors,
    optimizer: optimizer && optimizer_parts(`${owner}: optimizer`, optimizer, tensors ?? new Map()),
    scheduler: scheduler && state_of(`${owner}: scheduler`, scheduler),
    extra: extra && object_of(`${owner}: extra`, extra),
  };
}

function check_keys(owner: string, given: object): void {
  if (!is_object(given)) refuse(owner, "given { model, optimizer, scheduler, extra }", given);
  const stranger = Object.keys(given).find((key) => !PARTS.includes(key));
  if (stranger === undefined) return;
  throw new TypeError(
    `${owner}: ${shown(stranger)} is none of ${PARTS.join(", ")}; what else there is belongs into extra`,
  );
}

function object_of(path: string, value: unknown): Readonly<Record<string, unknown>> {
  return is_object(value) ? value : refuse(path, "an object", value);
}

function model_parts(path: string, model: object): Map<string, Tensor> {
  if (!is_object(model)) refuse(path, "an object of tensors by their names", model);
  return new Map(
    Object.entries(model).map(([name, values]) => [name, tensor_of(dotted(path, name), values)]),
  );
}

function state_of(path: string, part: object): Parts["scheduler"] {
  const { state_dict } = Object(part);
  const state: unknown = typeof state_dict === "function" ? state_dict.call(part) : part;
  return is_object(state) ? state : refuse(path, "a scheduler or its state_dict()", state);
}
