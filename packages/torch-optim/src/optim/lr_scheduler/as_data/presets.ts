/** The schedule of a system that people copy from. */
export interface Preset {
  /** What it does, in a line. */
  readonly about: string;
  /** Repository, file and commit, or the paper, and when it was read. */
  readonly source: string;
  /** The spec, in the short form: factors of the groups' own values. */
  readonly spec: string;
}

const READ = "read 2026-11-26";

/** The first epochs of YOLOv5: each has 100 batches here, and there are 100 of them. */
const YOLO = { batches: 100, epochs: 100, warmup: 3, lrf: 0.01 };

/** The lr of an epoch of YOLOv5, as a factor: it falls in a line, and holds within the epoch. */
function yolo_factor(epoch: number): number {
  return (1 - epoch / YOLO.epochs) * (1 - YOLO.lrf) + YOLO.lrf;
}

/** Its lr: a warm-up in a line to the lr of each epoch, from a factor of that of the first, then stairs. */
function yolo_lr(start: number): string {
  const { batches, epochs, warmup } = YOLO;
  const phases = Array.from({ length: warmup }, (_, epoch) => {
    const at = (part: number) => start + (part / warmup) * (yolo_factor(epoch) - start);
    const ends = `start_factor=${at(epoch)}, end_factor=${at(epoch + 1)}`;
    return `ramp:${batches}(${ends})`;
  });
  const rest = Array.from({ length: epochs - warmup }, (_, i) => i);
  const stairs = rest.map((i) => yolo_factor(i + warmup));
  const begins = rest.map((i) => i * batches);
  const keyframes = `epochs=[${begins.join(", ")}], factors=[${stairs.join(", ")}]`;
  return [...phases, `keyframes(${keyframes}, interpolation=step)`].join(" > ");
}

/**
 * Schedules of systems that people copy from, by name, each with its source. `parse_spec` reads their
 * specs; lengths are those of the source, or of the run that is named.
 *
 * @example
 * ```ts
 * const scheduler = from_spec(optimizer, parse_spec(PRESETS.nanogpt.spec));
 * ```
 */
