import { refuse } from "../refusal.ts";

/** What a value may have that tells of a promise. */
interface Telling {
  readonly then?: unknown;
  readonly [Symbol.toStringTag]?: string;
}

/** Refuses what is no closure, and an async function before it is called. */
export function check_closure<Closure>(
  owner: string,
  closure: Closure,
): asserts closure is NonNullable<Closure> {
  if (typeof closure !== "function") {
    refuse(`${owner}: closure`, "a function that returns the loss", closure);
  }
  refuse_promise(owner, (closure as Telling)[Symbol.toStringTag] === "AsyncFunction");
}

/** What a closure returns. A promise is refused: its gradients would come after the step. */
export function evaluate<Loss>(owner: string, closure: () => Loss): Loss {
  check_closure(owner, closure);
  const loss = closure();
  refuse_promise(owner, typeof (loss as Telling | null | undefined)?.then === "function");
  return loss;
}

function refuse_promise(owner: string, is_one: boolean): void {
  if (is_one) throw new TypeError(`${owner}: closure must return the loss, got a promise of it`);
}
