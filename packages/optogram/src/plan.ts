/**
 * A pipeline as tasks: which stage runs for which encoder, on what, into which folder. Pure.
 */
import { type Pipeline, PipelineError, type Problem, type StageEntry } from "./pipeline.ts";

/** What planning needs to know of a stage. */
export interface StageFacts {
  readonly kind: string;
  readonly writes: string;
  readonly summary: string;
  readonly scope: "encoder" | "pipeline";
  /** Whether it opens an image set. */
  readonly images: boolean;
  readonly inputs: Readonly<
    Record<string, { readonly kind: string; readonly optional?: boolean; readonly many?: boolean }>
  >;
}

export interface Task {
  /** `demo.tiny-siglip.sae`, or `demo.atlas` for a stage that runs once for the whole pipeline. */
  readonly name: string;
  readonly pipeline: string;
  readonly encoder?: string;
  /** The stage's name in the pipeline file. */
  readonly stage: string;
  readonly kind: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The image set it reads, by name. */
  readonly images?: string;
  /** Role to the names of the tasks whose artifacts it reads. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  /** Threads that it may use, where it does not have the machine to itself. */
  readonly threads?: number;
  /** Folder of its artifact, below the workspace, with forward slashes. */
  readonly output: string;
}

/**
 * The tasks of a pipeline, each after the tasks whose artifacts it reads.
 * @throws PipelineError with every problem found: unknown stages, roles, image sets and encoders, missing and
 * wrong inputs, cycles, and names that would share a folder.
 */
export function planPipeline(
  name: string,
  pipeline: Pipeline,
  facts: ReadonlyMap<string, StageFacts>,
  file = `pipelines/${name}.json`,
): Task[] {
  const problems: Problem[] = [];
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) {
    problems.push({ path: "", message: `"${name}" is no name for a pipeline: letters, digits, - and _` });
  }
  problems.push(...checkStages(pipeline, facts));
  if (problems.length > 0) throw new PipelineError(file, problems);

  const order = sortStages(pipeline);
  if (!Array.isArray(order)) throw new PipelineError(file, [order]);

  const tasks: Task[] = [];
  for (const stage of order) {
    const entry = pipeline.stages[stage] as StageEntry;
    const fact = facts.get(entry.stage) as StageFacts;
    const runsFor = fact.scope === "pipeline" ? [undefined] : encodersOf(pipeline, entry);
    for (const encoder of runsFor) {
      const inputs = gatherInputs({ stage, entry, fact, encoder, tasks, problems });
      const parts = encoder === undefined ? [name, stage] : [name, encoder, stage];
      tasks.push({
        name: parts.join("."),
        pipeline: name,
        stage,
        kind: entry.stage,
        parameters: entry.parameters ?? {},
        inputs,
        output: ["data", ...parts].join("/"),
        ...(encoder === undefined ? {} : { encoder }),
        ...(entry.images === undefined ? {} : { images: entry.images }),
        ...(entry.threads === undefined ? {} : { threads: entry.threads }),
      });
    }
  }
  if (problems.length > 0) throw new PipelineError(file, problems);
  return tasks;
}

function encodersOf(pipeline: Pipeline, entry: StageEntry): readonly string[] {
  return entry.encoders ? pipeline.encoders.filter((e) => entry.encoders?.includes(e)) : pipeline.encoders;
}

/** Everything that can be said of each stage without knowing the order in which they run. */
function checkStages(pipeline: Pipeline, facts: ReadonlyMap<string, StageFacts>): Problem[] {
  const problems: Problem[] = [];
  const report = (path: string, message: string) => problems.push({ path, message });
  for (const [i, encoder] of pipeline.encoders.entries()) {
    if (pipeline.encoders.indexOf(encoder) < i) report(`encoders[${i}]`, `${encoder} is listed twice`);
  }
  for (const [name, entry] of Object.entries(pipeline.stages)) {
    const at = `stages.${name}`;
    const fact = facts.get(entry.stage);
    if (!fact) {
      report(`${at}.stage`, `there is no stage "${entry.stage}"; there are ${[...facts.keys()].join(", ")}`);
      continue;
    }
    if (entry.images !== undefined && !Object.hasOwn(pipeline.images, entry.images)) {
      report(
        `${at}.images`,
        `there is no image set "${entry.images}"; ${listed(Object.keys(pipeline.images))}`,
      );
    }
    if (fact.images && entry.images === undefined) {
      report(at, `${entry.stage} needs "images": the name of an image set`);
    }
    if (!fact.images && entry.images !== undefined) report(`${at}.images`, `${entry.stage} opens no images`);
    for (const [i, encoder] of (entry.encoders ?? []).entries()) {
      if (!pipeline.encoders.includes(encoder)) {
        report(`${at}.encoders[${i}]`, `"${encoder}" is not among this pipeline's encoders`);
      }
    }
    if (fact.scope === "pipeline" && entry.encoders) {
      report(`${at}.encoders`, `${entry.stage} runs once for the whole pipeline, not for single encoders`);
    }
    if (fact.scope === "pipeline" && pipeline.encoders.includes(name)) {
      report(at, "has the name of an encoder, and both would write to one folder");
    }
    problems.push(...checkRoles(pipeline, facts, at, entry, fact));
  }
  return problems;
}

