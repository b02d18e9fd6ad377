/** A training step as one model: variables and batch in, metrics and the variables' next values out. */

import { gradients } from "@optogram/autodiff";
import {
  add,
  type Device,
  div,
  float32,
  min,
  mul,
  openSession,
  reduceL2,
  reduceSum,
  reduceSumSquare,
  type Session,
  sizeOf,
  sqrt,
  sub,
  type Tensor,
  type Value,
} from "@optogram/onnx";
import { filledWith } from "./initialize.ts";
import type { Optimizer } from "./optimizers.ts";
import { type Buffers, packedBuffers, packVariables } from "./packed.ts";
import type { Variable, Variables } from "./variables.ts";

export interface TrainingStepOptions {
  /** A scalar. */
  readonly loss: Value;
  readonly variables: Variables;
  readonly optimizer: Optimizer;
  /** Further tensors to report after each step, by name; scalars come back as numbers. */
  readonly metrics?: Readonly<Record<string, Value>>;
  /** Parameters whose rows (last axis) are kept at unit length: gradients lose their part along each row. */
  readonly unitRows?: readonly string[];
  /** Largest Euclidean norm of all gradients together; longer ones are shortened to it. */
  readonly clipNorm?: number;
  /** Decay of an exponential moving average of the parameters, kept as variables `ema.NAME`. */
  readonly ema?: number;
  /** Tensors that the gradient takes as given (targets computed from the parameters). */
  readonly constants?: readonly Value[];
  readonly device?: Device;
  readonly threads?: number;
}

/** The loss stopped being a finite number; the variables are those from before the step. */
export class DivergedError extends Error {
  override name = "DivergedError";
}

/** Builds the gradient and the optimiser into the graph of the loss, and opens it in ONNX Runtime. */
export async function compileTrainingStep(options: TrainingStepOptions): Promise<TrainingStep> {
  const { loss, variables, optimizer, metrics = {} } = options;
  const { graph } = variables;
  const scalars = new Map<string, Value>();
  const scalar = (name: string): Value => {
    const known = scalars.get(name) ?? graph.input(name, []);
    scalars.set(name, known);
    return known;
  };
  const trained = variables.trained;
  const raw = gradients(
    loss,
    trained.map((variable) => variable.value),
    options.constants,
  );
  const tangent = raw.map((gradient, i) =>
    options.unitRows?.includes(trained[i].name) ? alongSphere(gradient, trained[i].value) : gradient,
  );
  for (const [i, gradient] of clipped(tangent, options.clipNorm).entries()) {
    const { name, value, decays } = trained[i];
    const next = optimizer.update({ name, parameter: value, gradient, decays }, variables, scalar);
    const kept = options.unitRows?.includes(name) ? unitRows(next) : next;
    variables.assign(value, kept);
    if (options.ema !== undefined) average(variables, trained[i].name, trained[i].initial, kept, options.ema);
  }
  graph.output("loss", loss);
  for (const [name, value] of Object.entries(metrics)) graph.output(name, value);
  for (const variable of variables.all) graph.output(nextName(variable.name), variables.next(variable));
  const model = graph.model("training step");
  const packs = options.device !== undefined && options.device !== "cpu";
  const session = await openSession(packs ? packVariables(model, variables.all, nextName) : model, {
    ...(options.device && { device: options.device }),
    ...(options.threads && { threads: options.threads }),
  });
  const reported = Object.entries({ loss, ...metrics }).map(([name, value]) => [name, value.shape] as const);
  const buffers = packs ? packedBuffers : ownBuffers;
  return new TrainingStep(session, () => buffers(variables.all), optimizer, [...scalars.keys()], reported);
}

/** What one step reports: scalars as numbers, other metrics as arrays. */
export interface StepReport {
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

export class TrainingStep {
  readonly #session: Session;
  readonly #optimizer: Optimizer;
  readonly #scalars: readonly string[];
  readonly #reported: readonly (readonly [string, readonly number[]])[];
  /** A step reads one and fills the other. */
  #now: Buffers;
  #then: Buffers;
  #updates = 0;

  constructor(
    session: Session,
    buffers: () => Buffers,
    optimizer: Optimizer,
    scalars: readonly string[],
    reported: readonly (readonly [string, readonly number[]])[],
  ) {
    this.#session = session;
    this.#optimizer = optimizer;
    this.#scalars = scalars;
    this.#reported = reported;
    this.#now = buffers();
    this.#then = buffers();
  }