export const PRESETS: Readonly<Record<string, Preset>> = {
  nanogpt: {
    about: "2,000 steps of warm-up, a cosine to a tenth at 600,000, then held",
    source: `karpathy/nanoGPT, train.py, ${READ}`,
    spec: "linear:2000(start_factor=0.0004997501249375312) > ramp:598000(shape=cosine, end_factor=0.1)",
  },
  "optax-warmup-cosine": {
    about: "warmup_cosine_decay_schedule(0, 1, warmup_steps=50, decay_steps=1000, end_value=0.1)",
    source: `google-deepmind/optax, optax/schedules/_schedule.py, ${READ}`,
    spec: "linear:50(start_factor=0) > ramp:950(shape=cosine, end_factor=0.1)",
  },
  "timm-cosine": {
    about: "timm's default: the cosine counts the 5 epochs of warm-up in, and ends after 300",
    source: `huggingface/pytorch-image-models, timm/scheduler/cosine_lr.py, 16664ea, ${READ}`,
    spec: "linear:5(start_factor=0.0001) > ramp:300@5(shape=cosine, end_factor=0)",
  },
  "timm-cosine-prefix": {
    about: "timm with warmup_prefix: the 300 epochs of the cosine begin after the warm-up",
    source: `huggingface/pytorch-image-models, timm/scheduler/cosine_lr.py, 16664ea, ${READ}`,
    spec: "linear:5(start_factor=0.0001) > ramp:300(shape=cosine, end_factor=0)",
  },
  "timm-cosine-cycles": {
    about:
      "timm with cycle_decay 0.5 and cycle_limit 3: three cosines of 100 epochs, each half as high",
    source: `huggingface/pytorch-image-models, timm/scheduler/cosine_lr.py, 16664ea, ${READ}`,
    spec:
      "linear:5(start_factor=0.0001) > ramp:100(shape=cosine, end_factor=0) > " +
      "ramp:100(shape=cosine, start_factor=0.5, end_factor=0) > " +
      "ramp:100(shape=cosine, start_factor=0.25, end_factor=0)",
  },
  "detectron2-1x": {
    about: "1,000 steps of warm-up, then a tenth at step 60,000 and again at 80,000, of 90,000",
    source: `facebookresearch/detectron2, detectron2/solver/lr_scheduler.py, 1846f91, ${READ}`,
    spec: "linear:1000(start_factor=0.001) > multistep@1000(milestones=[60000, 80000])",
  },
  "deepspeed-warmup-decay": {
    about: "WarmupDecayLR, warmup_type linear: 1,000 steps up from 0, 9,000 down to 0",
    source: `deepspeedai/DeepSpeed, deepspeed/runtime/lr_schedules.py, ${READ}`,
    spec: "linear:1000(start_factor=0) > linear:9000(start_factor=1, end_factor=0)",
  },
  "deepspeed-warmup-decay-log": {
    about: "WarmupDecayLR, warmup_type log, its default: up along a logarithm",
    source: `deepspeedai/DeepSpeed, deepspeed/runtime/lr_schedules.py, ${READ}`,
    spec:
      "ramp:1000(shape=log, start_factor=0, end_factor=1) > " +
      "linear:9000(start_factor=1, end_factor=0)",
  },
  yolov5: {
    about:
      "three epochs of warm-up, biases (group 0) down from ten times the lr, momentum from 0.8 to its " +
      "own 0.937, then down by stairs; 100 epochs of 100 batches",
    source: `ultralytics/yolov5, train.py and data/hyps/hyp.scratch-low.yaml, ${READ}`,
    spec:
      `lr[0] = ${yolo_lr(10)}; lr[1, 2] = ${yolo_lr(0)}; ` +
      `momentum = linear:300(start_factor=${0.8 / 0.937})`,
  },
  "gaussian-splatting": {
    about:
      "positions (group xyz) fall exponentially to a hundredth in 30,000 steps, all else stays",
    source: `graphdeco-inria/gaussian-splatting, utils/general_utils.py, arguments/__init__.py, ${READ}`,
    spec: "lr[xyz] = ramp:30000(shape=exponential, end_factor=0.01)",
  },
  dino: {
    about:
      "lr: 10 epochs of warm-up, a cosine to 1e-6 of a base of 0.002; weight decay: a cosine from 0.04 " +
      "to 0.4; 100 epochs of 1,251 steps",
    source: `facebookresearch/dino, utils.py and main_dino.py, ${READ}`,
    spec:
      "lr = linear:12510(start_factor=0, total_iters=12509) > " +
      "ramp:112590(shape=cosine, end_factor=0.0005); " +
      "weight_decay = ramp:125100(shape=cosine, end_factor=10)",
  },
  bert: {
    about: "10,000 steps of warm-up, then on the line that falls from step 0 to 0 at 1,000,000",
    source: `google-research/bert, optimization.py, 02102db, ${READ}`,
    spec: "linear:10000(start_factor=0) > linear:1000000@10000(start_factor=1, end_factor=0)",
  },
  "resnet-50": {
    about: "ImageNet in 90 epochs: a tenth every 30",
    source: `pytorch/examples, imagenet/main.py, ${READ}`,
    spec: "step(step_size=30)",
  },
  "pytorch-one-cycle": {
    about: "up for 30 steps of 100 and down to next to nothing, momentum the other way round",
    source: `pytorch/pytorch, torch/optim/lr_scheduler.py, OneCycleLR of PyTorch 2.14, ${READ}`,
    spec: "onecycle:100(max_lr=0.1)",
  },
  "torchtitan-wsd": {
    about: "200 steps of warm-up, 8,800 at the full lr, 1,000 down in a line",
    source: `pytorch/torchtitan, torchtitan/components/lr_scheduler.py, 0e13811, ${READ}`,
    spec:
      "linear:200(start_factor=0.004975124378109453) > constant:8800(factor=1) > " +
      "linear:1001@1(start_factor=1, end_factor=0)",
  },
  "torchtitan-wsd-sqrt": {
    about: "the same, with decay_type sqrt: down by one minus the square root",
    source: `pytorch/torchtitan, torchtitan/components/lr_scheduler.py, 0e13811, ${READ}`,
    spec:
      "linear:200(start_factor=0.004975124378109453) > constant:8800(factor=1) > " +
      "ramp:1001@1(shape=sqrt, end_factor=0)",
  },
  "wsd-1-sqrt": {
    about: "warm-up, a stable stretch, and the 1-sqrt cool-down in the last fifth of 10,000 steps",
    source: `Hägele et al., "Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations" (arXiv:2405.18392), ${READ}`,
    spec: "linear:300(start_factor=0) > constant:7700(factor=1) > ramp:2000(shape=sqrt, end_factor=0)",
  },
  nanochat: {
    about:
      "lr: 40 steps up, held, then down to a twentieth in the last 65 % of 10,000; momentum from 0.85 to " +
      "its own 0.97, and to 0.9 at the end; weight decay: a cosine to 0",
    source: `karpathy/nanochat, scripts/base_train.py, 00255c1, ${READ}`,
    spec:
      "lr = linear:40(start_factor=0.025, total_iters=39) > constant:3460(factor=1) > " +
      "linear:6500(start_factor=1, end_factor=0.05); " +
      `momentum = linear:400(start_factor=${0.85 / 0.97}) > constant:3100(factor=1) > ` +
      `linear:6500(start_factor=1, end_factor=${0.9 / 0.97}); ` +
      "weight_decay = ramp:10000(shape=cosine, end_factor=0)",
  },
};