function checkRoles(
  pipeline: Pipeline,
  facts: ReadonlyMap<string, StageFacts>,
  at: string,
  entry: StageEntry,
  fact: StageFacts,
): Problem[] {
  const problems: Problem[] = [];
  const from = entry.from ?? {};
  for (const [role, input] of Object.entries(fact.inputs)) {
    if (!input.optional && !Object.hasOwn(from, role)) {
      problems.push({
        path: `${at}.from`,
        message: `${entry.stage} needs "${role}": the name of a stage that writes ${input.kind}`,
      });
    }
  }
  for (const [role, sources] of Object.entries(from)) {
    const path = `${at}.from.${role}`;
    const input = Object.hasOwn(fact.inputs, role) ? fact.inputs[role] : undefined;
    if (!input) {
      problems.push({
        path,
        message: `${entry.stage} has no input "${role}"; ${listed(Object.keys(fact.inputs))}`,
      });
      continue;
    }
    if (Array.isArray(sources) && sources.length > 1 && !input.many) {
      problems.push({ path, message: `${entry.stage} takes one ${input.kind} here, not ${sources.length}` });
    }
    for (const source of [sources].flat()) {
      const sourceEntry = Object.hasOwn(pipeline.stages, source) ? pipeline.stages[source] : undefined;
      if (!sourceEntry) {
        problems.push({ path, message: `there is no stage "${source}" in this pipeline` });
        continue;
      }
      const sourceFact = facts.get(sourceEntry.stage);
      if (sourceFact && sourceFact.writes !== input.kind) {
        problems.push({
          path,
          message: `${source} writes ${sourceFact.writes}, but ${entry.stage} reads ${input.kind} here`,
        });
      }
    }
  }
  return problems;
}

function listed(names: readonly string[]): string {
  return names.length === 0
    ? "there is none"
    : `there ${names.length === 1 ? "is" : "are"} ${names.join(", ")}`;
}

/** Stage names so that each comes after those it reads from, otherwise in the file's order; or the cycle. */
function sortStages(pipeline: Pipeline): string[] | Problem {
  const order: string[] = [];
  const visit = (name: string, trail: readonly string[]): Problem | undefined => {
    if (order.includes(name)) return undefined;
    if (trail.includes(name)) {
      const cycle = [...trail.slice(trail.indexOf(name)), name];
      return { path: `stages.${name}.from`, message: `goes in a circle: ${cycle.join(" reads ")}` };
    }
    for (const source of Object.values(pipeline.stages[name]?.from ?? {}).flat()) {
      const problem = visit(source, [...trail, name]);
      if (problem) return problem;
    }
    order.push(name);
    return undefined;
  };
  for (const name of Object.keys(pipeline.stages)) {
    const problem = visit(name, []);
    if (problem) return problem;
  }
  return order;
}

interface Gathering {
  readonly stage: string;
  readonly entry: StageEntry;
  readonly fact: StageFacts;
  readonly encoder: string | undefined;
  /** Tasks planned so far: every source is among them. */
  readonly tasks: readonly Task[];
  readonly problems: Problem[];
}

/** The tasks that a task reads from: those of its own encoder, or of every encoder that has them. */
function gatherInputs({ stage, entry, fact, encoder, tasks, problems }: Gathering): Record<string, string[]> {
  const inputs: Record<string, string[]> = {};
  for (const [role, sources] of Object.entries(entry.from ?? {})) {
    const found = [sources]
      .flat()
      .flatMap((source) => tasks.filter((task) => task.stage === source))
      .filter((task) => encoder === undefined || task.encoder === undefined || task.encoder === encoder)
      .map((task) => task.name);
    const input = fact.inputs[role];
    const path = `stages.${stage}.from.${role}`;
    if (found.length === 0 && !input?.optional) {
      problems.push({ path, message: `${[sources].flat().join(", ")} does not run for ${encoder}` });
    }
    if (found.length > 1 && !input?.many) {
      problems.push({ path, message: `${entry.stage} takes one ${input?.kind} here, not ${found.length}` });
    }
    if (found.length > 0) inputs[role] = found;
  }
  return inputs;
}
