/** Optimisers as parts of the graph. What changes from step to step comes in as scalars from the host. */

import { add, div, mul, sqrt, square, sub, type Value } from "@optogram/onnx";
import { filledWith } from "./initialize.ts";
import type { Variables } from "./variables.ts";

/** Numbers that a step needs, by input name, for the step-th update (from 1). */
export type Scalars = Readonly<Record<string, number>>;

export interface Update {
  /** The parameter's name, for its moments' names. */
  readonly name: string;
  readonly parameter: Value;
  readonly gradient: Value;
  readonly decays: boolean;
}

export interface Optimizer {
  /** The names of the scalars besides `lr`. */
  readonly scalars: readonly string[];
  /** Their values at an update. */
  at(step: number): Scalars;
  /** The parameter's next value; moments are added to the variables. */
  update(update: Update, variables: Variables, scalar: (name: string) => Value): Value;
}

export interface AdamOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

function moment(variables: Variables, stem: string, { name, parameter }: Update): Value {
  return variables.state(`${stem}.${name}`, filledWith(0, parameter.shape));
}

/** β m + (1 − β) g, kept as the variable's next value. */
function average(variables: Variables, m: Value, g: Value, beta: number): Value {
  const next = add(mul(m, beta), mul(g, 1 - beta));
  variables.assign(m, next);
  return next;
}

/** Adam without bias correction's constants: returns both moments' next values. */
function moments(
  u: Update,
  variables: Variables,
  beta1: number,
  beta2: number,
): { first: Value; second: Value } {
  return {
    first: average(variables, moment(variables, "m", u), u.gradient, beta1),
    second: average(variables, moment(variables, "v", u), square(u.gradient), beta2),
  };
}

/** Adam (Kingma & Ba 2015, algorithm 1): θ − lr/(1 − β₁ᵗ) · m / (√(v / (1 − β₂ᵗ)) + ε). */
export function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions = {}): Optimizer {
  return {
    scalars: ["rate1", "rate2"],
    at: (step) => ({ rate1: 1 / (1 - beta1 ** step), rate2: 1 / Math.sqrt(1 - beta2 ** step) }),
    update(u, variables, scalar) {
      const { first, second } = moments(u, variables, beta1, beta2);
      const size = add(mul(sqrt(second), scalar("rate2")), epsilon);
      return sub(u.parameter, mul(div(first, size), mul(scalar("lr"), scalar("rate1"))));
    },
  };
}

/** Adam with decoupled weight decay (Loshchilov & Hutter 2019): first θ (1 − lr λ), then Adam's step. */
export function adamW({
  weightDecay = 0.01,
  ...options
}: AdamOptions & { readonly weightDecay?: number } = {}): Optimizer {
  const plain = adam(options);
  return {
    ...plain,
    update(u, variables, scalar) {
      const parameter = u.decays ? mul(u.parameter, sub(1, mul(scalar("lr"), weightDecay))) : u.parameter;
      return plain.update({ ...u, parameter }, variables, scalar);
    },
  };
}

/**
 * Adam with Nesterov momentum (Dozat 2016) as PyTorch has it: momentum μₜ = β₁ (1 − ½ · 0.96^(ψ t)), ψ = 0.004,
 * and θ − lr [ (1 − μₜ)/(1 − Πμ) g + μₜ₊₁/(1 − Πμ μₜ₊₁) m ] / (√(v / (1 − β₂ᵗ)) + ε).
 */
export function nadam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions = {}): Optimizer {
  const momentum = (t: number) => beta1 * (1 - 0.5 * 0.96 ** (0.004 * t));
  return {
    scalars: ["rateGradient", "rateMoment", "rate2"],
    at(step) {
      let product = 1;
      for (let t = 1; t <= step; t++) product *= momentum(t);
      const now = momentum(step);
      const next = momentum(step + 1);
      return {
        rateGradient: (1 - now) / (1 - product),
        rateMoment: next / (1 - product * next),
        rate2: 1 / Math.sqrt(1 - beta2 ** step),
      };
    },
    update(u, variables, scalar) {
      const { first, second } = moments(u, variables, beta1, beta2);
      const size = add(mul(sqrt(second), scalar("rate2")), epsilon);
      const direction = add(mul(u.gradient, scalar("rateGradient")), mul(first, scalar("rateMoment")));
      return sub(u.parameter, mul(div(direction, size), scalar("lr")));
    },
  };
}

export interface SgdOptions {
  readonly momentum?: number;
  /** Added to the gradient as λ θ. */
  readonly weightDecay?: number;
}

/** Stochastic gradient descent with heavy-ball momentum: b ← μ b + g, θ − lr b. */
export function sgd({ momentum = 0, weightDecay = 0 }: SgdOptions = {}): Optimizer {
  return {
    scalars: [],
    at: () => ({}),
    update(u, variables, scalar) {
      const gradient = weightDecay && u.decays ? add(u.gradient, mul(u.parameter, weightDecay)) : u.gradient;
      if (momentum === 0) return sub(u.parameter, mul(gradient, scalar("lr")));
      const buffer = moment(variables, "m", u);
      const next = add(mul(buffer, momentum), gradient);
      variables.assign(buffer, next);
      return sub(u.parameter, mul(next, scalar("lr")));
    },
  };
}