  /** Updates done so far. */
  get updates(): number {
    return this.#updates;
  }

  /** One update. `batch` feeds the graph's own inputs; `lr` is the learning rate. */
  async run(batch: Readonly<Record<string, Tensor>>, lr: number): Promise<StepReport> {
    const update = this.#updates + 1;
    const known = { lr, ...this.#optimizer.at(update) };
    const scalars = Object.fromEntries(
      this.#scalars.map((name) => [name, float32([known[name as keyof typeof known]], [])]),
    );
    const reports = Object.fromEntries(this.#reported.map(([name, shape]) => [name, filledWith(0, shape)]));
    const next = Object.fromEntries(
      Object.entries(this.#then.fed).map(([name, tensor]) => [nextName(name), tensor]),
    );
    await this.#session.run({ ...this.#now.fed, ...batch, ...scalars }, { ...reports, ...next });
    const numbers = Object.fromEntries(
      this.#reported
        .filter(([, shape]) => sizeOf(shape) === 1)
        .map(([name]) => [name, Number(reports[name].data[0])]),
    );
    if (!Number.isFinite(numbers.loss))
      throw new DivergedError(
        `the loss is ${numbers.loss} at update ${update}: lower the learning rate (now ${lr}) or look for bad values in the data`,
      );
    [this.#now, this.#then] = [this.#then, this.#now];
    this.#updates = update;
    const { loss, ...metrics } = numbers;
    return { loss, metrics, tensors: reports };
  }

  /** A variable's own buffer: reading it is free, writing to it changes the training. */
  variable(name: string): Tensor {
    const tensor = this.#now.variables[name];
    if (!tensor) throw new Error(`there is no variable ${name}`);
    return tensor;
  }

  /** Copies of all variables. */
  state(): Record<string, Tensor> {
    return Object.fromEntries(
      Object.entries(this.#now.variables).map(([name, tensor]) => [name, copyOf(tensor)]),
    );
  }

  /** Continues from saved variables. */
  restore(state: Readonly<Record<string, Tensor>>, updates: number): void {
    for (const [name, tensor] of Object.entries(this.#now.variables)) {
      const saved = state[name];
      if (!saved || saved.dtype !== tensor.dtype || saved.data.length !== tensor.data.length)
        throw new Error(`the saved state does not fit: ${name} is ${saved ? `[${saved.shape}]` : "missing"}`);
      (tensor.data as Float32Array).set(saved.data as Float32Array);
    }
    this.#updates = updates;
  }

  async close(): Promise<void> {
    await this.#session.close();
  }
}

function ownBuffers(all: readonly Variable[]): Buffers {
  const variables = Object.fromEntries(all.map(({ name, initial }) => [name, copyOf(initial)]));
  return { variables, fed: variables };
}

const nextName = (name: string) => `next.${name}`;

function copyOf(tensor: Tensor): Tensor {
  return { ...tensor, data: tensor.data.slice() as Tensor["data"] };
}

function lastAxis(x: Value): number[] {
  return [x.shape.length - 1];
}

/** The part of a gradient that is orthogonal to each (unit) row. */
function alongSphere(gradient: Value, rows: Value): Value {
  const along = reduceSum(mul(gradient, rows), { axes: lastAxis(rows), keep: true });
  return sub(gradient, mul(rows, along));
}

function unitRows(rows: Value): Value {
  return div(rows, reduceL2(rows, { axes: lastAxis(rows), keep: true }));
}

/** All gradients times min(1, limit / ‖all‖). */
function clipped(all: readonly Value[], limit: number | undefined): readonly Value[] {
  if (limit === undefined) return all;
  const norm = sqrt(all.map((gradient) => reduceSumSquare(gradient)).reduce((a, b) => add(a, b)));
  const factor = min(div(limit, add(norm, 1e-6)), 1);
  return all.map((gradient) => mul(gradient, factor));
}

function average(variables: Variables, name: string, initial: Tensor, next: Value, decay: number): void {
  const ema = variables.state(`ema.${name}`, initial);
  variables.assign(ema, add(mul(ema, decay), mul(next, 1 - decay)));
}
