/** What is done while a pointer is held down. */
export interface Following {
  /** How far it has gone, in pixels, from where it was pressed. Called once a frame at most. */
  move(dx: number, dy: number, event: PointerEvent): void;
  end(event: PointerEvent): void;
  /** It was called off, with Escape or by the browser. */
  cancel(): void;
}

/** Follows a pointer from where it is pressed until it is let go. */
export function followPointer(down: PointerEvent, { move, end, cancel }: Following): void {
  const target = down.currentTarget as Element;
  const over = new AbortController();
  let latest: PointerEvent | undefined;
  let frame = 0;

  const flush = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    const event = latest;
    latest = undefined;
    if (event) move(event.clientX - down.clientX, event.clientY - down.clientY, event);
  };
  const stop = (finish: () => void) => {
    over.abort();
    cancelAnimationFrame(frame);
    if (target.hasPointerCapture(down.pointerId)) target.releasePointerCapture(down.pointerId);
    finish();
  };
  const on = (name: string, handle: (event: never) => void, place: EventTarget = target) =>
    place.addEventListener(name, handle as EventListener, { signal: over.signal, capture: true });

  target.setPointerCapture(down.pointerId);
  on("pointermove", (event: PointerEvent) => {
    latest = event;
    if (frame === 0) frame = requestAnimationFrame(flush);
  });
  on("pointerup", (event: PointerEvent) => {
    flush();
    stop(() => end(event));
  });
  on("pointercancel", () => stop(cancel));
  on(
    "keydown",
    (event: KeyboardEvent) => {
      if (event.key === "Escape") stop(cancel);
    },
    window,
  );
}
