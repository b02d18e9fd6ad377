/**
 * Every stage there is. What planning and `--help` need of them is in stages.json, which `npm run schema`
 * writes from the stages themselves, so that neither loads an engine.
 */
import type { Stage } from "@optogram/cli";
import type { StageFacts } from "./plan.ts";
import facts from "./stages.json" with { type: "json" };

const loaders = {
  "extract-features": async () => (await import("@optogram/extract-features")).stage,
  "train-sae": async () => (await import("@optogram/train-sae")).stage,
  "train-encoder": async () => (await import("@optogram/train-encoder")).stage,
  "compute-coactivation": async () => (await import("@optogram/compute-coactivation")).stage,
  "train-decoder": async () => (await import("@optogram/train-decoder")).stage,
  "visualize-features": async () => (await import("@optogram/visualize-features")).stage,
  "combine-features": async () => (await import("@optogram/combine-features")).stage,
  "spread-images": async () => (await import("@optogram/spread-images")).stage,
  "train-superposition": async () => (await import("@optogram/train-superposition")).stage,
  "train-reconstructor": async () => (await import("@optogram/train-reconstructor")).stage,
  "fit-operators": async () => (await import("@optogram/fit-operators")).stage,
  "evaluate-encoders": async () => (await import("@optogram/evaluate-encoders")).stage,
  "align-text": async () => (await import("@optogram/align-text")).stage,
  "analyze-feature-maps": async () => (await import("@optogram/analyze-feature-maps")).stage,
  "probe-features": async () => (await import("@optogram/probe-features")).stage,
  "render-atlas": async () => (await import("@optogram/render-atlas")).stage,
} satisfies Record<string, () => Promise<unknown>>;

export const stageKinds: readonly string[] = Object.keys(loaders);

export const stageFacts: ReadonlyMap<string, StageFacts> = new Map(
  Object.entries(facts as unknown as Record<string, StageFacts>),
);

/** The stage of that kind, its package loaded now. */
export async function loadStage(kind: string): Promise<Stage<unknown>> {
  if (!Object.hasOwn(loaders, kind)) throw new Error(`there is no stage "${kind}"`);
  return (await loaders[kind as keyof typeof loaders]()) as unknown as Stage<unknown>;
}
